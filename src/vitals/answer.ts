/** The inside of a child process of ours (child.ts is the outside): the only code that knows it is one. */

import process from 'node:process';
import type { Answer, Question } from './child.js';

/** Ends this process and every child of its own that may hang. Not being a group's leader, only itself. */
const dieWithParent = (): void => {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(0);
  }
};

/** Answers every question of the parent with what `give` gives, or with the reason why it could not. */
export const answerParent = (give: (message: unknown) => unknown): void => {
  process.on('disconnect', dieWithParent);
  process.on('message', async ({ id, message }: Question) => {
    let answer: Answer;
    try {
      answer = { id, value: await give(message) };
    } catch (error) {
      answer = { id, reason: error instanceof Error ? error.message : String(error) };
    }
    process.send?.(answer);
  });
};
