/**
 * The same lines as GNU grep -a in C.UTF-8 selects, and the same patterns refused, but for these differences. Of our choice:
 *
 * - In extended expressions \d \D \t \n \r \f \v are Perl's, inside brackets \w \W \s \S as well; to GNU grep they are letters (with a warning), in
 *   brackets a backslash and a letter. Basic expressions are GNU's.
 * - In extended expressions *? +? ?? {1,2}? are Perl's lazy quantifiers and (?:…) is a group without a number; to GNU grep the last ? is one more
 *   quantifier, so `a+?` may be nothing.
 * - Ranges and classes of letters beyond ASCII, [à-ÿ] and [[=é=]], are by code point; the C library of Debian 12 refuses them in C.UTF-8.
 * - -w with a pattern that can match nothing: the empty match counts wherever no word touches it; GNU grep tries it only where no other match begins.
 * - Classes and cases are those of the Unicode version in Node, which may be newer than the C library's.
 *
 * And where GNU grep answers by the engine it happens to use (its own, or the C library's, for back-references, some brackets and -w):
 *
 * - A byte that is not UTF-8 is never a word character, nor is a sequence above U+10FFFF any character.
 * - A quantifier behind ^ $ \< \> \b \B repeats that; $ before ^ matches an empty line; ^ and $ are the record's ends with -z, always.
 * - A quantifier with nothing to repeat repeats nothing, also before a ) or another quantifier; a { that begins no interval is itself, also at the beginning.
 * - With -w and -x a ) that closes nothing is itself; GNU grep puts the pattern in parentheses as a text.
 * - With -i a range keeps the order of its ends: [_-z] is one. A backslash changes no letter, and the Kelvin sign is itself only.
 * - What a back-reference means after a group that was repeated: the last time.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  anySyntax,
  type Case,
  canBeEmpty,
  corpus,
  isDifferent,
  ourStarts,
  ours,
  regular,
  selected,
  theirStarts,
  theirs,
} from './grep-patterns.js';

const version = spawnSync('grep', ['--version'], { encoding: 'utf8' });

describe.skipIf(!version.stdout?.includes('GNU grep'))('beside GNU grep', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-patterns-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'lines');
  const bytes = corpus();
  writeFileSync(file, bytes);
  const zeroFile = join(folder, 'zero');
  const zeroBytes = Buffer.from(bytes.map((byte, index) => (byte === 10 && index % 3 > 0 ? 0 : byte)));
  writeFileSync(zeroFile, zeroBytes);
  const text = bytes.toString('latin1');
  const zeroText = zeroBytes.toString('latin1');

  test('random patterns select the same lines, or are refused alike', () => {
    const flags = fc.record({
      ignoreCase: fc.boolean(),
      wholeWord: fc.nat(5).map((n) => n === 0),
      wholeLine: fc.nat(5).map((n) => n === 0),
      zero: fc.nat(5).map((n) => n === 0),
    });
    fc.assert(
      fc.property(anySyntax, fc.option(anySyntax, { freq: 6 }), flags, (one, other, rest) => {
        const patterns = other?.syntax === one.syntax ? [one.pattern, other.pattern] : [one.pattern];
        const options: Case = {
          ...{ patterns, syntax: one.syntax, ...rest },
          ...(rest.zero ? { text: zeroText, file: zeroFile } : { text, file }),
        };
        fc.pre(!isDifferent(options));
        expect(selected(ours(options), options)).toEqual(selected(theirs(options), options));
      }),
      { numRuns: Number(process.env['PATTERNS'] ?? 6000), seed: Number(process.env['SEED'] ?? 4) },
    );
  });

  // Where it ends may differ: theirs is the longest, ours the branch that stands first.
  test('the first match of a line begins at the same byte', () => {
    const rest = { syntax: 'extended', wholeWord: false, wholeLine: false, zero: false } as const;
    fc.assert(
      fc.property(regular(true), fc.boolean(), (pattern, ignoreCase) => {
        const options: Case = { patterns: [pattern], ignoreCase, ...rest, text, file };
        fc.pre(!isDifferent(options) && !/\\[bB<>1-9]/.test(pattern));
        fc.pre(ours(options) !== 'refused' && !canBeEmpty([pattern], 'extended'));
        expect(ourStarts(options)).toEqual(theirStarts(options));
      }),
      { numRuns: Number(process.env['PATTERNS'] ?? 1500), seed: Number(process.env['SEED'] ?? 4) },
    );
  });
});
