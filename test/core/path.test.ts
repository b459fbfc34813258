import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPath, type Path, PathError, parsePath, readPath } from '../../src/core/path.js';

test.each<[string, Path]>([
  ['memory.used_percent', { group: 'memory', field: 'used_percent' }],
  ['filesystem[/var].used_percent', { group: 'filesystem', id: ['/var'], field: 'used_percent' }],
  ['hwmon["coretemp","temp 1"].celsius', { group: 'hwmon', id: ['coretemp', 'temp 1'], field: 'celsius' }],
  ['hwmon[ coretemp , temp 1 ].celsius', { group: 'hwmon', id: ['coretemp', 'temp 1'], field: 'celsius' }],
  ['filesystem[/a.b/c d].free_bytes', { group: 'filesystem', id: ['/a.b/c d'], field: 'free_bytes' }],
  ['filesystem["/a\\"]b"].free_bytes', { group: 'filesystem', id: ['/a"]b'], field: 'free_bytes' }],
  ['network[""].mtu', { group: 'network', id: [''], field: 'mtu' }],
  ['network["\\u00e9"].mtu', { group: 'network', id: ['é'], field: 'mtu' }],
  ['meminfo.Active_anon_bytes', { group: 'meminfo', field: 'Active_anon_bytes' }],
])('%s is a path', (text, path) => {
  expect(parsePath(text)).toEqual(path);
});

test.each<[string, number, string]>([
  ['', 0, 'expected a group name'],
  ['9memory.x', 0, 'expected a group name'],
  ['memory', 6, 'expected "." and a field after "memory"'],
  ['memory.', 7, 'expected a field name'],
  ['memory.9', 7, 'expected a field name'],
  ['memory used', 6, 'expected "." and a field'],
  ['memory.used percent', 11, 'unexpected " percent"'],
  ['memory.used_percent>90', 19, 'unexpected ">90"'],
  ['filesystem[].used', 11, 'expected a name between the brackets'],
  ['filesystem[ ].used', 12, 'expected a name between the brackets'],
  ['filesystem[a,].used', 13, 'expected a name between the brackets'],
  ['filesystem[/var', 15, 'expected "," or "]"'],
  ['filesystem["/var].used', 11, 'unfinished quote'],
  ['filesystem["/var\\', 11, 'unfinished quote'],
  ['filesystem["/v\\ar"].used', 11, 'bad escape'],
  ['filesystem["/var"x].used', 17, 'expected "," or "]"'],
  ['filesystem[/var]used', 16, 'expected "." and a field after "filesystem[/var]"'],
  ['filesystem[/var][b].used', 16, 'expected "."'],
])('%s is refused at character %d', (text, at, message) => {
  let error: unknown;
  try {
    parsePath(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(PathError);
  expect(error).toMatchObject({ at, message: expect.stringContaining(message) });
});

test('inside a larger text a path ends where its field ends', () => {
  const text = 'avg(filesystem["a.b)"].used_percent) > 3';
  expect(readPath(text, 4)).toEqual({
    path: { group: 'filesystem', id: ['a.b)'], field: 'used_percent' },
    end: 35,
  });
});

test.each([
  ['/var', 'g[/var].f'],
  ['temp 1', 'g[temp 1].f'],
  [' x', 'g[" x"].f'],
  ['', 'g[""].f'],
  ['a,b', 'g["a,b"].f'],
  ['a]b', 'g["a]b"].f'],
  ['[a', 'g["[a"].f'],
  ['a"b', 'g["a\\"b"].f'],
  ['a\nb', 'g["a\\nb"].f'],
  ['a\u0007b', 'g["a\\u0007b"].f'],
  ['Größe', 'g[Größe].f'],
])('the name %j is written so that it can be read back', (name, text) => {
  expect(formatPath({ group: 'g', id: [name], field: 'f' })).toBe(text);
});

test('a row without an identity has no brackets', () => {
  expect(formatPath({ group: 'memory', id: [], field: 'used_percent' })).toBe('memory.used_percent');
});

const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/);
const awkward = fc.array(
  fc.constantFrom(
    '"',
    "'",
    '[',
    ']',
    ',',
    '.',
    ' ',
    '\\',
    '\n',
    '\t',
    '\0',
    '\u00a0',
    '\u2028',
    '\ud800',
    'é',
    '/',
    'a',
  ),
  { maxLength: 8 },
);
const name = fc.oneof(
  awkward.map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', '100%', '=~', '{}'),
);

test('every path is read back from its text as the same, and its text is one line', () => {
  const path = fc.record<Path>({
    group: word,
    id: fc.array(name, { minLength: 1, maxLength: 3 }),
    field: word,
  });
  fc.assert(
    fc.property(path, word, (one, after) => {
      const text = formatPath(one);
      expect(parsePath(text)).toEqual(one);
      expect(readPath(`${after} ${text} ${after}`, after.length + 1)).toEqual({
        path: one,
        end: after.length + 1 + text.length,
      });
      expect(text).not.toMatch(/[\n\r\0]/);
    }),
    { numRuns: 500 },
  );
});

test('whatever the text, it is a path or is refused at a place in it', () => {
  const piece = fc.constantFrom('a', '[', ']', '"', ',', '.', ' ', '\\', '\\u12');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
      (text) => {
        try {
          const path = parsePath(text);
          expect(parsePath(formatPath(path))).toEqual(path);
        } catch (error) {
          expect(error).toBeInstanceOf(PathError);
          expect((error as PathError).at).toSatisfy((at: number) => at >= 0 && at <= text.length);
        }
      },
    ),
    { numRuns: 500 },
  );
});
