/** What udev knows of disks: model, serial, filesystem, logical volume. In node_exporter's words. */

import { gauge, group, info } from '../core/group.js';
import type { Reading, Row } from '../core/sample.js';
import { row } from '../core/sample.js';
import type { DiskStats } from './disk.js';
import type { Tree } from './tree.js';

/** Texts of a group, and the udev properties they come from. */
type Sources = Readonly<Record<string, readonly string[]>>;

const INFO: Sources = {
  path: ['ID_PATH'],
  model: ['ID_MODEL'],
  // The serial on a SCSI disk's label, else what the bus says.
  serial: ['SCSI_IDENT_SERIAL', 'ID_SERIAL_SHORT'],
  wwn: ['ID_WWN'],
  revision: ['ID_REVISION'],
};

const FILESYSTEM: Sources = {
  type: ['ID_FS_TYPE'],
  usage: ['ID_FS_USAGE'],
  uuid: ['ID_FS_UUID'],
  version: ['ID_FS_VERSION'],
};

const MAPPER: Sources = {
  name: ['DM_NAME'],
  uuid: ['DM_UUID'],
  vg_name: ['DM_VG_NAME'],
  lv_name: ['DM_LV_NAME'],
  lv_layer: ['DM_LV_LAYER'],
};

const ATA: Readonly<Record<string, string>> = {
  ata_write_cache: 'ID_ATA_WRITE_CACHE',
  ata_write_cache_enabled: 'ID_ATA_WRITE_CACHE_ENABLED',
  ata_rotation_rate_rpm: 'ID_ATA_ROTATION_RATE_RPM',
};

const textsOf = (sources: Sources): Record<string, string> =>
  Object.fromEntries(Object.entries(sources).map(([name, from]) => [name, `udev's ${from.join(', else ')}`]));

const infoOf = (help: string, name: string, texts: readonly string[]) =>
  info(help, { name: `node_disk_${name}`, texts });

const ata = (unit: 'boolean' | 'count', help: string, name: string) =>
  gauge(unit, help, { due: 'detail', prometheus: { name: `node_disk_${name}`, texts: [] } });

export const diskInfo = group({
  name: 'disk_info',
  help: 'What each disk is',
  identity: ['device'],
  texts: { major: 'device number', minor: 'device number', ...textsOf(INFO) },
  fields: {
    info: infoOf('What the disk is', 'info', ['major', 'minor', ...Object.keys(INFO)]),
    ata_write_cache: ata('boolean', 'The ATA disk has a write cache', 'ata_write_cache'),
    ata_write_cache_enabled: ata('boolean', 'Its write cache is on', 'ata_write_cache_enabled'),
    ata_rotation_rate_rpm: ata('count', 'Turns a minute; 0 for flash', 'ata_rotation_rate_rpm'),
  },
});

export const diskFilesystem = group({
  name: 'disk_filesystem',
  help: 'The filesystem on each disk that has one',
  identity: ['device'],
  texts: textsOf(FILESYSTEM),
  fields: { info: infoOf('What filesystem it is', 'filesystem_info', Object.keys(FILESYSTEM)) },
});

export const diskMapper = group({
  name: 'disk_mapper',
  help: 'What each mapped device (dm-0 …) stands for',
  identity: ['device'],
  texts: textsOf(MAPPER),
  fields: { info: infoOf('What it stands for', 'device_mapper_info', Object.keys(MAPPER)) },
});

type Properties = ReadonlyMap<string, string>;

/** A record of udev's database → its properties, which are the lines `E:KEY=VALUE`. */
export const parseUdev = (text: string): Properties => {
  const found = new Map<string, string>();
  for (const [, key, value] of text.matchAll(/^E:([^=\n]+)=(.*)$/gm))
    found.set(key as string, value as string);
  return found;
};

const pick = (properties: Properties, sources: Sources): Record<string, string> => {
  const texts: Record<string, string> = {};
  for (const name in sources) {
    const text = (sources[name] as readonly string[]).map((key) => properties.get(key)).find(Boolean);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
};

const ataNumbers = (properties: Properties): Record<string, number> => {
  const numbers: Record<string, number> = {};
  if (!properties.get('ID_ATA')) return numbers;
  for (const name in ATA) {
    const text = properties.get(ATA[name] as string)?.trim();
    if (text !== undefined && text !== '' && Number.isFinite(Number(text))) numbers[name] = Number(text);
  }
  return numbers;
};

/** The detail groups of the disks given. A machine without udev still tells the device numbers. */
export const readDiskInfo = (tree: Tree, disks: readonly DiskStats[]): readonly Reading[] => {
  const infos: Row[] = [];
  const filesystems: Row[] = [];
  const mappers: Row[] = [];
  for (const { device, major, minor } of disks) {
    const properties = parseUdev(tree.rootIfThere(`run/udev/data/b${major}:${minor}`) ?? '');
    infos.push(row([device], ataNumbers(properties), { major, minor, ...pick(properties, INFO) }));
    if (properties.get('ID_FS_TYPE')) filesystems.push(row([device], {}, pick(properties, FILESYSTEM)));
    if (properties.get('DM_NAME')) mappers.push(row([device], {}, pick(properties, MAPPER)));
  }
  return [
    { group: diskInfo, rows: infos },
    { group: diskFilesystem, rows: filesystems },
    { group: diskMapper, rows: mappers },
  ];
};
