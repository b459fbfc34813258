import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { momentsOf, roundStep } from '../../src/commands/query/moments.js';
import { unitOf } from '../../src/commands/query/unit.js';
import { counter, gauge, group, type Unit } from '../../src/core/group.js';
import { type Reading, row, type Sample } from '../../src/core/sample.js';
import { encodeRecord } from '../../src/logs/codec.js';
import { createLineMaker } from '../../src/logs/line.js';
import type { LogRecord } from '../../src/logs/record.js';
import { parse } from '../../src/promql/parse.js';
import { fakeClock, sysmon, type TestWorldOptions } from '../world.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-query-'));
const zone = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'UTC';
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const wheel = group({
  name: 'wheel',
  help: 'Each wheel',
  identity: ['side'],
  fields: {
    pressure_bytes: gauge('bytes', 'Of the air'),
    turns: counter('count', 'Turns', { due: 'detail', prometheus: 'node_wheel_turns_total' }),
  },
});

const START = Date.parse('2026-11-21T12:00:00Z');
const HOST = { host: 'web-1' };
/** Of the log's samples. */
const END = START + 600_000;

/** Every 5 s for ten minutes, with detail each minute. */
const sampleAt = (seconds: number): LogRecord => {
  const time = START + seconds * 1000;
  const detail = seconds % 60 === 0;
  const numbers = (k: number) => ({
    pressure_bytes: k * 1024 + seconds,
    ...(detail && { turns: k * seconds }),
  });
  const reading: Reading = { group: wheel, rows: [row(['left'], numbers(1)), row(['right'], numbers(2))] };
  const sample: Sample = {
    time,
    ...HOST,
    boot: 'b',
    interval: 5,
    ...(detail && { detail }),
    readings: new Map([['wheel', reading]]),
  };
  return { kind: 'sample', time, ...HOST, sample };
};

const lineOf = await createLineMaker(encodeRecord);
const RECORDS: readonly LogRecord[] = [
  { kind: 'schema', time: START, ...HOST, v: 1, groups: [wheel] },
  ...Array.from({ length: 121 }, (_, index) => sampleAt(index * 5)),
];
const log = join(folder, 'sysmon.log');
writeFileSync(log, RECORDS.map((record, index) => lineOf(record, index + 1)).join(''));

const ask = (words: readonly string[], now = END, options: TestWorldOptions = {}) =>
  sysmon(['query', '--file', log, ...words], { clock: fakeClock(now), ...options });

const answer = async (
  words: readonly string[],
  now?: number,
  options?: TestWorldOptions,
): Promise<string> => {
  const { code, stdout, stderr } = await ask(words, now, options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe('sysmon query', () => {
  test('answers for now, with the unit that the log knows', async () => {
    expect(await answer(['sysmon_wheel_pressure_bytes'])).toBe(
      `sysmon_wheel_pressure_bytes{instance="web-1",job="node"}
side      value
left   1.59 KiB
right  2.59 KiB
`,
    );
  });

  test('answers for another moment', async () => {
    expect(
      await answer(['sum(sysmon_wheel_pressure_bytes)', '--at', '2026-11-21T12:01:00Z'], END + 1e9),
    ).toBe('3.12 KiB\n');
    expect(await answer(['rate(node_wheel_turns_total{side="right"}[5m])'])).toBe(
      '{instance="web-1",job="node",side="right"}  2/s\n',
    );
  });

  test('answers for a range, at multiples of the step', async () => {
    const words = ['sum(rate(node_wheel_turns_total[5m]))', '--since', '3m', '--step', '1m'];
    const shown = await answer(words, END);
    expect(shown).toBe(
      `time              value
2026-11-21 12:07    3/s
2026-11-21 12:08    3/s
2026-11-21 12:09    3/s
2026-11-21 12:10    3/s
`,
    );
    expect(await answer([...words, '--until', '2026-11-21T12:10:00Z'], END + 4000)).toBe(
      shown.replace('2026-11-21 12:07    3/s\n', ''),
    );
  });

  test('draws a graph of a range on a terminal', async () => {
    const shown = await answer(['node_wheel_turns_total', '--since', '10m'], END, {
      terminal: true,
      env: { LANG: 'C.UTF-8', NO_COLOR: '1' },
    });
    const lines = shown.split('\n');
    expect(lines[0]).toBe('node_wheel_turns_total');
    expect(lines[1]).toContain('2026-11-21 12:00 to 12:10, every 5s');
    expect(lines).toHaveLength(24);
    expect(shown).toMatch(/[\u2801-\u28ff]/);
    expect(lines.at(-2)).toMatch(/^b \{side="right"\} {2}last 1200 {2}min 0 {2}mean 545.455 {2}max 1200$/);
    // Without a word about UTF-8, in ASCII; and in a pipe, where it is asked for.
    expect(await answer(['up', '--since', '10m', '--format', 'graph'], END)).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('gives CSV, JSON and the text format', async () => {
    const words = ['sysmon_wheel_pressure_bytes{side="left"}'];
    expect(await answer([...words, '--format', 'csv'])).toBe(
      'time,__name__,instance,job,side,value\n2026-11-21T12:10:00.000Z,sysmon_wheel_pressure_bytes,web-1,node,left,1624\n',
    );
    const json = await answer([...words, '--json']);
    expect(await answer([...words, '--format', 'json'])).toBe(json);
    expect(JSON.parse(json)).toEqual({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          {
            metric: { __name__: 'sysmon_wheel_pressure_bytes', instance: 'web-1', job: 'node', side: 'left' },
            value: [END / 1000, '1624'],
          },
        ],
      },
    });
    expect(await answer([...words, '--format', 'prometheus'])).toBe(
      `# HELP sysmon_wheel_pressure_bytes Of the air
# TYPE sysmon_wheel_pressure_bytes gauge
sysmon_wheel_pressure_bytes{instance="web-1",job="node",side="left"} 1624 ${END}
`,
    );
  });

  test('names a series that has none only as it is told to', async () => {
    const { code, stdout, stderr } = await ask(['sum(up)', '--format', 'prometheus']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('label_replace(sum(up), "__name__", "NAME", "", "")');
    expect(
      await answer(['label_replace(sum(up), "__name__", "seen", "", "")', '--format', 'prometheus']),
    ).toBe(`# TYPE seen untyped\nseen 1 ${END}\n`);
  });

  test('answers with scalars, strings and samples as they were taken', async () => {
    expect(await answer(['1 + 1'])).toBe('2\n');
    expect(await answer(['-1 + -up', '--at', '-10s'])).toBe('{instance="web-1",job="node"}  -2\n');
    expect(await answer(['--json', '-vector(1)'])).toContain('"-1"');
    expect(await answer(['"text"'])).toBe('text\n');
    expect(await answer(['sysmon_wheel_pressure_bytes{side="left"}[10s]'])).toBe(
      `sysmon_wheel_pressure_bytes{instance="web-1",job="node",side="left"}
time                    value
2026-11-21 12:09:55  1.58 KiB
2026-11-21 12:10:00  1.59 KiB
`,
    );
  });

  test('shows warnings and infos beside the answer', async () => {
    const { code, stdout, stderr } = await ask(['rate(sysmon_wheel_pressure_bytes{side="left"}[1m])']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '{instance="web-1",job="node",side="left"}  1 B/s\n',
    });
    expect(stderr).toMatch(/^sysmon query: PromQL info: .*sysmon_wheel_pressure_bytes.* \(1:6\)\n$/);
  });
});

describe('an expression with a mistake', () => {
  test.each([
    ['sum(up', '1:7: parse error: unclosed left parenthesis\n  sum(up\n        ^\n'],
    [
      'rat(up[5m])',
      '1:1: parse error: unknown function with name "rat"\n  rat(up[5m])\n  ^^^\n  did you mean rate?\n',
    ],
    ['up +\n\tfoo bar', '2:6: parse error: unexpected identifier "bar"\n  \\tfoo bar\n        ^^^\n'],
  ])('%j is shown with its place', async (text, expected) => {
    const { code, stdout, stderr } = await ask([text]);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `sysmon query: ${expected}` });
  });

  test('is shown cut where it is long', async () => {
    const { stderr } = await ask([`${'up + '.repeat(60)}rat(up)`]);
    const [, line = '', signs = ''] = stderr.split('\n');
    expect(line.length).toBeLessThan(80);
    expect(line.slice(signs.indexOf('^'), signs.lastIndexOf('^') + 1)).toBe('rat');
  });

  test("is told in JSON, as the API's errors are", async () => {
    const { code, stdout } = await ask(['sum(', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      status: 'error',
      errorType: 'bad_data',
      error: expect.stringMatching(/^1:\d+: parse error: /),
    });
  });

  test('that parses, and cannot be evaluated, fails', async () => {
    const { code, stderr } = await ask(['up * on(job) node_wheel_turns_total']);
    expect(code).toBe(1);
    expect(stderr).toContain('sysmon query: found duplicate series for the match group {job="node"}');
    expect(stderr).not.toContain('bug');
  });
});

describe('where nothing is found', () => {
  const why = async (words: readonly string[], now?: number): Promise<string> => {
    const { code, stdout, stderr } = await ask(words, now);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    return stderr.replace('sysmon query: nothing found: ', '').trimEnd();
  };

  test.each([
    [
      'node_whel_turns_total',
      'there is no metric node_whel_turns_total; did you mean node_wheel_turns_total?',
    ],
    ['foo', 'there is no metric foo\n  All that can be asked for: sysmon query --metrics'],
    ['up{jib="node"}', 'up has no label jib; did you mean job?'],
    [
      'ALERTS{alertstate="firing"}',
      'ALERTS is there only while rules are evaluated\n  What fires now: sysmon check --rules FILE; what fired: sysmon rules backtest FILE',
    ],
    ['up{colour="red"}', 'up has no label colour; it has instance, job'],
    [
      'node_wheel_turns_total{side="top"}',
      'no node_wheel_turns_total has side="top"; side is "left", "right"',
    ],
    ['up > 1', 'no series satisfies the condition'],
    [
      'rate(node_wheel_turns_total[1m])',
      'rate needs two samples in its window of 1m, and those of node_wheel_turns_total are 1m apart\n  Give it a longer window, such as [5m].',
    ],
    [
      'rate(node_wheel_turns_total[90s]) > 1e6',
      'rate needs two samples in its window of 1m30s, and those of node_wheel_turns_total are 1m apart\n  Give it a longer window, such as [5m].',
    ],
    ['rate(node_wheel_turns_total[2m]) > 1e6', 'no series satisfies the condition'],
    ['up unless up', 'what it asks for is there, but nothing is left of it'],
  ])('%s: the reason is given', async (text, expected) => {
    expect(await why([text])).toBe(expected);
  });

  test('as the log ended before: its end is named, and can be asked for', async () => {
    const said = await why(['up'], END + 3 * 3_600_000);
    expect(said).toBe(
      `the log ends 3h ago, at 2026-11-21 12:10:00\n  Ask for that time: --at '2026-11-21 12:10:00'`,
    );
    const [, time = ''] = /--at '(.*)'/.exec(said) ?? [];
    expect(await answer(['up', '--at', time], END + 3 * 3_600_000)).toBe(
      'up{instance="web-1",job="node"}  1\n',
    );
    // Two minutes after it, when Prometheus would still look back, but the log knows better.
    expect(await why(['up'], END + 120_000)).toContain('the log ends 2m ago');
    expect(await why(['up', '--since', '1h'], END + 3 * 3_600_000)).toContain(
      "--until '2026-11-21 12:10:00'",
    );
  });

  test('as the log began after that time', async () => {
    expect(await why(['up', '--at', '2h'])).toBe('the log begins 10m ago, at 2026-11-21 12:00:00');
  });

  test('as a histogram has only parts, which are named', async () => {
    const scraped = join(folder, 'scrape-app.log');
    const series = [{ __name__: 'took_seconds_bucket', le: '+Inf' }, { __name__: 'took_seconds_count' }];
    const head = { level: 30, time: END - 1000, host: 'web-1' };
    const target = {
      target: 'app:80',
      key: END - 1000,
      n: 0,
      up: 1,
      seconds: 0.01,
      scraped: 2,
      added: 2,
      interval: 15,
    };
    const metrics = [{ name: 'took_seconds', type: 'histogram', series }];
    const labels = { job: 'app', instance: 'app:80' };
    writeFileSync(
      scraped,
      [
        { ...head, msg: 'job', v: 1, seq: 1, job: 'app', honor_labels: false },
        { ...head, msg: 'scrape', v: 1, seq: 2, ...target, labels, metrics, values: [7, 7] },
      ]
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(''),
    );
    try {
      // What was scraped is asked together with the log.
      expect(await answer(['sum by (job) (up)'])).toBe('job   value\napp       1\nnode      1\n');
      expect(await answer(['took_seconds_count'])).toBe(
        'took_seconds_count{instance="app:80",job="app"}  7\n',
      );
      expect(await why(['histogram_quantile(0.9, took_seconds)'])).toBe(
        'took_seconds is a histogram, which has no values of its own\n  Ask for its buckets, for example: histogram_quantile(0.95, rate(took_seconds_bucket[5m]))',
      );
    } finally {
      rmSync(scraped);
    }
  });

  test('JSON says so as well', async () => {
    const { code, stdout } = await ask(['foo', '--json']);
    expect(code).toBe(0);
    expect(stdout).toBe('{"status":"success","data":{"resultType":"vector","result":[]}}\n');
  });
});

describe('sysmon query --metrics', () => {
  test('lists what can be asked for', async () => {
    expect(await answer(['--metrics'])).toBe(
      `metric                       type     unit     what
node_wheel_turns_total       counter  count    Turns
sysmon_wheel_pressure_bytes  gauge    bytes    Of the air
up                           gauge    boolean  1 at each moment of which there is a sample
`,
    );
    expect(await answer(['--metrics', 'WHEEL_t'])).toContain('\nnode_wheel_turns_total ');
    expect(Object.keys(JSON.parse(await answer(['--metrics', '^up', '--json'])).data)).toEqual(['up']);
    const { code, stdout, stderr } = await ask(['--metrics', 'foo']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: 'sysmon query: none of 3 metrics matches foo\n',
    });
  });
});

describe('a wrong call', () => {
  test.each([
    [[], 'no expression is given'],
    [['up', 'down'], 'too many arguments'],
    [['up', '--at', '1h', '--since', '2h'], "'--at <time>' cannot be used with option '--since <time>'"],
    [['up', '--until', '1h'], '--until needs --since'],
    [['up', '--step', '1m'], '--step needs --since'],
    [['up', '--step', 'x', '--since', '1h'], 'Give seconds or a duration'],
    [['up', '--since', '1h', '--until', '2h'], '--since is later than --until'],
    [['up', '--since', '7d', '--step', '1s'], 'are too many'],
    [['up', '--format', 'graph'], 'a graph needs a range of time'],
    [['up', '--format', 'xml'], 'Allowed choices are graph, table, csv, json, prometheus'],
    [['up[5m]', '--since', '1h'], 'invalid expression type "range vector" for range query'],
    [['"x"', '--since', '1h'], 'invalid expression type "string" for range query'],
    [['--metrics', '('], '--metrics ('],
    [['--metrics', 'x', 'up'], 'either an expression or --metrics'],
    [['--metrics', 'x', '--format', 'csv'], '--metrics has no format csv'],
    [['up', '--file', '-'], 'a log is read from a file'],
  ])('%j says what is wrong', async (words, expected) => {
    const { code, stdout, stderr } = await ask(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(expected);
  });

  test('a log that is not there, or none, fails', async () => {
    const missing = await ask(['up', '--file', join(folder, 'none')]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no log at') });
    const foreign = join(folder, 'foreign');
    writeFileSync(foreign, 'a line\n');
    expect((await ask(['up', '--file', foreign])).stderr).toContain('is not a log of sysmon');
  });
});

describe('the moments of a range', () => {
  test.each([
    [60_000, 140, 1000],
    [7_200_000, 140, 60_000],
    [86_400_000, 140, 900_000],
    [7 * 86_400_000, 60, 3 * 3_600_000],
    [90 * 86_400_000, 60, 2 * 86_400_000],
  ])('%d ms in at most %d points are %d ms apart', (range, most, expected) => {
    expect(roundStep(range, most)).toBe(expected);
  });

  test('are multiples of the step within it, or the last one before', () => {
    expect(momentsOf(START + 1, START + 60_001, 30_000)).toEqual({
      start: START + 30_000,
      end: START + 60_000,
      step: 30_000,
    });
    expect(momentsOf(START + 1, START + 2, 30_000)).toEqual({ start: START, end: START, step: 30_000 });
  });
});

describe('the unit of an expression', () => {
  const known = (name: string): Unit | undefined => (name === 'told' ? 'celsius' : undefined);
  test.each<[string, Unit | undefined]>([
    ['told', 'celsius'],
    ['x_bytes', 'bytes'],
    ['x_bytes_total', 'bytes'],
    ['rate(x_bytes_total[5m])', 'bytes_per_second'],
    ['sum by (a) (rate(x_bytes_total[5m]))', 'bytes_per_second'],
    ['rate(node_cpu_seconds_total[5m])', 'ratio'],
    ['100 * rate(node_cpu_seconds_total[5m])', 'percent'],
    ['(1 - a_bytes / b_bytes) * 100', 'percent'],
    ['100 - avg(rate(node_cpu_seconds_total[5m])) * 100', 'percent'],
    ['rate(http_requests_total[5m])', 'per_second'],
    ['increase(http_requests_total[5m])', 'count'],
    ['histogram_quantile(0.9, sum by (le) (rate(x_seconds_bucket[5m])))', 'seconds'],
    ['rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])', undefined],
    ['time() - node_boot_time_seconds', 'seconds'],
    ['time()', 'unix_seconds'],
    ['x_bytes > 5', 'bytes'],
    ['5 < x_bytes', 'bytes'],
    ['x_bytes > bool 5', 'boolean'],
    ['max_over_time(x_bytes[5m])', 'bytes'],
    ['quantile_over_time(0.5, x_bytes[5m:])', 'bytes'],
    ['count_over_time(x_bytes[5m])', 'count'],
    ['count(x_bytes)', 'count'],
    ['x_bytes * 8', undefined],
    ['x_bytes + y_seconds', undefined],
    ['-x_bytes', 'bytes'],
    ['x_bytes or y_bytes', 'bytes'],
    ['x_bytes and y_seconds', 'bytes'],
    ['topk(3, x_bytes)', 'bytes'],
    ['absent(x_bytes)', undefined],
    ['5m', 'seconds'],
    ['{__name__=~"x.*"}', undefined],
  ])('%s: %s', (text, expected) => {
    expect(unitOf(parse(text), known)).toBe(expected);
  });
});
