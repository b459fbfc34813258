/** systeminformation in a process of its own. Only names of this table ever reach it, and no argument from outside. */

import { fsSize, mem, networkStats, processes } from 'systeminformation';
import { answerParent } from './answer.js';

const ANSWERS: ReadonlyMap<unknown, () => Promise<unknown>> = new Map<unknown, () => Promise<unknown>>([
  ['fsSize', () => fsSize()],
  ['mem', () => mem()],
  ['networkStats', () => networkStats('*')],
  ['processes', () => processes()],
]);

answerParent((name) => {
  const give = ANSWERS.get(name);
  if (give === undefined) throw new Error('not a question that the reader knows');
  return give();
});
