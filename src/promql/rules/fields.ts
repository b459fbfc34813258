/** Reading YAML's nodes as what a file should have there; what is not so is noted, so that one look shows all of it. */

import { nearestWord } from '../../core/nearest.js';
import type { YamlEntry, YamlNode, YamlPlace } from '../../yaml.js';
import { parseDuration } from '../durations.js';
import type { Pairs, Problem } from './rule.js';

export type Entries = ReadonlyMap<string, YamlEntry>;

export interface FieldReader {
  readonly problems: Problem[];
  readonly wrong: (at: YamlPlace, message: string, hint?: string) => void;
  /** The fields of a map; none where it is empty, and a problem where it is something else. */
  readonly fields: (node: YamlNode, what: string, known: readonly string[]) => Entries | undefined;
  /** Items of a list, without empty ones, as Prometheus reads it. */
  readonly items: (entry: YamlEntry | undefined) => readonly YamlNode[];
  readonly text: (entry: YamlEntry | undefined) => string;
  readonly duration: (entry: YamlEntry | undefined) => number | undefined;
  readonly whole: (entry: YamlEntry | undefined) => number | undefined;
  readonly flag: (entry: YamlEntry | undefined) => boolean;
  /** A map of texts, and where each stands. */
  readonly texts: (entry: YamlEntry | undefined) => Pairs;
}

const kindOf = (node: YamlNode): string =>
  node.kind === 'scalar' ? JSON.stringify(node.text) : node.kind === 'map' ? 'a map' : 'a list';

const isNull = (node: YamlNode): boolean => node.kind === 'scalar' && node.value === null;

export const openFields = (): FieldReader => {
  const problems: Problem[] = [];
  const wrong: FieldReader['wrong'] = (at, message, hint) => {
    problems.push({ at, message, ...(hint === undefined ? {} : { hint }) });
  };
  const text: FieldReader['text'] = (entry) => {
    if (entry === undefined) return '';
    if (entry.value.kind === 'scalar') return entry.value.text;
    wrong(entry.value.at, `${entry.key}: expected a text, not ${kindOf(entry.value)}`);
    return '';
  };
  return {
    problems,
    wrong,
    text,
    fields: (node, what, known) => {
      if (isNull(node)) return undefined;
      if (node.kind !== 'map') {
        wrong(node.at, `expected ${what}, not ${kindOf(node)}`);
        return undefined;
      }
      for (const { key, keyAt } of node.entries) {
        if (known.includes(key)) continue;
        const nearest = nearestWord(key, known);
        const hint = nearest === undefined ? `Known are ${known.join(', ')}.` : `Did you mean ${nearest}?`;
        wrong(keyAt, `field ${key} not found in ${what}`, hint);
      }
      return new Map(node.entries.map((entry) => [entry.key, entry]));
    },
    items: (entry) => {
      if (entry === undefined || isNull(entry.value)) return [];
      if (entry.value.kind === 'list') return entry.value.items.filter((item) => !isNull(item));
      wrong(entry.value.at, `${entry.key}: expected a list, not ${kindOf(entry.value)}`);
      return [];
    },
    duration: (entry) => {
      if (entry === undefined || isNull(entry.value)) return undefined;
      const written = text(entry);
      const parsed = parseDuration(written);
      if (typeof parsed === 'number') return parsed;
      const hint = /^\d+$/.test(written) ? `A duration has a unit: ${written}s.` : undefined;
      if (entry.value.kind === 'scalar') wrong(entry.value.at, `${entry.key}: ${parsed}`, hint);
      return undefined;
    },
    whole: (entry) => {
      if (entry === undefined || isNull(entry.value)) return undefined;
      const value = entry.value.kind === 'scalar' ? entry.value.value : undefined;
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      wrong(entry.value.at, `${entry.key}: expected a whole number, not ${kindOf(entry.value)}`);
      return undefined;
    },
    flag: (entry) => {
      if (entry === undefined || isNull(entry.value)) return false;
      const value = entry.value.kind === 'scalar' ? entry.value.value : undefined;
      if (typeof value === 'boolean') return value;
      wrong(entry.value.at, `${entry.key}: expected true or false, not ${kindOf(entry.value)}`);
      return false;
    },
    texts: (entry) => {
      if (entry === undefined || isNull(entry.value)) return [];
      if (entry.value.kind !== 'map') {
        wrong(entry.value.at, `${entry.key}: expected names with texts, not ${kindOf(entry.value)}`);
        return [];
      }
      return entry.value.entries.map((one) => [one.key, text(one)] as const);
    },
  };
};
