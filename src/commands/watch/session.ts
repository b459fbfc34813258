/** The screen while a person looks at it: frames, keys, signals, and every way out. */

import type { Glyphs } from '../../core/glyphs.js';
import { EXIT } from '../../exit.js';
import { createGrid, type Grid } from '../../screen/cells.js';
import { drawScreen } from '../../screen/draw.js';
import type { Input } from '../../screen/keys.js';
import type { Placement } from '../../screen/layout.js';
import type { Panel, Scene } from '../../screen/panel.js';
import { type Depth, openPen } from '../../screen/sgr.js';
import type { Theme } from '../../screen/style.js';
import { openTerminal } from '../../screen/terminal.js';
import type { Tty } from '../../screen/tty.js';
import { type Action, update } from '../../screen/update.js';
import type { View } from '../../screen/view.js';
import type { World } from '../../world.js';
import type { OnChange, Opener, Player } from './player.js';

export interface SessionOptions {
  readonly tty: Tty;
  readonly panels: readonly Panel[];
  readonly glyphs: Glyphs;
  readonly depth: Depth;
  readonly theme: Theme;
  readonly view: View;
  /** What is looked at first. */
  readonly open: Opener;
  /** Samples after which it ends by itself. */
  readonly count?: number;
  /** Its past, at its end or at a time, ms since 1970; the reason where there is none. */
  readonly openPast: (onChange: OnChange, time?: number) => Player | string;
}

/** Ways out that a signal names, and the exit code of each. */
const SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', EXIT.interrupted],
  ['SIGTERM', EXIT.ok],
  ['SIGHUP', EXIT.ok],
  ['SIGQUIT', EXIT.ok],
];

/** Where nobody stops us after all, as in an orphaned group, the screen comes back after this, ms. */
const STOPPED_BY_THEN = 300;

/** Enough to be chosen from by CPU and by memory where nobody scrolled. */
const SPARE_PROCESSES = 5;

/** Runs until the person, or the terminal, ends it; gives the exit code. The terminal is then as it was. */
export const runSession = async (world: World, options: SessionOptions): Promise<number> => {
  const { tty, panels, glyphs } = options;
  let view = options.view;
  let grid: Grid = createGrid(0, 0);
  let placements: readonly Placement[] = [];
  let past: Player | undefined;
  let finish: (code: number) => void = () => {};
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });

  /** Undefined while it is being opened. */
  let present: Player | undefined;
  const current = (): Player => past ?? (present as Player);
  const scene = (): Scene => ({ frame: current().frame(), view, glyphs });

  /** Whoever lists more than the busiest needs them all. */
  const askForProcesses = (): void => {
    const listed = placements.find(({ panel }) => panel.name === 'processes');
    const filtering = view.filter !== '' || view.prompt?.kind === 'filter';
    const all =
      filtering ||
      view.frozen !== undefined ||
      (view.scrolled['processes'] ?? 0) > 0 ||
      (view.sort !== 'cpu' && view.sort !== 'memory');
    present?.wantProcesses(
      listed === undefined ? 0 : all ? Number.POSITIVE_INFINITY : listed.height + SPARE_PROCESSES,
      view.args,
    );
  };

  const draw = (): void => {
    if (present === undefined) return;
    const { width, height } = terminal.size();
    if (width !== grid.width || height !== grid.height) grid = createGrid(width, height);
    placements = drawScreen(grid, scene(), panels);
    terminal.show(grid);
    askForProcesses();
  };

  const rowsOf = (name: string): number => {
    const found = placements.find(({ panel }) => panel.name === name);
    return found === undefined ? 0 : Math.max(1, found.height - (name === 'processes' ? 2 : 1));
  };

  const say = (notice: string | undefined): void => {
    if (notice !== undefined) view = { ...view, notice };
    draw();
  };

  const leavePast = (): void => {
    if (past === undefined) return;
    past.close();
    past = undefined;
    view = { ...view, paused: false };
    present?.hold(false);
  };

  /** From now, the first step back is into the log. */
  const enterPast = (action: Action): boolean => {
    if (past !== undefined || present?.frame().origin.kind === 'replay') return true;
    if (!['step', 'jump', 'go', 'alert'].includes(action.do)) return true;
    // Whoever paused looks at a moment, and goes on from there.
    const opened = options.openPast(onPastChange, view.paused ? present?.frame().sample?.time : undefined);
    if (typeof opened === 'string') {
      say(opened);
      return false;
    }
    past = opened;
    view = { ...view, paused: false };
    // What the log has last is the step.
    return action.do !== 'step';
  };

  const onPastChange = (): void => {
    if (past !== undefined) draw();
  };

  const suspend = (): void => {
    terminal.suspend();
    stopped = true;
    // With a listener the signal would come here again, and stop nobody.
    offStop();
    world.stopGroup();
    offStop = onStop();
    void world.clock.sleep(STOPPED_BY_THEN).then(() => {
      if (stopped) resume();
    });
  };

  const resume = (): void => {
    stopped = false;
    terminal.resume();
  };

  const hasJobs = world.platform !== 'win32';
  const onStop = (): (() => void) => (hasJobs ? world.onSignal('SIGTSTP', suspend) : () => {});

  const act = async (action: Action): Promise<void> => {
    switch (action.do) {
      case 'quit':
        finish(EXIT.ok);
        return;
      case 'interrupt':
        finish(EXIT.interrupted);
        return;
      case 'redraw':
        terminal.forget();
        draw();
        return;
      case 'suspend':
        suspend();
        return;
      case 'leave':
        leavePast();
        draw();
        return;
      case 'live':
        if (past === undefined) {
          say(await current().act({ do: 'live' }));
          return;
        }
        leavePast();
        draw();
        return;
      default:
        if (enterPast(action)) say(await current().act(action));
        else draw();
    }
  };

  const onInput = (input: Input): void => {
    const before = view;
    const shown = placements.map(({ panel }) => panel);
    const next = update(view, input, { scene: scene(), panels: shown, rowsOf });
    view = next.view;
    if (view.paused !== before.paused) current().hold(view.paused);
    if (next.action !== undefined) void act(next.action).catch(fail);
    else if (view !== before) draw();
  };

  let failure: unknown;
  const fail = (error: unknown): void => {
    failure = error;
    finish(EXIT.failed);
  };

  const guarded =
    (run: () => void): (() => void) =>
    () => {
      try {
        run();
      } catch (error) {
        fail(error);
      }
    };

  const terminal = openTerminal(tty, openPen(options.depth, options.theme), world.clock, {
    onInput: (input) => guarded(() => onInput(input))(),
    onRedraw: guarded(() => draw()),
    onRoom: guarded(() => draw()),
    onGone: () => finish(EXIT.ok),
  });
  const undo = [
    world.onCrash(() => terminal.close()),
    ...SIGNALS.map(([signal, code]) => world.onSignal(signal, () => finish(code))),
    ...(hasJobs ? [world.onSignal('SIGCONT', resume)] : []),
    () => offStop(),
  ];
  let offStop = onStop();
  let stopped = false;
  let samples = 0;
  try {
    present = options.open({
      onChange: guarded(() => {
        if (past === undefined) draw();
      }),
      onSample: () => {
        if (++samples === options.count) finish(EXIT.ok);
      },
    });
    draw();
    const code = await finished;
    if (failure !== undefined) throw failure;
    return code;
  } finally {
    terminal.close();
    for (const off of undo) off();
    past?.close();
    present?.close();
  }
};
