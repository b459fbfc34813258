/**
 * Label filter expressions. Cases marked "Loki" are of its documentation, "Log queries", section "Label filter expression"
 * (https://grafana.com/docs/loki/latest/query/log_queries/#label-filter-expression), and its section on the json parser.
 */

import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/exit.js';
import type { Fields, LogLine } from '../../../src/lines/line.js';
import { parseWhere, valueIn } from '../../../src/lines/where/index.js';

const is = (where: string, fields: Fields, rest: Partial<LogLine> = {}): boolean =>
  parseWhere(where).test({ fields, ...rest });

/** Lines of `expression: fields that pass | fields that do not`. */
type Case = readonly [where: string, passing: readonly Fields[], failing: readonly Fields[]];

const check = (cases: readonly Case[]): void => {
  for (const [where, passing, failing] of cases) {
    for (const fields of passing)
      expect(is(where, fields), `${where} of ${JSON.stringify(fields)}`).toBe(true);
    for (const fields of failing)
      expect(is(where, fields), `${where} of ${JSON.stringify(fields)}`).toBe(false);
  }
};

const ALL = { duration: '30ms', size: '20kB', method: 'GET' };

describe('comparisons', () => {
  it('hold texts against texts', () => {
    check([
      [
        'cluster = "namespace"',
        [{ cluster: 'namespace' }],
        [{ cluster: 'other' }, {}, { cluster: 'Namespace' }],
      ],
      ['a != "b"', [{ a: 'c' }, {}, { a: null }, { a: { x: 1 } }], [{ a: 'b' }]],
      ['a == "b"', [{ a: 'b' }], [{ a: 'c' }]],
      ['a = ""', [{}, { a: '' }, { a: null }, { a: [] }], [{ a: 0 }, { a: false }]],
      ['a = "5"', [{ a: 5 }, { a: '5' }], [{ a: '5.0' }]],
      ['a = "true"', [{ a: true }], [{ a: false }]],
      ['a = "x\\"y\\t\\u00e9\\x41"', [{ a: 'x"y\té\x41' }], []],
      ['a = `x"\\n`', [{ a: 'x"\\n' }], []],
    ]);
  });

  it('anchor patterns at both ends', () => {
    check([
      ['a =~ "b.*"', [{ a: 'bc' }, { a: 'b' }, { a: 'b\nc' }], [{ a: 'ab' }, {}]],
      ['a =~ "b|c"', [{ a: 'b' }, { a: 'c' }], [{ a: 'bc' }, { a: 'bx' }, { a: 'xc' }]],
      ['a !~ "2.."', [{ a: '500' }, { a: 500 }, {}], [{ a: '200' }, { a: 204 }]],
      ['a =~ `\\d+`', [{ a: 12 }], [{ a: '1a' }]],
      ['a =~ ".*"', [{}, { a: 'x' }], []],
      ['a =~ "(?i)warn"', [{ a: 'WARN' }], [{ a: 'WARNING' }]],
    ]);
  });

  it('hold numbers against numbers, written as texts too', () => {
    check([
      [
        'status >= 500',
        [{ status: 500 }, { status: '503' }, { status: '5e2' }],
        [{ status: 404 }, { status: '5xx' }, {}],
      ],
      ['status = 500', [{ status: '500' }, { status: '500.0' }], [{ status: '500 ' }]],
      ['status == 500', [{ status: 500 }], [{ status: 501 }]],
      [
        'status != 500',
        [{ status: 404 }],
        [{ status: 500 }, {}, { status: 'x' }, { status: null }, { status: true }],
      ],
      ['a < -1.5', [{ a: -2 }], [{ a: -1.5 }]],
      ['a <= +1e3', [{ a: 1000 }], [{ a: 1001 }]],
      ['a > 0x10', [{ a: 17 }], [{ a: 16 }]],
      ['a > .5', [{ a: 1 }], [{ a: 0.5 }]],
      ['a > 90%', [{ a: 91 }], [{ a: 90 }]],
      ['a > 1', [{ a: '+Inf' }], [{ a: 'NaN' }, { a: '-Inf' }]],
    ]);
  });

  it('hold durations against durations', () => {
    check([
      [
        'duration > 2s',
        [{ duration: '2.5s' }, { duration: '1m' }, { duration: '2001ms' }],
        [{ duration: '150ms' }, { duration: '2s' }],
      ],
      ['d >= 1h30m', [{ d: '1h30m' }, { d: '90m' }, { d: '5400s' }], [{ d: '1h29m59s' }]],
      ['d = 150us', [{ d: '150µs' }, { d: '150μs' }, { d: '0.15ms' }, { d: '150000ns' }], [{ d: '151us' }]],
      ['d < 0s', [{ d: '-1ms' }], [{ d: '0' }]],
      ['d > -1s', [{ d: '0' }], [{ d: '-2s' }]],
      ['d > 1d', [{ d: '25h' }, { d: '2d' }], [{ d: '1h' }]],
      // A bare number says nothing about its unit, unless the name does.
      ['d > 2s', [], [{ d: 5 }, { d: '5' }, { d: '5 apples' }]],
      ['d != 2s', [{ d: '1s' }], [{ d: 5 }, {}]],
      ['took_ms > 2s', [{ took_ms: 2001 }, { took_ms: '2001' }], [{ took_ms: 1999 }]],
      ['tookMs > 2s', [{ tookMs: 2001 }], [{ tookMs: 1999 }]],
      ['uptime_seconds > 2m', [{ uptime_seconds: 121 }], [{ uptime_seconds: 120 }]],
      ['items > 2s', [], [{ items: 1e12 }]],
    ]);
  });

  it('hold sizes against sizes, as go-humanize reads them', () => {
    check([
      [
        'size > 20kb',
        [{ size: '21kB' }, { size: '20 KiB' }, { size: 20_001 }, { size: '20001' }],
        [{ size: '20kB' }, { size: 20_000 }],
      ],
      ['size = 1.5KiB', [{ size: 1536 }, { size: '1.5 kib' }], [{ size: '1.5kB' }]],
      ['size < 500MB', [{ size: '1,024 kb' }], [{ size: '1GB' }, { size: '500 MB' }]],
      ['size >= 5GB', [{ size: 5e9 }, { size: '5GiB' }], [{ size: '4.9gb' }]],
      ['size = 23b', [{ size: 23 }, { size: '23B' }], [{}]],
      ['size = 5k', [{ size: 5000 }], [{ size: 5120 }]],
      ['a >= 1eib', [{ a: 2 ** 60 }], [{ a: 2 ** 59 }]],
    ]);
  });
});

describe('expressions', () => {
  it('take comma, space and "and" for the same (Loki)', () => {
    for (const join of [' and ', ' , ', ',', ' ', ' AND ', '\n']) {
      const where = `duration >= 20ms${join}size == 20kb${join}method!~"2.."`;
      expect(is(where, ALL), where).toBe(true);
      expect(is(where, { ...ALL, duration: '10ms' }), where).toBe(false);
      expect(is(where, { ...ALL, size: 1 }), where).toBe(false);
      expect(is(where, { ...ALL, method: '200' }), where).toBe(false);
    }
  });

  /** What a = 1, b = 1, c = 1 give for all values of a, b and c. */
  const table = (where: string): string =>
    [...Array(8).keys()]
      .map((bits) => (is(where, { a: bits >> 2, b: (bits >> 1) & 1, c: bits & 1 }) ? '1' : '0'))
      .join('');

  it('bind "and" tighter than "or"', () => {
    const both = table('a = 1 or (b = 1 and c = 1)');
    expect(both).toBe('00011111');
    for (const join of [' and ', ', ', ' ']) expect(table(`a = 1 or b = 1${join}c = 1`)).toBe(both);
    const first = table('(a = 1 and b = 1) or c = 1');
    expect(first).toBe('01010111');
    for (const join of [' and ', ', ', ' ']) expect(table(`a = 1${join}b = 1 or c = 1`)).toBe(first);
    expect(table('(a = 1 or b = 1) and c = 1')).toBe('00010101');
    expect(table('(a = 1 or b = 1) c = 1')).toBe('00010101');
    expect(table('c = 1 (a = 1 or b = 1)')).toBe('00010101');
  });

  it('end at a pipe, which begins another (Loki)', () => {
    expect(table('a = 1 or b = 1 | c = 1')).toBe(table('(a = 1 or b = 1) and c = 1'));
    expect(table('a = 1 | b = 1 or c = 1')).toBe(table('a = 1 and (b = 1 or c = 1)'));
  });

  it('need no blanks', () => {
    expect(is('a="b"c>1(d="2"or e=1)', { a: 'b', c: 2, e: 1 })).toBe(true);
    expect(is('a>=5ms,b!="x"', { a: '5ms' })).toBe(true);
  });
});

const SAMPLE: Fields = {
  level: 40,
  host: 'web-1',
  cpu: { used_percent: 91.5 },
  filesystem: { '/': { used_percent: 20, fstype: 'ext4' }, '/var': { used_percent: 85, fstype: 'xfs' } },
  hwmon: { coretemp: { 'temp 1': { celsius: 60 }, 'temp 2': { celsius: 70 } } },
  top: [
    { pid: 812, name: 'postgres', cpu_percent: 38 },
    { pid: 7, name: 'sh', cpu_percent: 1 },
  ],
};

describe('names', () => {
  it('are paths', () => {
    const line = { fields: SAMPLE };
    expect(valueIn(line, 'cpu.used_percent')).toBe(91.5);
    expect(valueIn(line, 'filesystem[/var].used_percent')).toBe(85);
    expect(valueIn(line, 'filesystem["/var"].used_percent')).toBe(85);
    expect(valueIn(line, 'hwmon["coretemp","temp 2"].celsius')).toBe(70);
    expect(valueIn(line, 'hwmon[coretemp, temp 2].celsius')).toBe(70);
    expect(valueIn(line, 'top[812].name')).toBe('postgres');
    expect(valueIn(line, 'top[1].name')).toBe('sh');
    expect(valueIn(line, 'filesystem[/srv].used_percent')).toBeUndefined();
    expect(valueIn(line, 'cpu.nothing')).toBeUndefined();
    expect(valueIn(line, 'toString')).toBeUndefined();
    expect(valueIn(line, 'cpu.constructor')).toBeUndefined();
  });

  it('without an identity mean any row', () => {
    check([
      ['filesystem.used_percent > 80', [SAMPLE], []],
      ['filesystem.used_percent > 85', [], [SAMPLE]],
      ['filesystem[/].used_percent > 80', [], [SAMPLE]],
      ['filesystem.fstype != "ext4"', [SAMPLE], []],
      ['hwmon.celsius >= 70', [SAMPLE], []],
      ['hwmon[coretemp].celsius > 70', [], [SAMPLE]],
      ['top.cpu_percent > 30', [SAMPLE], []],
      ['top.name = "sh"', [SAMPLE], []],
    ]);
  });

  it("are Loki's flattened ones too", () => {
    // Loki's documentation of the json parser: request.host becomes request_host; arrays are skipped.
    const document: Fields = {
      protocol: 'HTTP/2.0',
      servers: ['129.0.1.1', '10.2.1.3'],
      request: {
        time: '6.032',
        method: 'GET',
        host: 'foo.grafana.net',
        size: '55',
        headers: { 'User-Agent': 'curl/7.68.0' },
      },
      response: { status: 401, size: '228', latency_seconds: '6.031' },
    };
    const expected = {
      protocol: 'HTTP/2.0',
      request_time: '6.032',
      request_method: 'GET',
      request_host: 'foo.grafana.net',
      request_size: '55',
      request_headers_User_Agent: 'curl/7.68.0',
      response_status: 401,
      response_size: '228',
      response_latency_seconds: '6.031',
      servers_0: undefined,
    };
    for (const [name, value] of Object.entries(expected))
      expect(valueIn({ fields: document }, name), name).toBe(value);
    expect(is('response_latency_seconds > 6s', document)).toBe(true);
    expect(is('request_host="foo.grafana.net", response_status >= 400', document)).toBe(true);
    expect(valueIn({ fields: SAMPLE }, 'filesystem__var_used_percent')).toBe(85);
    expect(valueIn({ fields: { '1st': 5 } }, '_1st')).toBe(5);
  });

  it('may be odd in quotes', () => {
    const fields = {
      'user agent': 'x',
      req: { 'user-agent': 'curl' },
      '@timestamp': 5,
      'log.level': 'info',
      'a-b': 1,
    };
    check([
      ['"user agent" = "x"', [fields], []],
      ['req."user-agent" =~ "curl.*"', [fields], []],
      ['"@timestamp" = 5', [fields], []],
      ['log.level = "info"', [fields], []],
    ]);
    // Where a name stands alone, it needs no quotes.
    expect(valueIn({ fields }, 'user agent')).toBe('x');
    expect(valueIn({ fields }, '@timestamp')).toBe(5);
    expect(valueIn({ fields }, 'a-b')).toBe(1);
    expect(valueIn({ fields }, 'a[b')).toBeUndefined();
  });

  it('know time, level and message whatever a format calls them', () => {
    const line = {
      fields: { level: 40, ts: 5, event: 'started' },
      time: 5000,
      level: 'warn',
      message: 'started',
    } as const;
    expect(valueIn(line, 'level')).toBe('warn');
    expect(valueIn(line, 'time')).toBe(5000);
    expect(valueIn(line, 'msg')).toBe('started');
    expect(valueIn(line, 'message')).toBe('started');
    expect(valueIn({ ...line, fields: { msg: 'own' } }, 'msg')).toBe('own');
    for (const where of [
      'level = "warn"',
      'level = "40"',
      'level >= 40',
      'level =~ "warn|error"',
      'level != "error"',
    ])
      expect(parseWhere(where).test(line), where).toBe(true);
    for (const where of ['level != "warn"', 'level != "40"', 'level !~ "w.*"', 'level > 40'])
      expect(parseWhere(where).test(line), where).toBe(false);
  });
});

describe('mistakes', () => {
  const message = (where: string): string => {
    try {
      parseWhere(where);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.kind).toBe('usage');
      return `${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`;
    }
    return 'none';
  };

  it('are told with their column, and what to do', () => {
    expect(
      Object.fromEntries(
        [
          ...[
            '',
            'status',
            'status 500',
            'status >',
            '500 < status',
            'host = web-1',
            'host > "a"',
            'a =~ 5',
            "host = 'a'",
          ],
          ...[
            'a = 1 &&  b = 2',
            'a = 1 || b = 2',
            'a = 1 | json',
            'not a = 1',
            '!a',
            '(a = 1',
            'a = 1)',
            'a = 1 and',
            'or a = 1',
          ],
          ...[
            'a > 5 apples',
            'a > 5apples',
            'a = "x',
            'a = "\\q"',
            'addr = ip("10.0.0.0/8")',
            'a =~ "("',
            'a =~ "(?=b)"',
            'a. = 1',
          ],
          ...['a[ = 1', 'filesystem[] > 1', 'a ~ "x"', 'a = 1,, b = 2', '()'],
        ].map((where) => [where, message(where)]),
      ),
    ).toMatchInlineSnapshot(`
      {
        "": "--where: the expression is empty, at column 1 (such as status >= 500 or host = "web-1")",
        "!a": "--where: "!" is no operator, at column 1 (write != or !~)",
        "()": "--where: expected a field's name, not ")", at column 2",
        "(a = 1": "--where: expected ")" for the one at column 1, not the end, at column 7",
        "500 < status": "--where: expected a field's name, not "500", at column 1 (the field stands first: status >= 500)",
        "a = "\\q"": "--where: bad escape \\q, at column 6 (in double quotes a backslash is written twice, in backticks once)",
        "a = "x": "--where: unfinished quote, at column 5",
        "a = 1 &&  b = 2": "--where: "&" is no operator, at column 7 (write and)",
        "a = 1 and": "--where: expected a field's name, not the end, at column 10",
        "a = 1 | json": "--where: expected a comparison after json, not the end, at column 13 (such as status >= 500 or host = "web-1")",
        "a = 1 || b = 2": "--where: "||" is no operator, at column 7 (write or)",
        "a = 1)": "--where: unexpected ")", at column 6",
        "a = 1,, b = 2": "--where: expected a field's name, not ",", at column 7",
        "a =~ "("": "--where: bad pattern: Unterminated group, at column 6 (the pattern is ()",
        "a =~ "(?=b)"": "--where: bad pattern: RE2 does not look ahead or behind at its character 1, at column 6 (the pattern is (?=b))",
        "a =~ 5": "--where: "=~" needs a pattern in quotes, at column 6",
        "a > 5 apples": "--where: expected a comparison after apples, not the end, at column 13 (such as status >= 500 or host = "web-1")",
        "a > 5apples": "--where: "5apples" is no number, duration or size, at column 5 (durations are 150ms, 2s, 1h30m; sizes 5kB, 10MB, 1GiB; a text stands in double quotes)",
        "a ~ "x"": "--where: "~" is no operator, at column 3 (write =~)",
        "a. = 1": "--where: expected a name after ".", at column 3 (odd names stand in quotes: req."user-agent")",
        "a[ = 1": "--where: expected "," or "]", at column 7",
        "addr = ip("10.0.0.0/8")": "--where: ip() is not known here, at column 8 (compare addresses with =~)",
        "filesystem[] > 1": "--where: expected a name between the brackets, at column 12",
        "host = 'a'": "--where: no single quotes, at column 8 (a text stands in double quotes or backticks)",
        "host = web-1": "--where: expected a value after "=", not web-1, at column 8 (a text stands in quotes: host = "web-1")",
        "host > "a"": "--where: ">" does not compare texts, at column 6 (numbers, durations and sizes stand without quotes)",
        "not a = 1": "--where: expected a comparison after not, not "a", at column 5 (write !=, !~ or the opposite comparison)",
        "or a = 1": "--where: expected a field's name, not "or", at column 1",
        "status": "--where: expected a comparison after status, not the end, at column 7 (such as status >= 500 or host = "web-1")",
        "status 500": "--where: expected a comparison after status, not "500", at column 8 (such as status >= 500 or host = "web-1")",
        "status >": "--where: expected a value after ">", not the end, at column 9",
      }
    `);
  });

  it('never are anything but a UserError', () => {
    const pieces = [
      'a',
      '.',
      '[',
      ']',
      '"',
      '`',
      '=',
      '!=',
      '=~',
      '(',
      ')',
      ',',
      'and',
      'or',
      '5',
      '2s',
      ' ',
      '\\',
      'é',
      '%',
      '~',
      '-',
    ];
    let seed = 7;
    for (let run = 0; run < 3000; run++) {
      let text = '';
      for (let length = run % 9; length >= 0; length--) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        text += pieces[(seed >> 8) % pieces.length];
      }
      message(text);
    }
    expect(message(`${'('.repeat(100_000)}a = 1`)).toContain('too many parentheses');
  });
});
