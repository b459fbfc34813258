/** Another machine's samples, as `sysmon log --file -` writes them into a pipe: no daemon there, no port. */

import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Group } from '../../core/group.js';
import type { Sample } from '../../core/sample.js';
import { decodeRecord } from '../../logs/codec.js';
import { encodeSchema, joinSchema } from '../../logs/schema.js';
import type { Frame } from '../../screen/frame.js';
import type { Chart } from '../../screen/trail.js';
import { GROUPS } from '../../vitals/index.js';
import type { World } from '../../world.js';
import type { OnChange, Player } from './player.js';
import { alertsThen } from './shown-alerts.js';
import { openStage } from './stage.js';

/** s. */
const SILENCE = 1;

/** A line without an end is no record. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** The samples in a stream, each with what its line says; lines that are none are left out. */
export async function* samplesIn(stream: Readable): AsyncGenerator<Sample, void> {
  const decoder = new StringDecoder('utf8');
  let groups: ReadonlyMap<string, Group> = GROUPS;
  let rest = '';
  for await (const chunk of stream) {
    rest += decoder.write(chunk as Buffer);
    let start = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      const record = decodeRecord(rest.slice(start, end), groups);
      start = end + 1;
      if (record?.kind === 'schema') groups = joinSchema(GROUPS, encodeSchema(record.groups));
      if (record?.kind === 'sample') yield record.sample;
    }
    rest = rest.length - start > LONGEST_LINE ? '' : rest.slice(start);
  }
  const last = decodeRecord(rest, groups);
  if (last?.kind === 'sample') yield last.sample;
}

export interface PipeOptions {
  readonly charts: readonly Chart[];
  readonly onChange: OnChange;
  readonly onSample?: (sample: Sample) => void;
}

/** Begins to read at once. `ended` resolves at the end of the stream. */
export const openPipe = (
  world: World,
  { charts, onChange, onSample }: PipeOptions,
): Player & { readonly ended: Promise<void> } => {
  const { clock, stdin } = world;
  const stage = openStage(charts);
  let ended = false;
  const closed = new AbortController();
  let came = clock.monotonic();

  /** A screen that says how long nothing came must be drawn while nothing comes. */
  const drawSilence = async (): Promise<void> => {
    while (!closed.signal.aborted && !ended) {
      await clock.sleep(SILENCE * 1000, closed.signal);
      if (!closed.signal.aborted && clock.monotonic() - came >= SILENCE) onChange();
    }
  };

  const read = async (): Promise<void> => {
    try {
      for await (const sample of samplesIn(stdin)) {
        if (closed.signal.aborted) return;
        came = clock.monotonic();
        onSample?.(sample);
        if (stage.add(sample, alertsThen(sample.alerts ?? [], sample.readings))) onChange();
        world.tidy();
      }
    } catch {
      // A pipe that broke has ended.
    }
    ended = true;
    if (!closed.signal.aborted) onChange();
  };

  void drawSilence();
  return {
    ended: read(),
    frame: (): Frame => {
      const shown = stage.shown();
      const now = clock.now();
      return {
        ...shown,
        origin: { kind: 'pipe', ended, silence: clock.monotonic() - came },
        now,
        utcOffset: -new Date(shown.sample?.time ?? now).getTimezoneOffset(),
        own: { cpuPercent: undefined, memoryBytes: world.ownUse().residentBytes },
        interval: shown.sample?.interval ?? 1,
      };
    },
    act: (action) => (action.do === 'interval' ? 'the other end sets the interval' : undefined),
    wantProcesses: () => {},
    hold: stage.hold,
    close: () => {
      closed.abort();
      stdin.destroy();
    },
  };
};
