/** The inside of a child process of ours; child.ts is the outside. */

import process from 'node:process';
import type { Answer, Question } from './child.js';

/** Ends this process and every child of its own that may hang. Not being a group's leader, only itself. */
const dieWithParent = (own: NodeJS.Process): void => {
  try {
    own.kill(-own.pid, 'SIGKILL');
  } catch {
    own.exit(0);
  }
};

/** Answers every question of the parent with what `give` gives, or with the reason why it could not; dies with the parent. */
export const answerParent = (give: (message: unknown) => unknown, own: NodeJS.Process = process): void => {
  own.on('disconnect', () => dieWithParent(own));
  own.on('message', async ({ id, message }: Question) => {
    let answer: Answer;
    try {
      answer = { id, value: await give(message) };
    } catch (error) {
      answer = { id, reason: error instanceof Error ? error.message : String(error) };
    }
    own.send?.(answer);
  });
};
