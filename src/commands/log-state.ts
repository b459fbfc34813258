/** What is said to who asks for a log that cannot be read. */

import { UserError } from '../exit.js';
import type { Log } from '../logs/reader.js';
import { closedLog } from './places.js';

/** `named` is whether somebody asked for this very file. */
export const noLog = (path: string, named: boolean): UserError => {
  const closed = named ? undefined : closedLog();
  return new UserError(`there is no log at ${path}`, {
    hint:
      closed === undefined
        ? `Begin one: sysmon log${named ? ` --file ${path}` : ''}`
        : `There is one at ${closed}, which only root and members of its group may read.`,
  });
};

/** Throws a UserError for what is not a log that can be read here. */
export const checkState = (log: Log, path: string, named: boolean): void => {
  switch (log.state()) {
    case 'missing':
      throw noLog(path, named);
    case 'foreign':
      throw new UserError(`${path} is not a log of sysmon`, {
        ...(/\.gz$/.test(path) && {
          hint: 'Archives are read with the log they are of; write one alone to a file first, with zcat.',
        }),
      });
    case 'newer':
      throw new UserError(`${path} was written by a newer version of sysmon`, { hint: 'Update this one.' });
    case 'empty':
    case 'ours':
  }
};

/** A log is gone through more than once, and has archives beside it. */
export const refusePipe = (path: string | undefined): void => {
  if (path === '-')
    throw new UserError('a log is read from a file, not from a pipe', {
      kind: 'usage',
      hint: 'Write it to a file first; watch can read a pipe.',
    });
};
