import { expect, test } from 'vitest';
import { openFormat } from '../../src/lines/formats/index.js';
import { recognise } from '../../src/lines/recognise.js';
import { readCases } from './formats/cases.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };
const named = (...lines: string[]): string => recognise(lines, context).format.name;

const PINO = '{"level":30,"time":1795261593470,"pid":1,"hostname":"vm","msg":"hello"}';
const WINSTON = '{"level":"info","message":"hello"}';

/** Lines that look like one format and are another. */
const LOOK_ALIKES: readonly (readonly [line: string, format: string])[] = [
  ['Connection from 10.0.0.1 port=22 user=root failed', 'plain'],
  ['retry=3 of 5 failed', 'plain'],
  ['PATH=/usr/bin', 'plain'],
  ['a=1 b="torn', 'plain'],
  ['a=1 b=2', 'logfmt'],
  ['[1,2,3]', 'plain'],
  ['[{"level":30,"time":1795261593470,"msg":"an array is no record"}]', 'plain'],
  ['{not json}', 'plain'],
  ['{"level":30,"time":1795261593470,"ms', 'plain'],
  ['{"level":30} and more', 'plain'],
  ['"a text"', 'plain'],
  ['null', 'plain'],
  ['42', 'plain'],
  ['{}', 'json'],
  ['\ufeff{"level":30,"time":1795261593470,"msg":"after a BOM"}', 'pino'],
  ['<34>1 2026-11-21T11:46:33.470Z web su - ID47 - {"level":"warn","msg":"inside"}', 'syslog'],
  ['Nov 21 11:46:33 web app[7]: {"level":50,"time":1,"pid":1,"hostname":"x","msg":"inside"}', 'syslog'],
  ['Nov 21 11:46:33 web app[7]: level=warn msg="inside" took=3ms', 'syslog'],
  ['2016-10-06T00:17:09.669794202Z stdout X neither whole nor part', 'plain'],
  ['{"log":"x\\n","stream":"other","time":"2019-01-01T11:11:11.111111111Z"}', 'json'],
  ['2026/11/21 11:46:33 [error] 7#7: *1 open() "/x" failed (2: No such file or directory)', 'nginx-error'],
  ['{"level":"INFO","message":"capitals are not from winston"}', 'json'],
  ['{"level":3,"time":1795261593470,"msg":"syslog counts so, pino does not"}', 'json'],
  ['{"name":"x","hostname":"h","pid":1,"level":30,"msg":"m","time":1795261593470,"v":1}', 'pino'],
  ['{"level":30,"time":1795261593470,"host":"h","msg":"of a logger that is not ours","v":1}', 'pino'],
  ['{"a":{"__REALTIME_TIMESTAMP":"1795262476028702"},"MESSAGE":"nested"}', 'json'],
  ['2026-11-21T11:46:37Z\tGET\t/index', 'plain'],
  ['{"event":{"kind":"metric"},"level":"info","@timestamp":"2026-11-21T11:46:37Z"}', 'json'],
];

test.each(LOOK_ALIKES)('%s is %s', (line, format) => {
  expect(named(line)).toBe(format);
});

test.each([
  ['Nov 21 11:46:33 web app[7]: {"level":50,"time":1,"pid":1,"hostname":"x","msg":"inside","ms":7}', 'error'],
  ['<34>1 2026-11-21T11:46:33Z web app - - - {"level":"error","msg":"inside","ms":7}', 'error'],
])('a record inside a syslog line has its own fields and the time outside: %s', (line, level) => {
  const read = openFormat('syslog').parse(line, context);
  expect(read).toMatchObject({ time: Date.parse('2026-11-21T11:46:33Z'), level, message: 'inside' });
  expect(read?.fields).toMatchObject({ ms: 7, app_name: 'app' });
});

test('what is not known is not said', () => {
  const json = openFormat('json');
  expect(json.parse('{"time":0.12,"level":3,"n":1}', context)).toEqual({
    fields: { time: 0.12, level: 3, n: 1 },
  });
  expect(json.parse('{"time":"12:30 or so","level":"odd"}', context)).toEqual({
    fields: { time: '12:30 or so', level: 'odd' },
  });
});

test('a file of several formats is read with each in turn', () => {
  const lines = [...Array(6).fill(PINO), ...Array(3).fill(WINSTON), 'starting', 'listening on 80'];
  const { format, why } = recognise(lines, context);
  expect(format.name).toBe('pino+winston+plain');
  expect(why).toBe(
    "pino's JSON (pino): 6 of 11 lines; winston's JSON (winston): 3; plain text (plain): 2; " +
      'also possible, but less telling: json (9)',
  );
  expect(lines.map((line) => format.parse(line, context)?.message)).toEqual([
    ...Array(6).fill('hello'),
    ...Array(3).fill('hello'),
    'starting',
    'listening on 80',
  ]);
  expect(openFormat(format.name).parse(WINSTON, context)).toEqual(format.parse(WINSTON, context));
});

test('a torn line in a file is no format of its own', () => {
  const { format, why } = recognise([PINO.slice(0, 20), ...Array(9).fill(PINO)], context);
  expect(format.name).toBe('pino');
  expect(why).toContain("pino's JSON (pino): 9 of 10 lines");
  expect(why).toContain('1 line not in this format, such as "{"level":30,"time":1"');
});

test('stack traces between the lines are not asked', () => {
  const trace = [
    'Traceback (most recent call last):',
    '  File "x.py", line 1',
    '    y()',
    '\tat Foo(Foo.java:1)',
  ];
  expect(named(PINO, ...trace, PINO)).toBe('pino');
});

test('there is always a format', () => {
  expect(recognise([], context)).toMatchObject({ why: 'there are no lines to tell it from', stamped: false });
  expect(named('', '  ', '')).toBe('plain');
  expect(named('\u0000\u0001', '\ud800')).toBe('plain');
});

test('of what it shows nothing reaches a terminal raw', () => {
  const { why } = recognise([...Array(20).fill(PINO), 'x\u001b[2Jy'], context);
  expect(why).toContain('"x\\x1b[2Jy"');
});

test('records of text have times where a quarter of them do', () => {
  const dated = '2026-11-21 11:00:00 started';
  expect(recognise([dated, 'a', 'b', 'c'], context).stamped).toBe(true);
  expect(recognise([dated, 'a', 'b', 'c', 'd'], context).stamped).toBe(false);
  expect(recognise([PINO, PINO], context).stamped).toBe(false);
});

test('every format is recognised from all of its cases together', () => {
  for (const [name, cases] of readCases()) {
    const lines = cases.filter(({ recognised = name }) => recognised === name).map(({ line }) => line);
    expect(named(...lines).split('+')[0], name).toBe(name);
  }
});
