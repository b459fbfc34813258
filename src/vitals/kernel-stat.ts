/** The lines of /proc/stat below those of the CPUs. */

import { firstCounter } from './counters.js';
import { oncePerSample } from './once.js';

/** Text of /proc/stat, read once for a sample. Throws when it cannot be read. */
export const readKernelStat = oncePerSample((tree) => tree.proc('stat'));

/** The numbers of the line that begins with `key`; none where the kernel has no such line. */
export const kernelStatLine = (text: string, key: string): readonly number[] => {
  const start = text.startsWith(`${key} `) ? 0 : text.indexOf(`\n${key} `) + 1;
  if (start === 0 && !text.startsWith(`${key} `)) return [];
  const end = text.indexOf('\n', start);
  return text
    .slice(start + key.length + 1, end < 0 ? undefined : end)
    .trim()
    .split(/\s+/)
    .map(Number);
};

/** The first number behind a line's key; undefined where there is none. The interrupts' line has thousands more. */
export const kernelStatNumber = (text: string, key: string): number | undefined => {
  let at = text.indexOf(key);
  while (at > 0 && text.charAt(at - 1) !== '\n') at = text.indexOf(key, at + 1);
  return at < 0 ? undefined : firstCounter(text, at + key.length);
};
