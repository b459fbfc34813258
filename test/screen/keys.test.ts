import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chordOf, type Input, openDecoder, textOf } from '../../src/screen/keys.js';

const bytes = (text: string): Uint8Array => Buffer.from(text.replaceAll('^[', '\u001b'), 'utf8');

const say = (input: Input): string =>
  input.kind === 'key'
    ? chordOf(input)
    : input.kind === 'paste'
      ? `paste(${input.text})`
      : `mode(${input.mode}=${input.state})`;

/** What the bytes are decoded to, and the rest after nothing more came. */
const decode = (...chunks: readonly Uint8Array[]): readonly string[] => {
  const decoder = openDecoder();
  const inputs = chunks.flatMap((chunk) => decoder.feed(chunk));
  return [...inputs, ...decoder.flush()].map(say);
};

it.each([
  ['q', 'q'],
  ['P', 'P'],
  [' ', ' '],
  ['é数🎉', 'é 数 🎉'],
  ['\u0003', 'ctrl-c'],
  ['\u001a', 'ctrl-z'],
  ['\u000c', 'ctrl-l'],
  ['\u0000', 'ctrl- '],
  ['\u001c', 'ctrl-\\'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\u007f\b', 'backspace backspace'],
  ['^[', 'escape'],
  ['^[^[', 'escape'],
  ['^[x', 'alt-x'],
  ['^[é', 'alt-é'],
  ['^[\u0003', 'ctrl-alt-c'],
  ['^[[', 'alt-['],
  ['^[O', 'alt-O'],
  ['^[]', 'alt-]'],
  // xterm, and its application mode.
  ['^[[A^[[B^[[C^[[D', 'up down right left'],
  ['^[OA^[OB^[OC^[OD', 'up down right left'],
  ['^[[H^[[F^[OH^[OF', 'home end home end'],
  ['^[[2~^[[3~^[[5~^[[6~', 'insert delete pageup pagedown'],
  [
    '^[OP^[OQ^[OR^[OS^[[15~^[[17~^[[18~^[[19~^[[20~^[[21~^[[23~^[[24~',
    'f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12',
  ],
  [
    '^[[1;5C^[[1;2A^[[1;3D^[[1;6F^[[3;5~^[[1;2P^[[15;5~',
    'ctrl-right shift-up alt-left ctrl-shift-end ctrl-delete shift-f1 ctrl-f5',
  ],
  ['^[O5C^[[Z^[[1;5R', 'ctrl-right shift-tab ctrl-f3'],
  ['^[[27;5;9~^[[97;5u^[[13;2u^[[97;1:3u', 'ctrl-tab ctrl-a shift-enter'],
  // The Linux console.
  ['^[[1~^[[4~^[[[A^[[[B^[[[C^[[[D^[[[E', 'home end f1 f2 f3 f4 f5'],
  // rxvt.
  [
    '^[[7~^[[8~^[[11~^[[14~^[[a^[Oa^[Od^[[3$^[[3^^[[3@^[^[[A',
    'home end f1 f4 shift-up ctrl-up ctrl-left shift-delete ctrl-delete ctrl-shift-delete alt-up',
  ],
  // The keypad.
  ['^[OM^[Ok^[Om^[Oy', 'enter + - 9'],
  // Answers and pasted text are no keys.
  ['^[[?2026;2$yq', 'mode(2026=2) q'],
  ['^[[200~q\nrm 数^[[A^[[201~x', 'paste(q\nrm 数\u001b[A) x'],
  ['^[[200~abc\u0003q', 'ctrl-c q'],
  // What is not for us.
  ['^[[?62;c^[[0n^[[>1;10;0c^[[5;10$zq', 'q'],
  ['^[[Mabcq^[[<0;10;20Mq^[[<0;10;20mq', 'q q q'],
  ['^[]11;rgb:0000/0000/0000^[\\q^[]0;title\u0007q^[P1$r0m^[\\q', 'q q q'],
  ['^[[12;\u0003q^[[5^[[A', 'ctrl-c q up'],
  ['^[]never ends', ''],
  [`^[[${'1'.repeat(100)}~`, '1'.repeat(35).split('').join(' ').concat(' ~')],
])('%j is %s', (typed, keys) => {
  expect(decode(bytes(typed)).join(' ')).toBe(keys);
});

it('leaves out bytes that are no UTF-8', () => {
  expect(
    decode(Uint8Array.of(0xff, 0xc3, 0x28, 0xe2, 0x82, 0x71, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0x9b, 0x41)),
  ).toEqual(['(', 'q', 'A']);
});

it('tells which keys type', () => {
  const typed = openDecoder().feed(bytes('aP 数🎉^[x\u0003\r^[[A'));
  expect(typed.map((one) => (one.kind === 'key' ? textOf(one) : ''))).toEqual([
    'a',
    'P',
    ' ',
    '数',
    '🎉',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

describe('waiting', () => {
  it.each([
    ['', false],
    ['q', false],
    ['^[', true],
    ['^[[1;', true],
    ['^[[A', false],
    ['^[[200~abc', false],
  ])('%j: %s', (typed, waits) => {
    const decoder = openDecoder();
    decoder.feed(bytes(typed));
    expect(decoder.isWaiting()).toBe(waits);
    decoder.flush();
    expect(decoder.isWaiting()).toBe(false);
  });

  it('takes Escape for Escape only when told that nothing more comes', () => {
    const decoder = openDecoder();
    expect(decoder.feed(bytes('^['))).toEqual([]);
    expect(decoder.flush().map(say)).toEqual(['escape']);
    expect(decoder.feed(bytes('[A')).map(say)).toEqual(['[', 'A']);
  });
});

const SOME = [
  'q',
  'é',
  '数',
  '🎉',
  '\u0003',
  '\u001b[A',
  '\u001b[1;5C',
  '\u001bOP',
  '\u001b[[A',
  '\u001bx',
  '\u001b[?2026;1$y',
  '\u001b[200~a\u001b[201~',
  '\u001b]0;t\u0007',
];

it('decodes the same however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SOME)), fc.integer({ min: 1, max: 5 }), (list, size) => {
      const all = Buffer.from(list.join(''));
      const cut: Uint8Array[] = [];
      for (let i = 0; i < all.length; i += size) cut.push(all.subarray(i, i + size));
      expect(decode(...cut)).toEqual(decode(all));
      expect(decode(all)).toEqual(list.flatMap((one) => decode(Buffer.from(one))));
    }),
  );
});

it('takes any junk and comes back to keys', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (junk) => {
      const decoder = openDecoder();
      decoder.feed(junk);
      decoder.flush();
      // Ctrl-C ends a paste that junk may have begun.
      decoder.feed(Uint8Array.of(3));
      expect(decoder.feed(bytes('q')).map(say)).toEqual(['q']);
    }),
  );
});
