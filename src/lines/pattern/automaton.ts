/**
 * Whether lines match, in one pass over their characters whatever the pattern: its states are sets of steps, made when they are first reached
 * (a lazy DFA, as in Russ Cox's articles on regular expressions). It knows no back-references.
 */

import { isWord } from './classes.js';
import { EDGE, isPlace, OTHER, type Program, WORD } from './program.js';
import { characterAt, codeOf, lengthOf } from './utf8.js';

/**
 * Offset within the first line that matches, of those from `from`, a line's start, to `to`, a line's end or behind the newline; -1 where none does. At
 * most at the line's end.
 */
export type FindLine = (text: string, from: number, to: number) => number;

/** States are numbered in steps of the table's width; these need no rows. */
const MATCHED = 0;
const UNKNOWN = -1;
/** Nothing can match in the rest of the line. */
const OVER = -2;

/** Kinds of characters: those of one kind are in the same sets. */
const LINE_END = 0;
const INVALID = 1;
/** No character has it. */
const UNSEEN = 0xffff;

/** 16 MB. */
const MOST_NUMBERS = 2 ** 22;

/** An automaton for lines that end with a character. States that hold more numbers together than `mostNumbers` are thrown away and begun anew. */
export const automaton = (program: Program, lineEnd: number, mostNumbers = MOST_NUMBERS): FindLine => {
  const { steps, start, sets } = program;
  // Words are looked at where the pattern has a place that depends on one.
  const places = steps.flatMap((step) => (step.do === 'check' ? [step.place] : []));
  const asksWords = places.some((place) => !place.startsWith('line-'));
  // -w's stand at the edges of a pattern only; behind any other, as in $^, a place may ask for what was before.
  const asksBefore = places.some((place) => !place.startsWith('no-word'));

  // Kinds, and one character of each.
  const kindOfKey = new Map<string, number>();
  const examples: number[] = [-1, -1];
  const sides: number[] = [EDGE, OTHER];
  const asciiKinds = new Uint8Array(0x80);
  const otherKinds: (Uint16Array | undefined)[] = new Array(0x1100).fill(undefined);

  const lineEndText = String.fromCharCode(lineEnd);
  let width = 8;
  let table = new Int32Array(0);
  let members: Int32Array[] = [];
  let befores: number[] = [];
  let stateOfKey = new Map<string, number>();
  let held = 0;
  let beginning = 0;

  const forget = (): void => {
    table = new Int32Array(width * 64).fill(UNKNOWN);
    members = [new Int32Array(0)];
    befores = [OTHER];
    stateOfKey = new Map();
    held = 0;
    beginning = stateOf(closure([start], EDGE), EDGE);
  };

  const newKind = (code: number): number => {
    const side = asksWords && isWord(code) ? WORD : OTHER;
    let key = String(side);
    for (const set of sets) key += set.has(code) ? '1' : '0';
    let kind = kindOfKey.get(key);
    if (kind === undefined) {
      kind = examples.push(code) - 1;
      sides.push(side);
      kindOfKey.set(key, kind);
    }
    return kind;
  };
  const kindOf = (code: number): number => {
    if (code < 0) return INVALID;
    let page = otherKinds[code >> 8];
    if (page === undefined) {
      page = new Uint16Array(256).fill(UNSEEN);
      otherKinds[code >> 8] = page;
    }
    let kind = page[code & 255] as number;
    if (kind === UNSEEN) {
      kind = newKind(code);
      page[code & 255] = kind;
    }
    return kind;
  };

  const marks = new Uint32Array(steps.length);
  let mark = 0;
  /** Where steps lead before a character is taken; undefined where one is the end. `after` where the next character is known. */
  const closure = (from: Iterable<number>, before: number, after?: number): Int32Array | undefined => {
    mark++;
    const waiting = [...from].reverse();
    const reached: number[] = [];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (marks[at] === mark) continue;
      marks[at] = mark;
      const step = steps[at];
      if (step === undefined) continue;
      if (step.do === 'done') return undefined;
      if (step.do === 'take') reached.push(at);
      else if (step.do === 'fork') waiting.push(step.or, step.to);
      else if (step.do !== 'check') waiting.push(step.to);
      else if (after !== undefined) {
        if (isPlace(step.place, before, after)) waiting.push(step.to);
      } else if (step.place === 'line-start' || step.place === 'no-word-before') {
        if (isPlace(step.place, before, OTHER)) waiting.push(step.to);
      } else reached.push(at);
    }
    return Int32Array.from(reached).sort();
  };

  const stateOf = (reached: Int32Array | undefined, before: number): number => {
    if (reached === undefined) return MATCHED;
    if (reached.length === 0 && !asksWords) return OVER;
    const side = asksBefore ? before : OTHER;
    const key = `${side}:${reached.join()}`;
    let state = stateOfKey.get(key);
    if (state !== undefined) return state;
    state = members.length * width;
    held += reached.length + width + 8;
    if (state + width > table.length) {
      const bigger = new Int32Array(table.length * 2).fill(UNKNOWN);
      bigger.set(table);
      table = bigger;
    }
    members.push(reached);
    befores.push(side);
    stateOfKey.set(key, state);
    return state;
  };

  const next = (state: number, kind: number): number => {
    const row = state / width;
    const before = befores[row] as number;
    const side = sides[kind] as number;
    let here: Int32Array | undefined = members[row] as Int32Array;
    if (here.some((at) => steps[at]?.do === 'check')) here = closure(here, before, side);
    if (here === undefined) return MATCHED;
    if (kind === LINE_END) return beginning;
    const code = examples[kind] as number;
    const targets: number[] = [];
    for (const at of here) {
      const step = steps[at];
      if (step?.do === 'take' && code >= 0 && (sets[step.set] as { has(code: number): boolean }).has(code))
        targets.push(step.to);
    }
    targets.push(start);
    return stateOf(closure(targets, side), side);
  };

  /** The state behind one that is not in the table yet, or that lies in a table too small. */
  const learn = (state: number, kind: number): number => {
    if (examples.length > width || held > mostNumbers) {
      // Where we are is all that is kept.
      const here = members[state / width] as Int32Array;
      const before = befores[state / width] as number;
      while (examples.length > width) width *= 2;
      forget();
      return learn(stateOf(here, before), kind);
    }
    const found = next(state, kind);
    table[state + kind] = found;
    return found;
  };

  for (let code = 0; code < 0x80; code++) asciiKinds[code] = code === lineEnd ? LINE_END : newKind(code);
  while (examples.length > width) width *= 2;
  forget();

  return (text, from, to) => {
    if (from >= to) return -1;
    if (beginning === MATCHED) return from;
    if (beginning === OVER) return -1;
    let state = beginning;
    let rows = table;
    for (let at = from; at < to; ) {
      const code = text.charCodeAt(at);
      let kind: number;
      let length = 1;
      if (code < 0x80) {
        kind = asciiKinds[code] as number;
        const found = rows[state + kind] as number;
        if (found > MATCHED) {
          state = found;
          at++;
          continue;
        }
      } else {
        const character = characterAt(text, at);
        length = lengthOf(character);
        kind = kindOf(codeOf(character));
      }
      let found = kind < width ? (rows[state + kind] as number) : UNKNOWN;
      if (found === UNKNOWN) {
        found = learn(state, kind);
        rows = table;
      }
      if (found === MATCHED) return at;
      if (found === OVER) {
        const newline = text.indexOf(lineEndText, at);
        if (newline < 0 || newline >= to) return -1;
        at = newline + 1;
        state = beginning;
        continue;
      }
      state = found;
      at += length;
    }
    if (text.charCodeAt(to - 1) === lineEnd) return -1;
    const found = table[state] === UNKNOWN ? learn(state, LINE_END) : (table[state] as number);
    return found === MATCHED ? to - 1 : -1;
  };
};
