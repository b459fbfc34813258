/** Whether a file may be gone on with: its samples must be of groups that its own schema describes. */

import { fstatSync } from 'node:fs';
import { readLines } from './lines.js';
import type { RecordHead, SchemaRecord } from './record.js';
import { HEAD_LINES, saysTheSame } from './schema.js';

const isSchema = (record: RecordHead): record is SchemaRecord => record.kind === 'schema';

/** Whether the file describes other groups, or the same ones otherwise, than these opening records do. */
export const hasOtherSchema = (fd: number, opening: readonly RecordHead[]): boolean => {
  const schema = opening.find(isSchema);
  if (schema === undefined) return false;
  const groups = new Map(schema.groups.map((group) => [group.name, group]));
  let looked = 0;
  for (const line of readLines(fd, 0, fstatSync(fd).size)) {
    if (++looked > HEAD_LINES) break;
    // A later version's description may say more, as long as it says this too.
    if (line.includes(`"msg":"${schema.kind}"`)) return !saysTheSame(line, groups, new Set(groups.keys()));
  }
  return false;
};
