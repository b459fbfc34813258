/** What a key does: a new view, and what is to be done outside of it. Pure. */

import { clean } from '../core/clean.js';
import { parsePast } from '../core/time.js';
import { chordOf, type Input, type Key, textOf } from './keys.js';
import type { Panel, Scene } from './panel.js';
import { listProcesses } from './process-list.js';
import type { Sort, View } from './view.js';

/** What the one who runs the screen does. */
export type Action =
  | { readonly do: 'quit' | 'interrupt' | 'redraw' | 'suspend' }
  /** Out of the past into which somebody went from now. */
  | { readonly do: 'leave' }
  /** To now, or to the newest there is. */
  | { readonly do: 'live' }
  | { readonly do: 'play' }
  /** One step along the row of intervals, up or down. */
  | { readonly do: 'interval' | 'speed'; readonly by: 1 | -1 }
  /** In the past: by samples, to an alert, by seconds, to a time, ms since 1970. */
  | { readonly do: 'step' | 'alert'; readonly by: 1 | -1 }
  | { readonly do: 'jump'; readonly seconds: number }
  | { readonly do: 'go'; readonly to: number };

export interface Update {
  readonly view: View;
  readonly action?: Action;
}

export interface Surroundings {
  readonly scene: Scene;
  /** On the screen now, in the order of Tab. */
  readonly panels: readonly Panel[];
  /** Lines that a panel shows at once. */
  readonly rowsOf: (panel: string) => number;
}

const SORT_KEYS: Readonly<Record<string, Sort>> = {
  P: 'cpu',
  M: 'memory',
  T: 'time',
  N: 'pid',
  n: 'name',
};

const JUMP_SECONDS = 60;
const LONG_JUMP_SECONDS = 3600;

/** Longer than any name is. */
const LONGEST_PROMPT = 64;

const scrollBy = (view: View, around: Surroundings, by: number): View => {
  const panel = around.panels.find(({ name }) => name === view.focus);
  if (panel?.lines === undefined) return view;
  const most = Math.max(0, panel.lines(around.scene) - around.rowsOf(panel.name));
  const at = Math.min(view.scrolled[panel.name] ?? 0, most);
  const next = Math.max(0, Math.min(most, at + by));
  return { ...view, scrolled: { ...view.scrolled, [panel.name]: next } };
};

const moveFocus = (view: View, { panels }: Surroundings, by: 1 | -1): View => {
  if (panels.length === 0) return view;
  const at = panels.findIndex(({ name }) => name === view.focus);
  const next = panels[(at + by + panels.length) % panels.length] as Panel;
  return { ...view, focus: next.name };
};

const editPrompt = (view: View, prompt: NonNullable<View['prompt']>, text: string): Update => ({
  view: { ...view, prompt: { kind: prompt.kind, text: [...clean(text)].slice(0, LONGEST_PROMPT).join('') } },
});

/** A time that is none can be mended: what was typed stays. */
const goTo = (view: View, text: string, { scene: { frame } }: Surroundings): Update => {
  const left = { ...view, prompt: undefined };
  if (text.trim() === '') return { view: left };
  const shown = frame.origin.kind === 'replay' ? frame.sample?.time : undefined;
  const to = parsePast(text, frame.now, shown);
  return to === undefined
    ? { view: { ...view, prompt: { kind: 'go', text, error: 'this is no time' } } }
    : { view: left, action: { do: 'go', to } };
};

const typeInto = (
  view: View,
  prompt: NonNullable<View['prompt']>,
  key: Key,
  around: Surroundings,
): Update => {
  switch (chordOf(key)) {
    case 'enter':
      if (prompt.kind === 'go') return goTo(view, prompt.text, around);
      return {
        view: {
          ...view,
          prompt: undefined,
          filter: prompt.text,
          scrolled: { ...view.scrolled, processes: 0 },
        },
      };
    case 'escape':
    case 'ctrl-g':
      return { view: { ...view, prompt: undefined } };
    case 'ctrl-c':
      return { view, action: { do: 'interrupt' } };
    case 'ctrl-u':
      return editPrompt(view, prompt, '');
    case 'ctrl-w':
      return editPrompt(view, prompt, prompt.text.replace(/\S*\s*$/, ''));
    case 'backspace':
      return editPrompt(view, prompt, [...prompt.text].slice(0, -1).join(''));
    default: {
      const typed = textOf(key);
      return typed === undefined ? { view } : editPrompt(view, prompt, prompt.text + typed);
    }
  }
};

const inPast = ({ scene }: Surroundings): boolean => scene.frame.origin.kind === 'replay';

const LEAD_BACK: ReadonlySet<string> = new Set(['left', '[', '{', 'g', 'A']);

/** Keys that mean something in the past only; left also leads there. */
const pastKey = (chord: string, view: View, around: Surroundings): Update | undefined => {
  const past = inPast(around);
  if (around.scene.frame.origin.kind === 'pipe')
    return LEAD_BACK.has(chord)
      ? { view: { ...view, notice: 'a pipe has no past: what was recorded is shown with --file' } }
      : undefined;
  switch (chord) {
    case 'left':
      return { view, action: { do: 'step', by: -1 } };
    case 'right':
      return past ? { view, action: { do: 'step', by: 1 } } : undefined;
    case '[':
      return { view, action: { do: 'jump', seconds: -JUMP_SECONDS } };
    case ']':
      return past ? { view, action: { do: 'jump', seconds: JUMP_SECONDS } } : undefined;
    case '{':
      return { view, action: { do: 'jump', seconds: -LONG_JUMP_SECONDS } };
    case '}':
      return past ? { view, action: { do: 'jump', seconds: LONG_JUMP_SECONDS } } : undefined;
    case 'g':
      return { view: { ...view, prompt: { kind: 'go', text: '' } } };
    case 'A':
      return { view, action: { do: 'alert', by: -1 } };
    case 'a':
      return past ? { view, action: { do: 'alert', by: 1 } } : undefined;
    case 'l':
      return past ? { view, action: { do: 'live' } } : undefined;
    case 'escape':
      // What is on the screen goes first.
      return past && view.filter === '' && view.frozen === undefined
        ? { view, action: { do: 'leave' } }
        : undefined;
    default:
      return undefined;
  }
};

/** In the help. */
const TURN_PAGE: ReadonlySet<string> = new Set([' ', 'down', 'j', 'pagedown', 'right']);

/** What an input does to the view. */
export const update = (given: View, input: Input, around: Surroundings): Update => {
  const view: View = given.notice === undefined ? given : { ...given, notice: undefined };
  if (input.kind === 'mode') return { view: given };
  if (input.kind === 'paste')
    return view.prompt === undefined
      ? { view }
      : editPrompt(view, view.prompt, view.prompt.text + input.text);
  if (view.prompt !== undefined) return typeInto(view, view.prompt, input, around);
  const chord = chordOf(input);
  if (view.help !== undefined && chord !== 'ctrl-c' && chord !== 'ctrl-z' && chord !== 'ctrl-l')
    return { view: { ...view, help: TURN_PAGE.has(chord) ? view.help + 1 : undefined } };
  const sort = SORT_KEYS[chord];
  if (sort !== undefined)
    return { view: { ...view, sort, frozen: undefined, scrolled: { ...view.scrolled, processes: 0 } } };
  const past = pastKey(chord, view, around);
  if (past !== undefined) return past;
  const page = Math.max(1, around.rowsOf(view.focus) - 1);
  switch (chord) {
    case 'q':
    case 'f10':
      return { view, action: { do: 'quit' } };
    case 'ctrl-c':
      return { view, action: { do: 'interrupt' } };
    case '?':
    case 'h':
    case 'f1':
      return { view: { ...view, help: 0 } };
    case 'up':
    case 'k':
      return { view: scrollBy(view, around, -1) };
    case 'down':
    case 'j':
      return { view: scrollBy(view, around, 1) };
    case 'pageup':
    case 'ctrl-b':
      return { view: scrollBy(view, around, -page) };
    case 'pagedown':
    case 'ctrl-f':
      return { view: scrollBy(view, around, page) };
    case 'home':
      return { view: scrollBy(view, around, Number.NEGATIVE_INFINITY) };
    case 'end':
    case 'G':
      return { view: scrollBy(view, around, Number.POSITIVE_INFINITY) };
    case 'tab':
      return { view: moveFocus(view, around, 1) };
    case 'shift-tab':
      return { view: moveFocus(view, around, -1) };
    case '/':
    case 'f4':
      return { view: { ...view, prompt: { kind: 'filter', text: view.filter } } };
    case 'escape':
      return { view: { ...view, filter: '', frozen: undefined } };
    case '1':
      return { view: { ...view, cores: !view.cores } };
    case 'c':
      return { view: { ...view, args: !view.args } };
    case 'f':
    case 'Z':
      return { view: freeze(view, around) };
    case '+':
    case '=':
      return { view, action: { do: inPast(around) ? 'speed' : 'interval', by: 1 } };
    case '-':
      return { view, action: { do: inPast(around) ? 'speed' : 'interval', by: -1 } };
    case 'p':
    case ' ':
      return inPast(around) ? { view, action: { do: 'play' } } : { view: { ...view, paused: !view.paused } };
    case 'ctrl-l':
      return { view, action: { do: 'redraw' } };
    case 'ctrl-z':
      return { view, action: { do: 'suspend' } };
    default:
      return { view };
  }
};

const freeze = (view: View, { scene }: Surroundings): View => ({
  ...view,
  frozen:
    view.frozen === undefined ? listProcesses(scene.frame, view).map(({ id }) => id[0] ?? '') : undefined,
});
