/** What the system said, in the C library's words (strerror), which users of GNU's programs know from them. */

import { systemReason } from '../../exit.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENFILE: 'Too many open files in system',
  ENODEV: 'No such device',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  ENXIO: 'No such device or address',
  EPERM: 'Operation not permitted',
  ESTALE: 'Stale file handle',
  ETXTBSY: 'Text file busy',
};

/** zlib's words for a file that is not whole. */
const DAMAGE: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'unexpected end of file',
  Z_DATA_ERROR: 'the compressed data is damaged',
};

/** Why something could not be read, for a message that begins with its name. */
export const reasonOf = (error: unknown): string => {
  const { code = '' } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? DAMAGE[code] ?? systemReason(error);
};

/** The same of a code alone. */
export const reasonOfCode = (code: string): string => REASONS[code] ?? code;
