/** Time as the rest of sysmon knows it: the wall clock only labels, the monotonic one measures. */
export interface Clock {
  /** Wall clock, ms since 1970. It can jump. */
  readonly now: () => number;
  /** Seconds since some fixed moment. It never goes back. */
  readonly monotonic: () => number;
  /** Resolves after that many ms, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
