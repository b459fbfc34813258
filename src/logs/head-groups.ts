/** The groups that a file's own head describes, without reading one description twice, however many files begin with it. */

import type { Group } from '../core/group.js';
import { kindOf } from './codec.js';
import { parseObject } from './json.js';
import { HEAD_LINES, joinSchema, saysTheSame } from './schema.js';

type Groups = ReadonlyMap<string, Group>;
type Only = ReadonlySet<string> | undefined;

const SCHEMA = Buffer.from('"msg":"schema"');

interface Head {
  readonly joined: Map<Only, Groups>;
  /** Parsed where it differs from what this version knows. */
  described?: unknown;
}

/** Tells the groups, those in `only` where given, to read a file with from the lines it begins with; undefined where they have no schema. */
export const rememberHeads = (
  own: Groups,
): ((lines: Iterable<Buffer>, only?: Only) => Groups | undefined) => {
  const seen = new Map<string, Head>();
  return (lines, only) => {
    let looked = 0;
    for (const line of lines) {
      if (++looked > HEAD_LINES) return undefined;
      if (!line.includes(SCHEMA)) continue;
      const text = line.toString('utf8');
      // Behind it are no numbers that differ from file to file.
      const key = text.slice(text.indexOf('"groups"'));
      const head: Head = seen.get(key) ?? { joined: new Map() };
      const known = head.joined.get(only);
      if (known !== undefined) return known;
      if (kindOf(text) !== 'schema') continue;
      const join = (): Groups => {
        head.described ??= parseObject(text)?.['groups'];
        return joinSchema(own, head.described, only);
      };
      const groups = saysTheSame(line, own, only) ? own : join();
      head.joined.set(only, groups);
      seen.set(key, head);
      return groups;
    }
    return undefined;
  };
};
