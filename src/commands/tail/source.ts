/** What is tailed, as it was named. */

export interface Source {
  /** As the system takes it, or `-`. */
  readonly path: string;
  /** sysmon's own log, whose archives are its past. */
  readonly own?: boolean;
}

/** How files are gone on with once they were shown; as the words of the call say it. */
export interface FollowWish {
  readonly by: 'name' | 'descriptor';
  readonly retry: boolean;
  /** Whether all is looked at every `seconds` instead of waiting for the system to tell. */
  readonly poll: boolean;
  /** Between two looks. */
  readonly seconds: number;
  /** Following ends when none of these processes is left. */
  readonly pids: readonly number[];
}
