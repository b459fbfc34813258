/** A failed unit test in words: what was expected beside what came. */

import { formatFloat } from '../../core/go-float.js';
import { formatDuration } from '../../promql/durations.js';
import type { Pairs } from '../../promql/rules/rule.js';
import type { Shown, TestFailure } from '../../promql/rules/unit/run.js';

const quoted = (pairs: Pairs): string =>
  pairs.map(([name, text]) => `${name}=${JSON.stringify(text)}`).join(', ');

/** A series as one writes it: `up{job="a"}`. */
const seriesOf = (labels: Pairs): string => {
  const name = labels.find(([label]) => label === '__name__')?.[1] ?? '';
  const others = labels.filter(([label]) => label !== '__name__');
  return others.length === 0 && name !== '' ? name : `${name}{${quoted(others)}}`;
};

const linesOf = ({ labels, annotations, value }: Shown): readonly string[] => [
  `${seriesOf(labels)}${value === undefined ? '' : ` ${formatFloat(value)}`}`,
  ...(annotations ?? []).map(([name, text]) => `  ${name}: ${JSON.stringify(text)}`),
];

/** What both have, once; else `-` before what was expected and `+` before what came. */
const difference = (expected: readonly Shown[], got: readonly Shown[]): readonly string[] => {
  const wanted = expected.map((one) => linesOf(one));
  const came = got.map((one) => linesOf(one));
  const keys = new Set(came.map((lines) => lines.join('\n')));
  const both = wanted.map((lines) => keys.has(lines.join('\n')));
  const shared = new Set(wanted.filter((_, index) => both[index]).map((lines) => lines.join('\n')));
  const marked = (sign: string, lines: readonly string[]): readonly string[] =>
    lines.map((line) => `${sign} ${line}`);
  const all = [
    ...wanted.flatMap((lines, index) => marked(both[index] ? ' ' : '-', lines)),
    ...came.flatMap((lines) => (shared.has(lines.join('\n')) ? [] : marked('+', lines))),
  ];
  if (got.length === 0) return [...all, '+ (nothing)'];
  return expected.length === 0 ? ['- (nothing)', ...all] : all;
};

const SUBJECTS = { alert: 'alertname', expr: 'expr', error: 'failed' } as const;

export const formatFailure = (file: string, test: string, failure: TestFailure): readonly string[] => {
  const { at, kind, subject, evalTime } = failure;
  const named = test === '' ? '' : `${test}: `;
  return [
    `    ${file}:${at.line}: ${named}${SUBJECTS[kind]} ${subject}, time ${formatDuration(evalTime)}`,
    ...(failure.kind === 'error'
      ? failure.message.split('\n').map((line) => `      ${line}`)
      : difference(failure.expected, failure.got).map((line) => `      ${line}`)),
  ];
};
