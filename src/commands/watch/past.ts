/** A recorded log on the same screen. */

import { formatDuration } from '../../core/duration.js';
import type { Gap } from '../../logs/gap.js';
import { type Moment, openReplay, type Replay } from '../../logs/replay.js';
import { openBoard } from '../../screen/board.js';
import type { Frame } from '../../screen/frame.js';
import { type Chart, openTrail, SLOTS } from '../../screen/trail.js';
import { GROUPS } from '../../vitals/index.js';
import type { World } from '../../world.js';
import { nextSpeed } from './pace.js';
import type { OnChange, Player } from './player.js';
import { alertsThen } from './shown-alerts.js';

export interface PastOptions {
  readonly file: string;
  /** Where to begin, ms since 1970: the end where not given. */
  readonly from?: number;
  readonly charts: readonly Chart[];
  readonly onChange: OnChange;
  readonly onProblem: (message: string) => void;
}

/** A gap is not waited for while playing, but stands this long, s of the screen's time. */
const GAP_WAIT = 1;

/** No eye takes in more frames, s. */
const SHORTEST_WAIT = 0.02;

/** Why nothing is recorded there; '' where the log does not say. */
const reasonOf = ({ kind, reason }: Gap): string => {
  if (kind === 'reboot') return 'reboot';
  if (kind === 'stop') return `recording stopped, ${reason}`;
  if (kind === 'lost') return `lines lost, ${reason}`;
  return reason === 'clock' ? 'clock was set' : reason;
};

/** Undefined where the log has no samples. */
export const openPast = (world: World, options: PastOptions): Player | undefined => {
  const { clock } = world;
  const replay: Replay = openReplay(options.file, GROUPS, options.onProblem);
  const first = options.from === undefined ? replay.last() : replay.at(options.from);
  if (first === undefined) {
    replay.close();
    return undefined;
  }
  let moment: Moment = first;
  let speed = 1;
  let playing: AbortController | undefined;
  let searching: AbortController | undefined;
  const board = openBoard();
  const trail = openTrail(options.charts);
  const charted = new Set(options.charts.map(({ group }) => group));

  const show = (next: Moment): void => {
    moment = next;
    board.clear();
    board.add(moment.sample);
    trail.clear();
    for (const sample of replay.window(moment, { count: SLOTS, only: charted })) trail.add(sample);
    options.onChange();
  };

  const pause = (): void => {
    playing?.abort();
    playing = undefined;
  };

  const play = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const next = replay.next(moment);
      if (next === undefined) break;
      const passed = (next.sample.time - moment.sample.time) / 1000 / speed;
      const wait = next.gap === undefined ? passed : Math.min(passed, GAP_WAIT);
      await clock.sleep(Math.max(SHORTEST_WAIT, wait) * 1000, signal);
      if (!signal.aborted) show(next);
    }
    if (!signal.aborted) playing = undefined;
    options.onChange();
  };

  /** To a time; the end of the log counts as far as it goes. */
  const goTo = (time: number): string | undefined => {
    const next = replay.at(time);
    if (next !== undefined) show(next);
    const span = replay.span();
    if (span !== undefined && time < span.first) return 'the log begins here';
    return span !== undefined && time > span.last ? 'the log ends here' : undefined;
  };

  const toAlert = async (by: 1 | -1): Promise<string | undefined> => {
    searching?.abort();
    searching = new AbortController();
    const { signal } = searching;
    const found = await (by > 0
      ? replay.nextAlert(moment, { signal })
      : replay.previousAlert(moment, { signal }));
    if (signal.aborted) return undefined;
    if (found === undefined) return by > 0 ? 'no alert after this' : 'no alert before this';
    show(found);
    return undefined;
  };

  show(moment);
  return {
    frame: (): Frame => {
      const { sample, gap } = moment;
      return {
        sample,
        readings: board.readings(),
        trail,
        alerts: alertsThen(sample.alerts ?? [], sample.readings),
        origin: {
          kind: 'replay',
          playing: playing !== undefined,
          speed,
          gap: gap === undefined ? undefined : { seconds: Math.abs(gap.seconds), reason: reasonOf(gap) },
        },
        now: clock.now(),
        utcOffset: -new Date(sample.time).getTimezoneOffset(),
        own: { cpuPercent: undefined, memoryBytes: world.ownUse().residentBytes },
        interval: sample.interval ?? 0,
      };
    },
    act: (action) => {
      if (action.do !== 'alert') searching?.abort();
      if (action.do !== 'speed' && action.do !== 'play') pause();
      switch (action.do) {
        case 'step': {
          const next = action.by > 0 ? replay.next(moment) : replay.previous(moment);
          if (next === undefined) return action.by > 0 ? 'the log ends here' : 'the log begins here';
          show(next);
          return undefined;
        }
        case 'jump':
          return goTo(moment.sample.time + action.seconds * 1000);
        case 'go':
          return goTo(action.to);
        case 'live':
          show(replay.last() ?? moment);
          return undefined;
        case 'alert':
          return toAlert(action.by);
        case 'play':
          if (playing !== undefined) pause();
          else {
            playing = new AbortController();
            void play(playing.signal);
          }
          return undefined;
        case 'speed':
          speed = nextSpeed(speed, action.by);
          return `plays ${formatDuration(speed)} in a second`;
        case 'interval':
          return undefined;
      }
    },
    wantProcesses: () => {},
    hold: (on) => {
      if (on) pause();
    },
    close: () => {
      pause();
      searching?.abort();
      replay.close();
    },
  };
};
