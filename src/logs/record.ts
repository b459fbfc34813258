/** What a line of sysmon's own log says. The codec is in codec.ts; what a file starts with is in schema.ts. */

import type { Group } from '../core/group.js';
import type { ActiveAlert, Sample } from '../core/sample.js';

/** Version of the record: raised when a meaning changes, not when fields are added. */
export const RECORD_VERSION = 1;

interface Common {
  /** ms since 1970. */
  readonly time: number;
  readonly host: string;
  /** Counts the lines of a log over restarts and files; a hole proves a lost line. */
  readonly seq?: number;
}

/** What every line has, those of scrapes too. */
export interface RecordHead extends Common {
  readonly kind: string;
}

/** A run began or ended. */
export interface StartRecord extends Common {
  readonly kind: 'start';
  readonly boot: string;
  readonly interval?: number;
  readonly version: string;
  readonly pid: number;
}

export interface StopRecord extends Common {
  readonly kind: 'stop';
  /** `SIGTERM`, `count reached`, … */
  readonly reason: string;
}

/** No rate crosses this point: time passed that nobody measured, or the clock was set. */
export interface GapRecord extends Common {
  readonly kind: 'gap';
  /** `clock`: the wall clock was set; `suspend`: the machine slept; `late`: samples were skipped; `reboot`. */
  readonly reason: 'clock' | 'suspend' | 'late' | 'reboot';
  /** Length of the gap, or how far the clock was moved (negative: back), s. */
  readonly seconds: number;
  /** Samples that were due in it. */
  readonly missed: number;
}

/** Lines that could not be written; their sequence numbers are the hole before this record. */
export interface LostRecord extends Common {
  readonly kind: 'lost';
  readonly count: number;
  readonly reason: string;
}

/** A rule began to hold, changed between warning and critical, or ended. */
export interface AlertRecord extends Common {
  readonly kind: 'alert';
  readonly rule: string;
  readonly path: string;
  readonly state: 'ok' | ActiveAlert['state'];
  readonly before: 'ok' | ActiveAlert['state'];
  readonly since: number;
  readonly value?: number;
  /** The verdict in words. */
  readonly text: string;
}

/** The groups and fields that the file's samples use, so that an older reader can read a newer log. */
export interface SchemaRecord extends Common {
  readonly kind: 'schema';
  readonly v: number;
  readonly groups: readonly Group[];
}

export interface SampleRecord extends Common {
  readonly kind: 'sample';
  readonly sample: Sample;
}

export type LogRecord =
  | SampleRecord
  | StartRecord
  | StopRecord
  | GapRecord
  | LostRecord
  | AlertRecord
  | SchemaRecord;
