/** Which archives are kept. Decided from what is on disk, each time. */

import { deleteFile, filesOf, measureArchives, type StoredArchive } from './archives.js';

export interface Limits {
  /** Archives to keep. */
  readonly keep: number;
  /** Space for the archives and the file being written, bytes. */
  readonly maxTotal: number;
}

/** The archives that must go so that what stays, with `liveBytes` for the file being written, is within the limits: oldest first. */
export const expendable = <A extends { readonly serial: number; readonly bytes: number }>(
  archives: readonly A[],
  liveBytes: number,
  { keep, maxTotal }: Limits,
): readonly A[] => {
  const oldestFirst = [...archives].sort((a, b) => a.serial - b.serial);
  let total = oldestFirst.reduce((sum, { bytes }) => sum + bytes, liveBytes);
  let count = 0;
  while (count < oldestFirst.length && (oldestFirst.length - count > keep || total > maxTotal)) {
    total -= oldestFirst[count]?.bytes ?? 0;
    count++;
  }
  return oldestFirst.slice(0, count);
};

/** Deletes an archive in all its forms. */
export const deleteArchive = (path: string, archive: StoredArchive): void => {
  for (const file of filesOf(path, archive)) deleteFile(file);
};

/** Deletes what is beyond the limits. Throws what the system says; what could be deleted is. */
export const prune = (path: string, liveBytes: number, limits: Limits): void => {
  for (const archive of expendable(measureArchives(path), liveBytes, limits)) deleteArchive(path, archive);
};

/** Deletes the oldest archive, for room on a full disk; false where there is none to give up. */
export const giveUpOldest = (path: string): boolean => {
  const [oldest] = measureArchives(path);
  if (oldest === undefined) return false;
  deleteArchive(path, oldest);
  return true;
};
