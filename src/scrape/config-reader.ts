/** Fields of prometheus.yml, each read as what it must be, or refused with its place. */

import { dirname, resolve } from 'node:path';
import { parseDuration } from '../promql/durations.js';
import { type YamlEntry, type YamlNode, yamlError } from '../yaml.js';

const HINTS: Readonly<Record<string, string>> = {
  relabel_configs: 'Name the targets and their labels in static_configs or in files of file_sd_configs.',
  metric_relabel_configs: 'sysmon keeps all series; leave some out where they are exposed, or in the query.',
};

export type Field = (entry: YamlEntry) => void;

/** Where things stand in the file, and how they are read. */
export class ConfigReader {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  fail(entry: Pick<YamlEntry, 'keyAt'> | YamlNode, message: string, hint?: string): never {
    const at = 'keyAt' in entry ? entry.keyAt : entry.at;
    throw yamlError(this.file, at, message, { kind: 'usage', ...(hint === undefined ? {} : { hint }) });
  }

  text({ key, value }: YamlEntry): string {
    if (value.kind !== 'scalar') return this.fail(value, `${key}: expected a text`);
    return value.text;
  }

  texts({ key, value }: YamlEntry): readonly string[] {
    if (value.kind === 'scalar' && value.value === null) return [];
    if (value.kind !== 'list') return this.fail(value, `${key}: expected a list`);
    return value.items.map((item) =>
      item.kind === 'scalar' ? item.text : this.fail(item, `${key}: expected a text`),
    );
  }

  bool({ key, value }: YamlEntry): boolean {
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    return this.fail(value, `${key}: expected true or false`);
  }

  count({ key, value }: YamlEntry): number {
    if (value.kind === 'scalar' && Number.isSafeInteger(value.value) && (value.value as number) >= 0)
      return value.value as number;
    return this.fail(value, `${key}: expected a whole number`);
  }

  seconds(entry: YamlEntry): number {
    const ms = parseDuration(this.text(entry));
    if (typeof ms === 'string') return this.fail(entry.value, `${entry.key}: ${ms}`);
    return ms / 1000;
  }

  /** As `seconds`, and more than none. */
  positive(entry: YamlEntry): number {
    const seconds = this.seconds(entry);
    return seconds > 0 ? seconds : this.fail(entry.value, `${entry.key}: must be more than 0`);
  }

  /** Units as Prometheus has them: all of them powers of 1024. */
  bytes(entry: YamlEntry): number {
    const [, digits, unit = ''] = /^(\d+)([KMGTP]i?)?B$/.exec(this.text(entry)) ?? [];
    if (digits === undefined && this.text(entry) !== '0')
      return this.fail(entry.value, `${entry.key}: expected a size such as 10MB`);
    return Number(digits ?? 0) * 1024 ** ('KMGTP'.indexOf(unit[0] ?? '?') + 1);
  }

  /** Each entry by the reader of its name. */
  fields(
    node: YamlNode,
    what: string,
    known: Readonly<Record<string, Field>>,
    unsupported: readonly string[],
  ): void {
    if (node.kind === 'scalar' && node.value === null) return;
    if (node.kind !== 'map') this.fail(node, `${what}: expected fields`);
    for (const entry of node.entries) {
      const { key } = entry;
      if (Object.hasOwn(known, key)) (known[key] as Field)(entry);
      else if (unsupported.includes(key) || key.endsWith('_sd_configs'))
        this.fail(
          entry,
          `${key} is not supported by sysmon`,
          HINTS[key] ?? 'Take it out, or let Prometheus scrape this job.',
        );
      else this.fail(entry, `field ${key} not found in ${what}`);
    }
  }

  items({ key, value }: YamlEntry): readonly YamlNode[] {
    if (value.kind === 'scalar' && value.value === null) return [];
    return value.kind === 'list' ? value.items : this.fail(value, `${key}: expected a list`);
  }

  /** Paths are as seen from the file. */
  path(text: string): string {
    return resolve(dirname(this.file), text);
  }
}
