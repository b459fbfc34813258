import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkTemplate,
  expandTemplate,
  type Found,
  TemplateError,
} from '../../../src/promql/template/index.js';
import { CASES, MISTAKES } from './cases.js';

const LABELS = new Map([
  ['__name__', 'up'],
  ['instance', 'web-1:9100'],
  ['job', 'api'],
  ['path', '/a b'],
]);

const of = (value: number): Found => ({ Labels: LABELS, Value: value });

const ANSWERS: Readonly<Record<string, readonly Found[]>> = {
  up: [of(1234567)],
  "up{job='api'}": [of(1234567)],
  'vector(3)': [of(3)],
  'scalar(up) + 1': [of(1234568)],
};

const expand = (template: string): string =>
  expandTemplate(
    template,
    {
      labels: LABELS,
      externalLabels: new Map([['region', 'eu']]),
      externalURL: '',
      value: 1234567,
    },
    { name: 'test', query: (text) => ANSWERS[text] ?? [], now: 0 },
  );

describe('a template', () => {
  test.each(CASES)('%s', (template, made) => {
    expect(expand(template)).toBe(made);
  });

  test.each(MISTAKES)('is refused: %s', (template, message) => {
    expect(() => expand(template)).toThrow(TemplateError);
    expect(() => expand(template)).toThrow(message);
  });

  test('says where it is wrong', () => {
    expect(checkTemplate('a\n{{ foo }}', '__alert_A')?.message).toBe(
      'template: __alert_A:2: function "foo" not defined',
    );
    expect(checkTemplate('{{ $value | humanize }}', '__alert_A')).toBeUndefined();
    // Nothing is asked for yet, so nothing can be missing.
    expect(checkTemplate('{{ query "up" | first | value }}', '__alert_A')).toBeUndefined();
  });

  test('ends, whatever calls itself', () => {
    expect(() => expand('{{ define "t" }}x{{ template "t" . }}{{ end }}{{ template "t" . }}')).toThrow(
      'exceeded maximum template depth',
    );
  });

  test('fails in no other way, whatever it is', () => {
    const words = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '{{-',
        '-}}',
        'if',
        'else',
        'end',
        'range',
        'with',
        'define',
        'template',
        'block',
        '"x"',
        '$x',
      ],
      ...[
        ':=',
        '=',
        '|',
        '(',
        ')',
        ' ',
        '.',
        '$value',
        '$labels',
        '.a',
        'humanize',
        'printf',
        '"%*.*d"',
        '1',
        '1.5',
      ],
      ...[
        'and',
        'index',
        'slice',
        'first',
        'query',
        'nil',
        '{{/*',
        '*/}}',
        '\n',
        "'a'",
        '`',
        'len',
        'eq',
        'break',
      ],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 14 }), (parts) => {
        try {
          expect(typeof expand(parts.join(''))).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
