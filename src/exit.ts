/** Every exit code, and the error that a person caused and can mend. */

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const;

/** The monitoring plugins' codes; `sysmon check` ends with no other. Wrong usage is unknown: nothing was judged. */
export const CHECK_EXIT = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;

/** GNU grep's. */
export const GREP_EXIT = { found: 0, notFound: 1, error: 2 } as const;

export interface UserErrorOptions {
  /** What to do about it, a sentence. */
  readonly hint?: string;
  /** `usage` where the words of the call are wrong, `failed` where the world did not play along. */
  readonly kind?: 'usage' | 'failed';
  readonly cause?: unknown;
}

/** promtool's, for `sysmon rules lint`. */
export const LINT_EXIT = { ok: 0, failed: 1, warned: 3 } as const;

/** Of `sysmon rules backtest`; 3 only where --fail-on-alert asks for it. */
export const BACKTEST_EXIT = { ok: 0, fired: 3 } as const;

/** Something a person can mend. It is shown as one line, and a hint; never with a stack. */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly kind: 'usage' | 'failed';

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.kind = options.kind ?? 'failed';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on device',
  EROFS: 'read-only file system',
  EMFILE: 'too many open files',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'file name too long',
};

/** What the system said, in words people know; the message of any other error. */
export const systemReason = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message ?? String(error);
};
