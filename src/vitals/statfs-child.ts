/** Asks the kernel about mounts that may never answer, so that the process that samples need not wait with it. */

import { statfs } from 'node:fs/promises';
import { answerParent } from './answer.js';

// A mount that answers with an error has answered: the error's code.
answerParent((path) => statfs(path as string).catch(({ code }: NodeJS.ErrnoException) => code ?? 'EIO'));
