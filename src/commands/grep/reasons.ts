/** What the system said, in the C library's words, which GNU grep's users know from it. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
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
export const reasonFor = (error: unknown): string => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? DAMAGE[code] ?? message;
};
