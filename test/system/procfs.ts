/** This machine's procfs, but with another mount table. */

import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../logs/bench-log.js';

/** A folder to be given as `--procfs`, in which the machine's mounts are those of the file `mountinfo`. */
export const procfsWith = (mountinfo: string): string => {
  const folder = temporaryFolder();
  for (const name of readdirSync('/proc'))
    if (!/^\d+$/.test(name)) symlinkSync(`/proc/${name}`, join(folder, name));
  mkdirSync(join(folder, '1'));
  symlinkSync(mountinfo, join(folder, '1', 'mountinfo'));
  return folder;
};
