/** `.` is a pattern to who counts lines with it, and a folder to who goes through folders. */

import { expect, test } from 'vitest';
import { isFile } from '../../src/commands/grep/split-words.js';

test.each([
  ['.', false, false],
  ['..', false, false],
  ['.', true, true],
  ['-', false, true],
  ['test', false, true],
  ['no-such-file', true, false],
])('%s is a file, with -r %s: %s', (word, recurses, expected) => {
  expect(isFile(word, recurses)).toBe(expected);
});
