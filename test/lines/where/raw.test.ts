/** The raw search never passes over a line that the expression wants, however its JSON is written. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/lines/formats/index.js';
import { openSelector } from '../../../src/lines/selection.js';
import { parseWhere } from '../../../src/lines/where/index.js';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** How a record is written: what JSON allows, beyond what any one writer does. */
interface Spelling {
  readonly space: string;
  /** Every how many characters of texts is written as an escape; 0 for none. */
  readonly escapeEvery: number;
  /** Every how many members is written twice, first with another value; 0 for none. */
  readonly twiceEvery: number;
  readonly exponent: boolean;
}

const writer = ({ space, escapeEvery, twiceEvery, exponent }: Spelling) => {
  let characters = 0;
  let members = 0;
  const text = (value: string): string =>
    JSON.stringify(value).replace(/(?<!\\)[A-Za-z0-9_./é](?!$)/g, (character) => {
      characters++;
      if (escapeEvery === 0 || characters % escapeEvery !== 0) return character;
      return character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  const write = (value: Json): string => {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number' && exponent && value !== 0) return value.toExponential();
    if (Array.isArray(value)) return `[${value.map(write).join(`,${space}`)}]`;
    if (typeof value !== 'object' || value === null) return String(value);
    const parts = Object.entries(value).flatMap(([key, inner]) => {
      members++;
      const member = `${text(key)}${space}:${space}${write(inner)}`;
      return twiceEvery > 0 && members % twiceEvery === 0 ? [`${text(key)}:1`, member] : [member];
    });
    return `{${space}${parts.join(`,${space}`)}${space}}`;
  };
  return write;
};

const key = fc.constantFrom(
  ...[
    'cpu',
    'used_percent',
    'used',
    'percent',
    'cpu_used_percent',
    'cpu.used_percent',
    'filesystem',
    '/',
    '/var',
    'a b',
  ],
  ...[
    'host',
    'level',
    'msg',
    'time',
    'used-percent',
    'cpu used',
    'é',
    'top',
    'x"y',
    'back\\slash',
    '1st',
    'duration_ms',
  ],
);

const scalar = fc.oneof(
  fc.constantFrom<Json>(0, 1, 5, 91, 91.5, -3, 1e21, true, false, null),
  fc.constantFrom<Json>(
    '',
    '5',
    '91.5',
    'web-1',
    'web-1 x',
    '2.5s',
    '5kB',
    'a "b" c',
    '{"cpu":{"used_percent":91}}',
    'é',
    '/var',
    'l1\nl2',
    'cpu',
  ),
);

const { value } = fc.letrec<{ value: Json; record: { [key: string]: Json } }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    tie('record'),
    fc.array(tie('value'), { maxLength: 2 }),
  ),
  record: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
}));

const record = fc.dictionary(key, value, { maxKeys: 5 });

const spelling: fc.Arbitrary<Spelling> = fc.record({
  space: fc.constantFrom('', '', '', ' ', '\t'),
  escapeEvery: fc.constantFrom(0, 0, 0, 1, 3, 7),
  twiceEvery: fc.constantFrom(0, 0, 0, 1, 2),
  exponent: fc.constantFrom(false, false, true),
});

const name = fc.constantFrom(
  ...[
    'cpu.used_percent',
    'cpu_used_percent',
    'cpu.used.percent',
    'filesystem[/].used_percent',
    'filesystem[/var].used',
  ],
  ...[
    'filesystem.used_percent',
    'filesystem__used_percent',
    'filesystem__var_used',
    'top[5].used',
    'top.used',
    'host',
  ],
  ...[
    '"used-percent"',
    '"a b"',
    'a_b',
    'used_percent',
    'level',
    'msg',
    'time',
    'cpu',
    'cpu."used-percent"',
    'é_',
  ].filter((one) => one !== 'é_'),
  ...[
    '"é"',
    'cpu."é"',
    '"x\\"y"',
    '"back\\\\slash"',
    '_1st',
    'duration_ms',
    '"/var"',
    'top.percent',
    'cpu[used].percent',
  ],
);

const test = fc
  .tuple(
    name,
    fc.constantFrom('=', '!=', '=~', '!~', '>', '>=', '<', '<='),
    fc.constantFrom('5', '91', '91.5', '-3', '2s', '5kB', '1', '0'),
    fc.constantFrom('', '5', 'web-1', '91.5', 'é', '/var', 'a "b" c', 'l1\nl2', 'true', 'cpu', '1e+21'),
    fc.constantFrom('web.*', '.*', '5|91', '[a-z]+', 'é', '(?i)WEB-\\d', 'l1.l2', '.+'),
    fc.boolean(),
  )
  .map(([field, operator, amount, text, pattern, asText]) => {
    if (operator.endsWith('~')) return `${field} ${operator} \`${pattern}\``;
    return `${field} ${operator} ${asText && /^!?=$/.test(operator) ? JSON.stringify(text) : amount}`;
  });

const expression = fc.oneof(
  { weight: 3, arbitrary: test },
  { weight: 1, arbitrary: fc.tuple(test, test).map(([a, b]) => `${a} and ${b}`) },
  { weight: 1, arbitrary: fc.tuple(test, test, test).map(([a, b, c]) => `(${a} or ${b}), ${c}`) },
  { weight: 1, arbitrary: fc.tuple(test, test, test).map(([a, b, c]) => `${a} or ${b} and ${c}`) },
);

const context = { notAfter: 0 };
const json = FORMATS.get('json')!;

/** The lines that a search by `next` and `accept` finds, as a search does it. */
const search = (text: string, { next, accept }: ReturnType<typeof openSelector>) => {
  const bytes = Buffer.from(text).toString('latin1');
  const found: string[] = [];
  let looks = 0;
  for (let from = 0; from < bytes.length; ) {
    const at = next === undefined ? from : next(bytes, from);
    if (at < 0) break;
    expect(at).toBeGreaterThanOrEqual(from);
    const start = at === 0 ? 0 : bytes.lastIndexOf('\n', at - 1) + 1;
    const end = bytes.indexOf('\n', at) < 0 ? bytes.length : bytes.indexOf('\n', at);
    const line = Buffer.from(bytes.slice(start, end), 'latin1').toString();
    looks++;
    if (accept(line)) found.push(line);
    from = end + 1;
  }
  return { found, looks };
};

describe('the raw search', () => {
  it('passes over no line that is wanted', () => {
    let wanted = 0;
    let spared = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(record, spelling), { minLength: 1, maxLength: 6 }),
        expression,
        (records, where) => {
          const lines = records.map(([one, how]) => writer(how)(one));
          const selector = openSelector({ where: parseWhere(where), format: json, context });
          const expected = lines.filter((line) => selector.accept(line));
          wanted += expected.length;
          const { found, looks } = search(lines.join('\n'), selector);
          spared += lines.length - looks;
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 400 },
    );
    // Otherwise nothing was tried.
    expect(wanted).toBeGreaterThan(60);
    expect(spared).toBeGreaterThan(250);
  });

  const looksAt = (where: string, lines: readonly string[]): number =>
    search(lines.join('\n'), openSelector({ where: parseWhere(where), format: json, context })).looks;

  it('tells most lines without parsing them', () => {
    const sample = (used: number): string =>
      JSON.stringify({
        level: 30,
        host: 'web-1',
        cpu: { used_percent: used, iowait_percent: 99 },
        memory: { used_percent: 95 },
        filesystem: { '/': { used_percent: 92, device: '/dev/a' }, '/var': { used_percent: 20 } },
        pressure: { cpu_waiting_percent: 99 },
      });
    const lines = [sample(12), sample(95), sample(30)];
    expect(looksAt('cpu.used_percent > 90', lines)).toBe(1);
    expect(looksAt('cpu_used_percent > 90', lines)).toBe(1);
    expect(looksAt('filesystem[/var].used_percent > 80', lines)).toBe(0);
    expect(looksAt('filesystem__var_used_percent > 80', lines)).toBe(0);
    expect(looksAt('filesystem.used_percent > 93', lines)).toBe(0);
    expect(looksAt('filesystem.used_percent > 91', lines)).toBe(3);
    expect(looksAt('host = "web-2"', lines)).toBe(0);
    expect(looksAt('host =~ "web-[2-9]"', lines)).toBe(0);
    expect(looksAt('cpu.used_percent > 20 and cpu.used_percent < 40', lines)).toBe(1);
    expect(looksAt('cpu.used_percent > 94 or cpu.used_percent < 13', lines)).toBe(2);
    expect(looksAt('level >= 40', lines)).toBe(0);
  });

  it('knows a value by its place, not by its name', () => {
    expect(looksAt('a.b > 5', ['{"x":{"b":9},"a":{"b":1}}', '{"b":9,"a":1}', '{"a":"b","b":9}'])).toBe(0);
  });

  it('takes the last of two values of one name, as JSON.parse does', () => {
    expect(looksAt('a.b > 5', ['{"a":{"b":1,"b":9}}', '{"a":{"b":1},"a":{"b":9}}'])).toBe(2);
  });

  it('is not misled by texts that look like objects', () => {
    const lines = ['{"m":"\\"a\\":{\\"b\\":1}","a":{"c":"}","b":9}}', '{"a":{"c":"\\"b\\":1}","b":9}}'];
    expect(looksAt('a.b > 5', lines)).toBe(2);
  });

  it('minds escapes only of what it looks for', () => {
    expect(looksAt('host = "web-1"', ['{"host":"x","m":"\\u003cb\\u003e"}'])).toBe(0);
    expect(looksAt('host = "web-1"', ['{"\\u0068ost":"web-1"}', '{"host":"\\u0077eb-1"}'])).toBe(2);
  });

  it('is there only where a name has to stand in the line as it is', () => {
    const nextOf = (where: string, format = json) =>
      openSelector({ where: parseWhere(where), format, context }).next;
    expect(nextOf('status = 500')).toBeDefined();
    for (const where of [
      'host != "a"',
      'host = ""',
      'level = "warn"',
      'msg = "x"',
      'a = "b" or c !~ "d"',
      '_x = 5',
    ])
      expect(nextOf(where), where).toBeUndefined();
    expect(nextOf('status = 500', FORMATS.get('logfmt')!)).toBeUndefined();
  });
});

describe('formats whose raw lines are searched', () => {
  it('give the fields that JSON.parse gives', () => {
    const lines = [
      { level: 30, time: 1795232000000, host: 'a', msg: 'sample', v: 1, cpu: { used_percent: 5 } },
      { level: 30, time: 1795232000000, pid: 1, hostname: 'a', msg: 'x' },
      { name: 'n', hostname: 'h', pid: 1, level: 30, msg: 'm', time: '2026-11-21T10:00:00Z', v: 0 },
      { level: 'info', message: 'm', timestamp: '2026-11-21T10:00:00Z' },
      { level: 'info', msg: 'm', time: '2026-11-21T10:00:00Z' },
      { a: { b: [1, null] }, log: '{"x":1}' },
    ];
    let read = 0;
    for (const format of FORMATS.values()) {
      if (openSelector({ where: parseWhere('a > 1'), format, context }).next === undefined) continue;
      for (const line of lines) {
        const parsed = format.parse(JSON.stringify(line), context);
        if (parsed === undefined) continue;
        read++;
        expect(parsed.fields).toEqual(line);
      }
    }
    expect(read).toBeGreaterThan(8);
  });
});
