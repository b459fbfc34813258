/** Both text formats, as Prometheus's own parsers take and refuse them. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ExpositionError,
  type ExpositionFormat,
  familyOf,
  formatOf,
  parseExposition,
  rememberExposition,
} from '../../src/scrape/exposition.js';
import { mutations } from './mutations.js';

interface Parsed {
  readonly samples: readonly (readonly [series: string, value: number, stamp?: number])[];
  readonly families: readonly object[];
}

const parse = (text: string, format: ExpositionFormat, memory = rememberExposition()): Parsed => {
  const names: string[] = [];
  const { series, values, stamps } = parseExposition(
    text,
    format,
    memory,
    (name, labels) =>
      names.push([name, ...labels.map(([label, value]) => `${label}=${value}`)].join(' ')) - 1,
  );
  return {
    samples: series.map((id, index) => {
      const stamp = stamps?.[index];
      return stamp === undefined
        ? [names[id] as string, values[index] as number]
        : [names[id] as string, values[index] as number, stamp];
    }),
    families: [...memory.families.values()],
  };
};

const text = (body: string) => parse(body, 'text').samples;
const openMetrics = (body: string) => parse(body, 'openmetrics').samples;

const wrong = (body: string, format: ExpositionFormat): string => {
  try {
    parse(body, format);
  } catch (error) {
    if (error instanceof ExpositionError) return error.message;
    throw error;
  }
  return 'nothing';
};

describe('the text format', () => {
  test('values in every form that Go reads', () => {
    const values = [
      '1',
      '-1.5',
      '+.5',
      '5.',
      '1e3',
      '1E-3',
      'NaN',
      'nan',
      'Inf',
      '+inf',
      '-Inf',
      'Infinity',
      '-infinity',
      '0x',
    ];
    expect(
      text(
        values
          .slice(0, -1)
          .map((value) => `a ${value}\n`)
          .join(''),
      ).map(([, value]) => value),
    ).toEqual([
      1,
      -1.5,
      0.5,
      5,
      1000,
      0.001,
      Number.NaN,
      Number.NaN,
      Infinity,
      Infinity,
      -Infinity,
      Infinity,
      -Infinity,
    ]);
    for (const value of ['0x10', '1_000', '0x1p-2', '', '1e', '--1', '+nan', '1e999', 'true', 'Infinit'])
      expect(wrong(`a ${value}\n`, 'text'), value).toMatch(/^line 1: /);
  });

  test('labels with escapes, blanks, a comma at the end, and names in quotes', () => {
    expect(
      text(
        [
          'a{x="1",y="a\\\\b\\"c\\nd\\e"} 1',
          '  b { x = "}" , } 2 ',
          'c{}3',
          '{"a name","a label"="v"} 4',
          '{"q",x="1"} 5',
          '{__name__="n",x="1"} 6',
          'd\t7',
          'e{x="# {"} 8 1700000000000',
          'f 9 1700000000001',
        ].join('\n'),
      ),
    ).toEqual([
      ['a x=1 y=a\\b"c\nd\\e', 1],
      ['b x=}', 2],
      ['c', 3],
      ['a name a label=v', 4],
      ['q x=1', 5],
      ['n x=1', 6],
      ['d', 7],
      ['e x=# {', 8, 1700000000000],
      ['f', 9, 1700000000001],
    ]);
  });

  test('what is said of families, and comments for people', () => {
    const { families } = parse(
      [
        '# HELP a_seconds Two\\nlines \\\\ "here".',
        '# TYPE a_seconds histogram',
        '#comment',
        '# another',
        '# HELP',
        '',
        '# TYPE "b c" gauge',
        '# HELP d',
        '',
      ].join('\n'),
      'text',
    );
    expect(families).toEqual([
      { name: 'a_seconds', type: 'histogram', help: 'Two\nlines \\ "here".', unit: '' },
      { name: 'b c', type: 'gauge', help: '', unit: '' },
      { name: 'd', type: 'untyped', help: '', unit: '' },
    ]);
  });

  test.each([
    ['a', 'line 1: expected a value after the series, found the end of the line'],
    ['a 1\n\nb 1 2 3\n', 'line 3: expected a value after the series, found " 1 2 3"'],
    ['1a 1', 'line 1: expected the name of a metric, found "1a 1"'],
    ['a{x=1} 1', 'line 1: expected the value of the label x in quotes, found "1} 1"'],
    ['a{x="1} 1', 'line 1: expected the value of the label x in quotes, found "\\"1} 1"'],
    ['a{x} 1', 'line 1: expected "=" after the label x, found "} 1"'],
    ['a{x="1"y}', 'line 1: expected "=" after the label y, found "}"'],
    ['a{x="1"', 'line 1: expected "," or "}" after a label, found the end of the line'],
    ['a 1 -5', 'line 1: expected a value after the series, found " 1 -5"'],
    ['# TYPE a  counter', 'line 1: invalid metric type " counter"'],
    ['a{,} 1', 'line 1: expected a label\'s name, found ",} 1"'],
    ['a{x="1",x="2"} 1', 'line 1: label name "x" is not unique'],
    ['{x="1"} 1', 'line 1: missing metric name (__name__ label)'],
    ['a{"b"} 1', 'line 1: a second name of the metric: "b"'],
    ['a{__name__="b"} 1', 'line 1: label name "__name__" is not unique'],
    ['a 1 1.5', 'line 1: expected a value after the series, found " 1 1.5"'],
    ['a 1\r\n', 'line 1: "1\\r" is not a value'],
    ['# TYPE a thing', 'line 1: invalid metric type "thing"'],
    ['# HELP 1a x', 'line 1: expected HELP, TYPE and a name, found "# HELP 1a x"'],
    ['<html>', 'line 1: expected the name of a metric, found "<html>"'],
  ])('%j is wrong', (body, message) => {
    expect(wrong(body, 'text')).toBe(message);
  });
});

describe('OpenMetrics', () => {
  test('timestamps in seconds, exemplars, created', () => {
    expect(
      openMetrics(
        [
          '# TYPE a counter',
          '# HELP a Counts "\\"x\\"".',
          'a_total{x="1"} 5 1700000000.123 # {trace_id="}"} 0.5 1700000000.1',
          'a_created{x="1"} 1.7e9',
          'b_bucket{le="+Inf"} 7 # {} 1',
          'c{x=" # {"} 1',
          '{"d e",x="1"} 2',
          '# EOF',
          '',
        ].join('\n'),
      ),
    ).toEqual([
      ['a_total x=1', 5, 1700000000123],
      ['a_created x=1', 1.7e9],
      ['b_bucket le=+Inf', 7],
      ['c x= # {', 1],
      ['d e x=1', 2],
    ]);
  });

  test('types and units', () => {
    const { families } = parse(
      '# TYPE a_seconds gaugehistogram\n# UNIT a_seconds seconds\n# TYPE b unknown\n# TYPE c info\n# EOF\n',
      'openmetrics',
    );
    expect(families).toMatchObject([
      { name: 'a_seconds', type: 'histogram', unit: 'seconds' },
      { name: 'b', type: 'untyped' },
      { name: 'c', type: 'gauge' },
    ]);
  });

  test.each([
    ['a 1\n', 'line 2: data does not end with # EOF'],
    ['a 1\n# EOF\nb 1\n', 'line 3: there is more after # EOF'],
    ['\n# EOF\n', 'line 1: an empty line'],
    ['# a comment\n# EOF', 'line 1: expected HELP, TYPE, UNIT or EOF and a name, found "# a comment"'],
    ['a  1\n# EOF', 'line 1: expected one space and a value after the series, found "  1"'],
    ['a{x="1"y="2"} 1\n# EOF', 'line 1: expected "," or "}" after a label, found "y=\\"2\\"} 1"'],
    ['# HELP a\n# EOF', 'line 1: expected HELP, TYPE, UNIT or EOF and a name, found "# HELP a"'],
    ['a{x="1" } 1\n# EOF', 'line 1: expected "," or "}" after a label, found " } 1"'],
    ['# UNIT a seconds\n# EOF', 'line 1: unit "seconds" is not a suffix of metric a'],
    ['a 1 NaN\n# EOF', 'line 1: invalid timestamp "NaN"'],
    ['a 1 # {x="1"}\n# EOF', "line 1: expected an exemplar's value, found the end of the line"],
    ['a 1 # {x="1"} y\n# EOF', 'line 1: "y" is not a value'],
    ['# TYPE a untyped\n# EOF', 'line 1: invalid metric type "untyped"'],
  ])('%j is wrong', (body, message) => {
    expect(wrong(body, 'openmetrics')).toBe(message);
  });
});

describe('from answer to answer', () => {
  test('each way of writing a series is looked at once, and forgotten when it is not seen', () => {
    const memory = rememberExposition();
    const asked: string[] = [];
    const once = (body: string): readonly number[] =>
      parseExposition(body, 'text', memory, (name, labels) => asked.push(`${name}${labels.length}`) - 1)
        .series;
    expect(once('a{x="1"} 1\nb 2\n')).toEqual([0, 1]);
    expect(once('b 3\na{x="1"} 4\na{x="1",} 4\n')).toEqual([1, 0, 2]);
    expect(asked).toEqual(['a1', 'b0', 'a1']);
    once(Array.from({ length: 1100 }, (_, index) => `c${index} 1\n`).join(''));
    once('b 1\n');
    expect(memory.series.size).toBe(0);
  });

  test('a series belongs to its family', () => {
    const { families } = (() => {
      const memory = rememberExposition();
      parse('# TYPE h histogram\n# TYPE h_sum gauge\n# TYPE c counter\n', 'text', memory);
      return memory;
    })();
    expect(
      ['h_bucket', 'h_sum', 'c_total', 'x_bucket'].map((name) => familyOf(name, families)?.type),
    ).toEqual(['histogram', 'gauge', 'counter', undefined]);
  });

  test('the format is told by the content type', () => {
    expect(formatOf('application/openmetrics-text; version=1.0.0')).toBe('openmetrics');
    expect(formatOf('Text/Plain;version=0.0.4')).toBe('text');
    expect(formatOf('')).toBe('text');
    expect(formatOf('application/json')).toBeUndefined();
  });
});

describe('whatever comes', () => {
  test('is read or refused, with the line that is wrong', () => {
    for (const body of mutations(3000, 1))
      for (const format of ['text', 'openmetrics'] as const) wrong(body, format);
  });

  test('what is written by the rules is read as it was', () => {
    const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]*$/).filter((name) => name !== '__name__');
    const series = fc.record({
      name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
      labels: fc.uniqueArray(fc.tuple(label, fc.string({ unit: 'grapheme' })), {
        selector: ([name]) => name,
      }),
      value: fc.double(),
    });
    const quote = (value: string): string =>
      `"${value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`))}"`;
    fc.assert(
      fc.property(fc.array(series), (all) => {
        const body = all
          .map(
            ({ name, labels, value }) =>
              `${name}{${labels.map(([key, of]) => `${key}=${quote(of)}`).join(',')}} ${Object.is(value, -0) ? '-0' : value}\n`,
          )
          .join('');
        const wanted = all.map(({ name, labels, value }) => [
          [name, ...labels.map(([key, of]) => `${key}=${of}`)].join(' '),
          value,
        ]);
        expect(text(body)).toEqual(wanted);
        expect(openMetrics(`${body}# EOF\n`)).toEqual(wanted);
      }),
    );
  });

  test('a long text in quotes, or of brackets, is no trouble', () => {
    expect(text(`a{x="${'\\\\'.repeat(1e5)}"} 1`)).toHaveLength(1);
    expect(wrong(`a{x="${'\\"'.repeat(1e5)}`, 'text')).toMatch(/^line 1/);
    expect(wrong('{'.repeat(1e5), 'text')).toMatch(/^line 1/);
    expect(wrong(`# HELP "${'\\"'.repeat(1e5)} x`, 'text')).toMatch(/^line 1/);
  });
});
