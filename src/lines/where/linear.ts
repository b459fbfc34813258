/**
 * A pattern tried in all ways at once (Thompson 1968, as RE2 does it), so that its time grows with the text alone. Slower than V8's own for most
 * patterns, which tries one way after the other; for `(a+)+b` that one never ends.
 */

/** What a pattern is made of, in JavaScript's spelling: one character, a group's ends, `|`, a quantifier or a place. */
export type Pieces = readonly string[];

type Step =
  | { readonly kind: 'character'; readonly is: (text: string, at: number) => boolean }
  | { readonly kind: 'place'; readonly is: (text: string, at: number) => boolean }
  | Fork
  | { readonly kind: 'match' };

/** Goes on in two places. */
interface Fork {
  readonly kind: 'fork';
  first: number;
  second: number;
}

/** A part of a pattern, to be laid out as steps, perhaps several times. */
type Part =
  | { readonly kind: 'one'; readonly step: Step }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Part[] }
  | Repeat;

interface Repeat {
  readonly kind: 'repeat';
  readonly part: Part;
  readonly min: number;
  readonly max: number;
}

const PLACES = new Set(['^', '$', '\\b', '\\B', '(?<![^])', '(?![^])']);

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})$/;

const timesOf = (piece: string): { min: number; max: number } | undefined => {
  const found = QUANTIFIER.exec(piece);
  if (found === null) return undefined;
  if (piece === '?') return { min: 0, max: 1 };
  if (piece === '*' || piece === '+') return { min: piece === '+' ? 1 : 0, max: Number.POSITIVE_INFINITY };
  const [, low = '', comma, high = ''] = found;
  const max = comma === '' ? Number(low) : high === '' ? Number.POSITIVE_INFINITY : Number(high);
  return { min: Number(low), max };
};

const stepOf = (piece: string, flags: string): Step => {
  const pattern = new RegExp(piece, `${flags}y`);
  const is = (text: string, at: number): boolean => {
    pattern.lastIndex = at;
    return pattern.test(text);
  };
  return { kind: PLACES.has(piece) ? 'place' : 'character', is };
};

/** The pieces are known to be a pattern. */
const parse = (pieces: Pieces, flags: string): Part => {
  let at = 0;
  const sequence = (): Part => {
    const parts: Part[] = [];
    while (at < pieces.length && pieces[at] !== '|' && pieces[at] !== ')') {
      const piece = pieces[at++] as string;
      const isGroup = piece === '(' || piece === '(?:';
      let part: Part = isGroup ? choice() : { kind: 'one', step: stepOf(piece, flags) };
      if (isGroup) at++;
      const times = at < pieces.length ? timesOf(pieces[at] as string) : undefined;
      if (times !== undefined) {
        at++;
        // Which way is preferred makes no difference to whether there is one.
        if (pieces[at] === '?') at++;
        part = { kind: 'repeat', part, ...times };
      }
      parts.push(part);
    }
    return { kind: 'sequence', parts };
  };
  const choice = (): Part => {
    const parts = [sequence()];
    while (pieces[at] === '|') {
      at++;
      parts.push(sequence());
    }
    return { kind: 'choice', parts };
  };
  return choice();
};

/** A pattern with more steps is refused: `(a{1000}){1000}`. RE2 has such a limit as well. */
const MOST_STEPS = 20_000;

/** Undefined for a pattern with too many steps. */
const layOut = (whole: Part): readonly Step[] | undefined => {
  const steps: Step[] = [];
  const fork = (): Fork => {
    const step: Fork = { kind: 'fork', first: steps.length + 1, second: steps.length + 1 };
    steps.push(step);
    return step;
  };
  const add = (part: Part): void => {
    if (steps.length > MOST_STEPS) return;
    switch (part.kind) {
      case 'one':
        steps.push(part.step);
        return;
      case 'sequence':
        part.parts.forEach(add);
        return;
      case 'choice':
        addChoice(part.parts);
        return;
      case 'repeat':
        addRepeat(part);
    }
  };
  const addChoice = (parts: readonly Part[]): void => {
    const ends = parts.slice(0, -1).map((one) => {
      const way = fork();
      add(one);
      const end = fork();
      way.second = steps.length;
      return end;
    });
    add(parts.at(-1) as Part);
    for (const end of ends) {
      end.first = steps.length;
      end.second = steps.length;
    }
  };
  const addRepeat = ({ part, min, max }: Repeat): void => {
    for (let time = 0; time < min; time++) add(part);
    if (max === Number.POSITIVE_INFINITY) {
      const start = steps.length;
      const way = fork();
      add(part);
      const back = fork();
      back.first = start;
      back.second = start;
      way.second = steps.length;
      return;
    }
    const ways: Fork[] = [];
    for (let time = min; time < max && steps.length <= MOST_STEPS; time++) {
      ways.push(fork());
      add(part);
    }
    for (const way of ways) way.second = steps.length;
  };
  add(whole);
  steps.push({ kind: 'match' });
  return steps.length > MOST_STEPS ? undefined : steps;
};

/** Whether the pattern is the whole of a text; undefined for a pattern that is too large. `flags` are JavaScript's. */
export const compileLinear = (pieces: Pieces, flags: string): ((text: string) => boolean) | undefined => {
  const steps = layOut(parse(pieces, flags));
  if (steps === undefined) return undefined;
  /** At which character a step was last reached. */
  const reached = new Int32Array(steps.length);
  return (text) => {
    reached.fill(-1);
    let now: number[] = [];
    const reach = (list: number[], from: number, at: number): void => {
      const todo = [from];
      for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
        if (reached[index] === at) continue;
        reached[index] = at;
        const step = steps[index] as Step;
        if (step.kind === 'fork') todo.push(step.second, step.first);
        else if (step.kind !== 'place') list.push(index);
        else if (step.is(text, at)) todo.push(index + 1);
      }
    };
    reach(now, 0, 0);
    for (let at = 0; at < text.length && now.length > 0; ) {
      const next = at + ((text.codePointAt(at) as number) > 0xffff ? 2 : 1);
      const then: number[] = [];
      for (const index of now) {
        const step = steps[index] as Step;
        if (step.kind === 'character' && step.is(text, at)) reach(then, index + 1, next);
      }
      now = then;
      at = next;
    }
    return reached[steps.length - 1] === text.length;
  };
};
