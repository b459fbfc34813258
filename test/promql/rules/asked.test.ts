/** What texts of rules will ask for. */

import { expect, it } from 'vitest';
import { print } from '../../../src/promql/print.js';
import { queriesIn } from '../../../src/promql/rules/asked.js';

it.each([
  ['{{ query "up" | first | value }}', ['up']],
  [
    '{{ with printf "up{instance=%q,job=\\"a\\"}" $labels.instance | query }}{{ . | first | value }}{{ end }}',
    ['up{job="a"}'],
  ],
  [
    '{{ range query (printf "sum(rate(x{i=\'%s\'}[5m])) by (i) > %d" $labels.i 3) }}{{ .Value }}{{ end }}',
    ['sum by (i) (rate(x[5m])) > 1'],
  ],
  ['{{ $q := "node_load1" }}{{ if true }}{{ (query $q | first).Value }}{{ end }}', ['node_load1']],
  [
    '{{ printf "rate(x[%dm])" 5 | query }}{{ printf "rate(y[%s])" "5m" | query }}',
    ['rate(x[1h40m])', 'rate(y[1d])'],
  ],
  ['{{ define "a" }}{{ query "up" }}{{ end }}{{ template "a" . }}', ['up']],
  ['{{ $labels.query }} {{ "up" }}', []],
  ['query "up"', []],
  ['{{ query "up', []],
])('%s', (text, expected) => {
  expect(queriesIn(text).map(print)).toEqual(expected);
});
