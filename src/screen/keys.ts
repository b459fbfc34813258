/** From the bytes a terminal sends to keys, pasted text and answers. A state machine: it knows no time and no stream. */

import { keyOf, keyOfCode, keyOfConsole, keyOfCsi, keyOfSs3 } from './key-names.js';

/**
 * `name` is the character itself where the key has one (`q`, `P`, ` `, `é`; with Ctrl the small letter), else up, down,
 * left, right, home, end, begin, pageup, pagedown, insert, delete, tab, enter, escape, backspace, f1 to f12.
 */
export interface Key {
  readonly kind: 'key';
  readonly name: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

export type Input =
  | Key
  /** Pasted in brackets, so nobody pressed these keys. */
  | { readonly kind: 'paste'; readonly text: string }
  /** The terminal's answer about a private mode (DECRPM): 0 not known, 1 set, 2 reset, 3 and 4 for ever so. */
  | { readonly kind: 'mode'; readonly mode: number; readonly state: number };

export interface Decoder {
  readonly feed: (bytes: Uint8Array) => readonly Input[];
  /** Whether it holds what may be a key by itself, or the beginning of more: then call flush after a while without input. */
  readonly isWaiting: () => boolean;
  /** Nothing more came: a lone ESC was the Escape key. */
  readonly flush: () => readonly Input[];
}

/** A key's name with its modifiers, for tables of keys: `q`, `ctrl-c`, `alt-x`, `shift-tab`, `ctrl-shift-left`. */
export const chordOf = ({ name, ctrl, alt, shift }: Key): string =>
  (ctrl ? 'ctrl-' : '') + (alt ? 'alt-' : '') + (shift ? 'shift-' : '') + name;

/** The character that a key types; undefined for any other key. */
export const textOf = ({ name, ctrl, alt }: Key): string | undefined =>
  ctrl ||
  alt ||
  (name.length > 1 && name.length !== String.fromCodePoint(name.codePointAt(0) as number).length)
    ? undefined
    : name;

type State = 'ground' | 'escape' | 'csi' | 'ss3' | 'console' | 'mouse' | 'string' | 'string-escape' | 'paste';

const ESC = 0x1b;
const CTRL_C = 0x03;
/** Longer sequences mean nothing to us. */
const LONGEST_SEQUENCE = 64;
const LONGEST_PASTE = 4096;
const PASTE_END = '\u001b[201~';
/** What begins a string that ends with BEL or ST: DCS, SOS, OSC, PM, APC. */
const STRINGS = 'PX]^_';

export const openDecoder = (): Decoder => {
  let state: State = 'ground';
  /** What came after the introducer; in a paste its bytes. */
  let held = '';
  /** An ESC stood before this sequence: Alt. */
  let alt = false;
  // A character of UTF-8 that has begun.
  let code = 0;
  let more = 0;
  let least = 0;
  let out: Input[] = [];

  const enter = (next: State): void => {
    state = next;
    held = '';
  };

  const give = (key: Key | undefined): void => {
    if (key !== undefined) out.push(alt ? { ...key, alt: true } : key);
    alt = false;
    enter('ground');
  };

  const endCsi = (final: string): void => {
    const [, sign = '', list = '', between = ''] = /^([<-?]?)([\d;:]*)([ -/]*)$/.exec(held) ?? [];
    const numbers = list.split(';').map((one) => (/^\d+/.test(one) ? Number.parseInt(one, 10) : undefined));
    const [first, second] = numbers;
    if (held === '200' && final === '~') {
      enter('paste');
      return;
    }
    if (held === '' && final === 'M') {
      enter('mouse');
      return;
    }
    if (sign === '?' && between === '$' && final === 'y' && first !== undefined && second !== undefined)
      out.push({ kind: 'mode', mode: first, state: second });
    // kitty tells with `:3` that a key was let go.
    const isKey = sign === '' && between === '' && held === list && !/:3(;|$)/.test(list);
    give(isKey ? keyOfCsi(numbers, final) : undefined);
  };

  /** Of characters and control characters alike. */
  const takeCharacter = (byte: number): void => {
    if (more > 0 && (byte & 0xc0) === 0x80) {
      code = (code << 6) | (byte & 0x3f);
      more--;
      // Overlong forms, surrogates, C1 and what lies beyond Unicode are no characters.
      const isCharacter =
        code >= least && code >= 0xa0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
      if (more === 0) give(isCharacter ? keyOfCode(code) : undefined);
      return;
    }
    more = 0;
    if (byte < 0x80) give(keyOfCode(byte));
    else if (byte >= 0xf0 && byte < 0xf5) [code, more, least] = [byte & 0x07, 3, 0x10000];
    else if (byte >= 0xe0 && byte < 0xf0) [code, more, least] = [byte & 0x0f, 2, 0x800];
    else if (byte >= 0xc2 && byte < 0xe0) [code, more, least] = [byte & 0x1f, 1, 0x80];
    else alt = false;
  };

  /** In a sequence: at ESC another one begins, any other control character is the key that it is by itself. */
  const breaksOff = (byte: number): boolean => {
    if (byte >= 0x20 && byte < 0x7f) return false;
    alt = false;
    enter('ground');
    take.ground(byte);
    return true;
  };

  const take: Readonly<Record<State, (byte: number) => void>> = {
    ground: (byte) => {
      if (byte === ESC) {
        more = 0;
        alt = false;
        enter('escape');
      } else takeCharacter(byte);
    },
    escape: (byte) => {
      const letter = String.fromCharCode(byte);
      if (letter === '[') enter('csi');
      else if (letter === 'O') enter('ss3');
      // rxvt sends Alt with an arrow as ESC before its sequence; a third ESC says that the first was Escape.
      else if (byte === ESC && alt) out.push(keyOf('escape'));
      else if (byte === ESC) alt = true;
      else if (STRINGS.includes(letter)) {
        enter('string');
        held = letter;
      } else {
        alt = true;
        enter('ground');
        takeCharacter(byte);
      }
    },
    csi: (byte) => {
      if (breaksOff(byte)) return;
      const letter = String.fromCharCode(byte);
      if (held === '' && letter === '[') enter('console');
      // rxvt ends with `$`, which elsewhere stands before the end.
      else if (byte >= 0x40 || (letter === '$' && /^\d+$/.test(held))) endCsi(letter);
      else if (held.length < LONGEST_SEQUENCE) held += letter;
      else give(undefined);
    },
    ss3: (byte) => {
      if (breaksOff(byte)) return;
      const letter = String.fromCharCode(byte);
      if (held === '' && /\d/.test(letter)) held = letter;
      else give(keyOfSs3(held === '' ? undefined : Number(held), letter));
    },
    console: (byte) => {
      if (!breaksOff(byte)) give(keyOfConsole(String.fromCharCode(byte)));
    },
    // An old mouse report has three bytes more.
    mouse: () => {
      held += ' ';
      if (held.length === 3) give(undefined);
    },
    string: (byte) => {
      if (byte === ESC) state = 'string-escape';
      else if (byte === 0x07 || byte === 0x18 || byte === 0x1a) give(undefined);
      else if (held.length === 1) held += ' ';
    },
    'string-escape': (byte) => {
      if (byte === 0x5c) {
        give(undefined);
        return;
      }
      alt = false;
      enter('escape');
      take.escape(byte);
    },
    paste: (byte) => {
      // No terminal pastes Ctrl-C, so a bracket that never closes cannot lock the keys.
      if (byte === CTRL_C) {
        enter('ground');
        takeCharacter(byte);
        return;
      }
      held += String.fromCharCode(byte);
      if (held.endsWith(PASTE_END)) {
        const bytes = held.slice(0, -PASTE_END.length).slice(0, LONGEST_PASTE);
        out.push({ kind: 'paste', text: Buffer.from(bytes, 'latin1').toString('utf8') });
        give(undefined);
      } else if (held.length > 2 * LONGEST_PASTE)
        held = held.slice(0, LONGEST_PASTE) + held.slice(-PASTE_END.length);
    },
  };

  const taken = (): readonly Input[] => {
    const all = out;
    out = [];
    return all;
  };

  /** What had begun, as the keys that people press: ESC, Alt with the introducer, or nothing. */
  const settle = (): void => {
    if (state === 'escape') out.push(keyOf('escape'));
    else if (state === 'csi' && held === '') out.push(keyOf('[', 2));
    else if (state === 'ss3' && held === '') out.push(keyOf('O', 2));
    else if (state === 'string' && held.length === 1) out.push(keyOf(held, 2));
    alt = false;
    more = 0;
    enter('ground');
  };

  return {
    feed: (bytes) => {
      for (const byte of bytes) take[state](byte);
      return taken();
    },
    isWaiting: () => (state !== 'ground' && state !== 'paste') || more > 0,
    flush: () => {
      if (state !== 'paste') settle();
      return taken();
    },
  };
};
