/** The groups that a file's own head describes, without reading one description twice, however many files begin with it. */

import type { Group } from '../core/group.js';
import { kindOf } from './codec.js';
import { parseObject } from './json.js';
import { linesIn } from './lines.js';
import { HEAD_LINES, joinSchema, saysTheSame } from './schema.js';

type Groups = ReadonlyMap<string, Group>;

const SCHEMA = Buffer.from('"msg":"schema"');

/** Tells the groups to read a file with from the text it begins with; undefined where it has no schema there. */
export const rememberHeads = (own: Groups): ((text: Buffer) => Groups | undefined) => {
  const seen = new Map<string, Groups>();
  return (text) => {
    let looked = 0;
    for (const line of linesIn(text)) {
      if (++looked > HEAD_LINES) return undefined;
      if (!line.includes(SCHEMA)) continue;
      const head = line.toString('utf8');
      // Behind it are no numbers that differ from file to file.
      const key = head.slice(head.indexOf('"groups"'));
      const known = seen.get(key);
      if (known !== undefined) return known;
      if (kindOf(head) !== 'schema') continue;
      const groups = saysTheSame(line, own) ? own : joinSchema(own, parseObject(head)?.['groups']);
      seen.set(key, groups);
      return groups;
    }
    return undefined;
  };
};
