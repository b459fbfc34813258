/** Answers to queries as tables, CSV, JSON and points of the text format. */

import { describe, expect, test } from 'vitest';
import type { QueryAnswer, QueryFormat } from '../../src/formats/query-answer.js';
import { csv } from '../../src/formats/query-csv.js';
import { isNamed, prometheus } from '../../src/formats/query-exposition.js';
import { apiError, apiTime, apiValue, json } from '../../src/formats/query-json.js';
import { formatLabels } from '../../src/formats/query-labels.js';
import { formatMetrics, formatMetricsJson } from '../../src/formats/query-metrics.js';
import { statisticsOf } from '../../src/formats/query-statistics.js';
import { table } from '../../src/formats/query-table.js';
import { formatQueryValue } from '../../src/formats/query-value.js';
import { formatTable } from '../../src/formats/table.js';
import { labelsFrom } from '../../src/promql/labels.js';
import { END, HERE, instantAnswer, LOOK, NONE, rangeAnswer, series } from './query-answers.js';

const text = async (
  format: QueryFormat,
  answer: QueryAnswer,
  width = Number.POSITIVE_INFINITY,
): Promise<string> => [...(await format(answer, { ...LOOK, width }))].join('');

const disks = ['/', '/var'].map((mountpoint, at) =>
  series(
    { ...HERE, __name__: 'node_filesystem_avail_bytes', device: `/dev/vd${'ab'[at]}`, mountpoint },
    1,
    () => (at + 1) * 2 ** 30,
  ),
);

describe('a table', () => {
  test('says above it what all series have in common', async () => {
    expect(await text(table, instantAnswer('x', disks, 'bytes'))).toBe(
      `node_filesystem_avail_bytes{instance="web-1",job="node"}
device    mountpoint  value
/dev/vda  /           1 GiB
/dev/vdb  /var        2 GiB
`,
    );
  });

  test('is a line for one series, with or without labels', async () => {
    expect(await text(table, instantAnswer('x', [series({ ...HERE, __name__: 'up' }, 1, () => 1)]))).toBe(
      'up{instance="web-1",job="node"}  1\n',
    );
    expect(await text(table, instantAnswer('x', [series({}, 1, () => 0.25)], 'ratio'))).toBe('0.25\n');
  });

  test('keeps the order of the series, and names metrics where they differ', async () => {
    const mixed = [
      series({ __name__: 'b', a: '1' }, 1, () => 9),
      series({ __name__: 'a', a: '2' }, 1, () => 10),
    ];
    expect(await text(table, instantAnswer('x', mixed))).toBe(
      'metric  a  value\nb       1      9\na       2     10\n',
    );
  });

  test('breaks long labels over lines where the terminal is narrow', async () => {
    const long = ['x', 'y'].map((end) =>
      series({ path: `/a/very/long/path/that/goes/on/${end}` }, 1, () => 1),
    );
    const shown = await text(table, instantAnswer('x', long), 30);
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(30);
    expect(shown.replace(/\s/g, '')).toContain('/a/very/long/path/that/1goes/on/x');
  });

  test('has a line for each time of a few series, and a dash for a hole', async () => {
    const few = [
      series({ ...HERE, disk: 'a' }, 3, (at) => at),
      series({ ...HERE, disk: 'b' }, 3, (at) => (at === 1 ? undefined : at * 1000)),
    ];
    const shown = await text(table, rangeAnswer('x', few, { count: 3 }));
    expect(shown.split('\n').map((line) => line.replace(/^.{16}(?= {2})/, 'TIME'))).toEqual([
      '{instance="web-1",job="node"}',
      'TIME  {disk="a"}  {disk="b"}',
      'TIME           0           0',
      'TIME           1           -',
      'TIME           2        2000',
      '',
    ]);
  });

  test('has a line for each sample of series that were not sampled together', async () => {
    const apart = ['a', 'b'].map((job, at) => ({
      ...series({ job }, 2, (index) => index + at),
      times: Float64Array.from([END - 2000 + at, END - 1000 + at]),
    }));
    const answer = rangeAnswer('x[5s]', apart, { count: 1, step: 0 });
    expect((await text(table, answer)).replaceAll(/\d{4}-\S+ \d+:\d+:/g, 'AT:').split('\n')).toEqual([
      'job                     time  value',
      'a        AT:58      0',
      'a        AT:59      1',
      'b    AT:58.001      1',
      'b    AT:59.001      2',
      '',
    ]);
  });

  test('has one column for labels of which there are too many', async () => {
    const labels = Array.from({ length: 9 }, (_, at) => `l${at}`);
    const many = labels.map((name) => series({ __name__: 'x', [name]: 'y', job: 'a' }, 1, () => 1));
    const head = async (width?: number) =>
      (await text(table, instantAnswer('x', many), width)).split('\n').slice(0, 3);
    expect(await head(200)).toEqual(['x{job="a"}', 'series    value', '{l0="y"}      1']);
    expect(await head()).toEqual(['x{job="a"}', '{l0="y"}  1', '{l1="y"}  1']);
    const few = many.slice(0, 6);
    expect(await text(table, instantAnswer('x', few))).toContain('\nl0  l1  l2  l3  l4  l5  value\n');
    expect(await text(table, instantAnswer('x', few), 60)).toContain('\nseries    value\n');
  });

  test('of very many series is aligned throughout', async () => {
    const many = Array.from({ length: 450 }, (_, at) =>
      series({ id: at === 449 ? 'the longest' : String(at) }, 1, () => at),
    );
    const lines = (await text(table, instantAnswer('x', many))).trimEnd().split('\n');
    expect(lines).toHaveLength(451);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set(['the longest'.length + 2 + 5]));
    const painted = formatTable(
      [{ title: 'a' }, { title: 'b' }],
      Array(450).fill(['\u001b[31mred\u001b[39m', 'x']),
    );
    expect(new Set(painted.split('\n').slice(1, -1))).toEqual(new Set(['\u001b[31mred\u001b[39m  x']));
  });

  test('sums many series up', async () => {
    const many = Array.from({ length: 9 }, (_, cpu) =>
      series({ cpu: String(cpu) }, 4, (at) => cpu * 10 + at),
    );
    const shown = await text(table, rangeAnswer('x', many, { count: 4 }));
    expect(shown.split('\n').slice(1, 3)).toEqual([
      'cpu  min  mean  max  last  points',
      '0      0   1.5    3     3       4',
    ]);
    expect(shown).toContain('\n8     80  81.5   83    83       4\n');
  });

  test('shows what came from a log safely', async () => {
    const odd = [series({ a: '\u001b[2J' }, 1, () => 1), series({ a: 'b' }, 1, () => 1)];
    expect(await text(table, instantAnswer('x', odd))).toContain('\\x1b[2J');
  });

  test('of nothing is nothing', async () => {
    for (const format of [table, prometheus]) {
      expect(await text(format, instantAnswer('x', []))).toBe('');
      expect(await text(format, rangeAnswer('x', []))).toBe('');
    }
  });

  test('shows scalars and strings', async () => {
    const base = instantAnswer('x', []);
    const scalar = { ...base, result: { type: 'scalar', time: END, value: 3, annotations: NONE } as const };
    const string = {
      ...base,
      result: { type: 'string', time: END, text: 'a\u001bb', annotations: NONE } as const,
    };
    expect(await text(table, scalar)).toBe('3\n');
    expect(await text(table, string)).toBe('a\\x1bb\n');
  });
});

describe('CSV', () => {
  test('has a column for each label, and a line for each point', async () => {
    const points = [
      series({ __name__: 'x', a: 'one, two', b: '"' }, 2, (at) => at + 0.5),
      series({ __name__: 'x', c: 'z' }, 1, () => Number.POSITIVE_INFINITY),
    ];
    expect(await text(csv, rangeAnswer('x', points, { count: 2 }))).toBe(
      `time,__name__,a,b,c,value
2026-11-21T13:59:00.000Z,x,"one, two","""",,0.5
2026-11-21T14:00:00.000Z,x,"one, two","""",,1.5
2026-11-21T14:00:00.000Z,x,,,z,+Inf
`,
    );
  });

  test('of nothing has its head alone', async () => {
    expect(await text(csv, instantAnswer('x', []))).toBe('time,value\n');
  });
});

describe('JSON', () => {
  test('is what the API of Prometheus answers', async () => {
    expect(await text(json, instantAnswer('x', [series({ __name__: 'up', a: '"\u001b' }, 1, () => 1)]))).toBe(
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","a":"\\"\\u001b"},"value":[1795269600,"1"]}]}}\n',
    );
    expect(
      await text(
        json,
        rangeAnswer('x', [series({}, 2, (at) => at / 4), series({ a: 'b' }, 1, () => Number.NaN)]),
      ),
    ).toBe(
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1795269540,"0"],[1795269600,"0.25"]]},{"metric":{"a":"b"},"values":[[1795269600,"NaN"]]}]}}\n',
    );
    const base = instantAnswer('x', []);
    expect(await text(json, base)).toBe('{"status":"success","data":{"resultType":"vector","result":[]}}\n');
    const annotations = { warnings: ['PromQL warning: a'], infos: ['PromQL info: b'] };
    const scalar = { ...base, result: { type: 'scalar', time: 1500, value: 3, annotations } as const };
    expect(await text(json, scalar)).toBe(
      '{"status":"success","data":{"resultType":"scalar","result":[1.500,"3"]},"warnings":["PromQL warning: a"],"infos":["PromQL info: b"]}\n',
    );
    const string = { ...base, result: { type: 'string', time: 0, text: 'a"b', annotations: NONE } as const };
    expect(await text(json, string)).toContain('"result":[0,"a\\"b"]');
    expect(apiError('bad_data', 'a"b')).toBe('{"status":"error","errorType":"bad_data","error":"a\\"b"}');
  });

  // From strconv.FormatFloat with 'f' from 1e-6 to 1e21 and 'e' beyond, in util/jsonutil of Prometheus.
  test.each([
    [0.000001, '0.000001'],
    [1e-7, '1e-07'],
    [1.5e-12, '1.5e-12'],
    [1e20, '100000000000000000000'],
    [1e21, '1e+21'],
    [-0, '-0'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('writes %d as Go does', (value, expected) => expect(apiValue(value)).toBe(expected));

  test.each([
    [1500, '1.500'],
    [1005, '1.005'],
    [2000, '2'],
    [-1500, '-1.500'],
    [0, '0'],
  ])('writes the time %d in seconds', (time, expected) => expect(apiTime(time)).toBe(expected));
});

describe('the text format', () => {
  test('groups points by name, and says what is known of each', async () => {
    const points = [
      series({ __name__: 'b_total', path: 'a\\b"c\nd' }, 2, (at) => at + 1e6),
      series({ __name__: 'a' }, 1, () => Number.NaN),
      series({ __name__: 'b_total' }, 1, () => 1),
    ];
    const answer = {
      ...rangeAnswer('x', points),
      metric: (name: string) =>
        name === 'b_total' ? ({ type: 'counter', help: 'B\\' } as const) : undefined,
    };
    const written = await text(prometheus, answer);
    expect(isNamed(answer.result)).toBe(true);
    expect(written).toBe(`# TYPE a untyped
a NaN 1795269600000
# HELP b_total B\\\\
# TYPE b_total counter
b_total 1 1795269600000
b_total{path="a\\\\b\\"c\\nd"} 1e+06 1795269540000
b_total{path="a\\\\b\\"c\\nd"} 1.000001e+06 1795269600000
`);
  });

  test('tells what it cannot write', () => {
    expect(isNamed(rangeAnswer('x', [series({ a: 'b' }, 1, () => 1)]).result)).toBe(false);
    expect(isNamed({ type: 'scalar', time: 0, value: 1, annotations: NONE })).toBe(false);
  });
});

describe('labels', () => {
  test.each([
    [{}, '{}'],
    [{ __name__: 'up' }, 'up'],
    [{ __name__: 'up', a: 'b"\\\n' }, 'up{a="b\\"\\\\\\n"}'],
    [{ __name__: 'my.metric', 'a.b': 'c' }, '{"my.metric","a.b"="c"}'],
    [{ a: 'b', c: 'd' }, '{a="b",c="d"}'],
  ])('%j are written as a selector', (labels, expected) => {
    expect(formatLabels(labelsFrom(Object.entries(labels)))).toBe(expected);
  });
});

describe('values', () => {
  test.each([
    [1_234_567, 'count', '1234567'],
    [0.123456789, undefined, '0.123457'],
    [1e300, undefined, '1e+300'],
    [0.004, 'percent', '0.004 %'],
    [12.34, 'percent', '12.3 %'],
    [0.00042, 'seconds', '420µs'],
    [0.5, 'seconds', '500ms'],
    [3700, 'seconds', '1h1m40s'],
    [2 ** 30, 'bytes', '1 GiB'],
    [12.5, 'per_second', '12.5/s'],
    [440, 'hertz', '440 Hz'],
    [1, 'boolean', '1'],
    [Number.NaN, 'bytes', 'NaN'],
    [Number.POSITIVE_INFINITY, 'seconds', '+Inf'],
  ] as const)('%d %s is %s', (value, unit, expected) => {
    expect(formatQueryValue(value, unit)).toBe(expected);
  });

  test('statistics are of what is finite', () => {
    const values = Float64Array.of(1e308, Number.NaN, 1e308, Number.POSITIVE_INFINITY, 0);
    expect(statisticsOf({ values })).toEqual({
      min: 0,
      mean: expect.closeTo(1e308 * (2 / 3), -300),
      max: 1e308,
      last: 0,
    });
    expect(statisticsOf({ values: Float64Array.of() }).mean).toBeNaN();
  });
});

describe('metrics', () => {
  const metrics = [
    {
      name: 'node_load1',
      type: 'gauge',
      help: 'Load over 1 min, of all that wants to run or waits for a disk',
      unit: 'count',
    },
    { name: 'x', type: 'untyped', help: '' },
  ] as const;

  test('are a table, with help over several lines where there is no room', async () => {
    const shown = await formatMetrics(metrics, { width: 50, colourLevel: 0 });
    expect(shown.split('\n')[0]).toBe('metric      type     unit   what');
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50);
    expect(shown).toContain('\nx           untyped\n');
  });

  test("are the API's metadata as JSON", () => {
    expect(JSON.parse(formatMetricsJson(metrics))).toEqual({
      status: 'success',
      data: {
        node_load1: [{ type: 'gauge', help: metrics[0].help, unit: 'count' }],
        x: [{ type: 'unknown', help: '', unit: '' }],
      },
    });
  });
});
