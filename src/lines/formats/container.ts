/**
 * What container runtimes make of a program's lines: Docker's json-file driver (`{"log":"…\n","stream":"stdout","time":"…"}`, docker logs'
 * documentation), and the Container Runtime Interface (`2016-10-06T00:17:09.669794202Z stdout F …`, Kubernetes' design document
 * "CRI: Log management"), which containerd and CRI-O write.
 */

import type { LineContext, LineFormat } from '../format.js';
import type { Fields, LogLine } from '../line.js';
import { momentOf } from './epoch.js';
import { firstThatFits } from './mixed.js';
import { joinNested } from './nested.js';
import { logLine, parseRecord, type RecordFormat, textOf } from './record.js';
import type { Wrapped, Wrapper } from './wrapper.js';

/** The time inside is the program's own; where it has none, the runtime's is the nearest to it. */
const join = (outer: Fields, time: number | undefined, text: string, inner: LogLine | undefined): LogLine => {
  const line = logLine(outer, time, undefined, text);
  return inner === undefined ? line : joinNested(line, inner, inner.time ?? time);
};

const isStream = (value: unknown): value is string => value === 'stdout' || value === 'stderr';

interface DockerRecord extends Fields {
  readonly log: string;
  readonly stream: string;
  readonly time: string;
}

const isDocker = (record: Fields): record is DockerRecord =>
  typeof record['log'] === 'string' && isStream(record['stream']) && typeof record['time'] === 'string';

/** Docker's log files, with lines inside that any of `formats` may read. */
export const docker = (formats: readonly LineFormat[]): Wrapper & RecordFormat => {
  const readInner = firstThatFits(formats);
  const readAs = (record: DockerRecord, text: string, context: LineContext): LogLine =>
    join(record, momentOf(record.time, context), text, readInner(text, context));
  const read = (record: Fields, context: LineContext): LogLine | undefined =>
    isDocker(record) ? readAs(record, textOf(record.log) as string, context) : undefined;
  const recordOf = (line: string): DockerRecord | undefined => {
    const record = parseRecord(line);
    return record !== undefined && isDocker(record) ? record : undefined;
  };
  return {
    name: 'docker',
    title: "Docker's json-file log",
    read,
    parse: (line, context) => {
      const record = recordOf(line);
      return record === undefined ? undefined : read(record, context);
    },
    unwrap: (line): Wrapped | undefined => {
      const record = recordOf(line);
      if (record === undefined) return undefined;
      const { log, stream } = record;
      return { text: textOf(log) as string, stream, partial: !log.endsWith('\n') };
    },
    parseAs: (line, text, context) => {
      const record = recordOf(line);
      return record === undefined ? undefined : readAs(record, text, context);
    },
  };
};

/** Tags are separated by colons; F or P, for full and partial, is the first. */
const CRI =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP](?::\S*)?)(?: |$)/;

/** Kubernetes' container logs, with lines inside that any of `formats` may read. */
export const cri = (formats: readonly LineFormat[]): Wrapper => {
  const readInner = firstThatFits(formats);
  const parseAs = (line: string, text: string, context: LineContext): LogLine | undefined => {
    const [, time, stream, tag] = CRI.exec(line) ?? [];
    if (time === undefined || stream === undefined || tag === undefined) return undefined;
    return join({ time, stream, tag, log: text }, momentOf(time, context), text, readInner(text, context));
  };
  return {
    name: 'cri',
    title: "Kubernetes' container log (CRI)",
    parse: (line, context) => {
      const head = CRI.exec(line)?.[0];
      return head === undefined ? undefined : parseAs(line, line.slice(head.length), context);
    },
    unwrap: (line): Wrapped | undefined => {
      const [head, , stream, tag] = CRI.exec(line) ?? [];
      if (head === undefined || stream === undefined || tag === undefined) return undefined;
      return { text: line.slice(head.length), stream, partial: tag.startsWith('P') };
    },
    parseAs,
  };
};
