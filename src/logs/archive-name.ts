/** Names of a log's archives, both ways: `sysmon.log.20261121T045531123Z.000017.gz`. */

/** `gzip` is complete: it gets its name only after it was flushed. `unfinished` is a compression that was cut short. */
export type ArchiveForm = 'plain' | 'gzip' | 'unfinished';

export interface ArchiveName {
  /** Moment of the rotation, ms since 1970: no record in it was written later. */
  readonly time: number;
  /** Orders the archives of a log, whatever the clock did. */
  readonly serial: number;
  readonly form: ArchiveForm;
}

/** One archive, of which a killed run may have left several forms. */
export interface Archive {
  readonly time: number;
  readonly serial: number;
  /** The name to read; undefined while there is no complete form of it. */
  readonly name: string | undefined;
  readonly form: 'plain' | 'gzip' | undefined;
  /** Other names of the same archive, that nobody needs: a plain one beside its complete gzip, an unfinished one. */
  readonly leftovers: readonly string[];
}

const ENDINGS: Readonly<Record<ArchiveForm, string>> = { plain: '', gzip: '.gz', unfinished: '.gz.tmp' };

/** After the log's own name and a dot. */
const PATTERN = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.(\d{6,15})(\.gz|\.gz\.tmp)?$/;

/** The file name of an archive of the log with the file name `log`. */
export const archiveName = (log: string, { time, serial, form }: ArchiveName): string => {
  const moment = new Date(time).toISOString().replace(/[-:.]/g, '');
  return `${log}.${moment}.${String(serial).padStart(6, '0')}${ENDINGS[form]}`;
};

/** What a file name says, or undefined where it is no archive of exactly this log. */
export const parseArchiveName = (log: string, name: string): ArchiveName | undefined => {
  if (!name.startsWith(`${log}.`)) return undefined;
  const match = PATTERN.exec(name.slice(log.length + 1));
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, ms, serial, ending] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  if (Number.isNaN(time)) return undefined;
  const form = ending === undefined ? 'plain' : ending === '.gz' ? 'gzip' : 'unfinished';
  const parsed: ArchiveName = { time, serial: Number(serial), form };
  // Days such as February 30 roll over in Date.parse, and are not ours.
  return archiveName(log, parsed) === name ? parsed : undefined;
};

/** The archives of the log `log` among the names of its directory, oldest first. */
export const archivesAmong = (log: string, names: readonly string[]): readonly Archive[] => {
  const found = new Map<string, { parsed: ArchiveName; names: Partial<Record<ArchiveForm, string>> }>();
  for (const name of names) {
    const parsed = parseArchiveName(log, name);
    if (parsed === undefined) continue;
    const stem = archiveName(log, { ...parsed, form: 'plain' });
    const entry = found.get(stem) ?? { parsed, names: {} };
    entry.names[parsed.form] = name;
    found.set(stem, entry);
  }
  return [...found.values()]
    .map(({ parsed: { time, serial }, names: { plain, gzip, unfinished } }) => ({
      time,
      serial,
      name: gzip ?? plain,
      form: gzip !== undefined ? ('gzip' as const) : plain !== undefined ? ('plain' as const) : undefined,
      leftovers: [gzip === undefined ? undefined : plain, unfinished].filter((name) => name !== undefined),
    }))
    .sort((a, b) => a.serial - b.serial || a.time - b.time);
};
