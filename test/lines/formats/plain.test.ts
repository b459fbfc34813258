import { expect, test } from 'vitest';
import { plain } from '../../../src/lines/formats/plain.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };
const ISO = '2026-01-02T15:04:05.678Z';

test.each([
  [`${ISO} ERROR it broke`, 'error', 'it broke'],
  [`${ISO} [error] it broke`, 'error', 'it broke'],
  [`${ISO} [ERROR ] it broke`, 'error', 'it broke'],
  [`${ISO} error: it broke`, 'error', 'it broke'],
  [`${ISO}: error: it broke`, 'error', 'it broke'],
  [`[${ISO}] [WARN] it broke`, 'warn', 'it broke'],
  [`[${ISO}][WARN ][o.e.Node] it broke`, 'warn', '[o.e.Node] it broke'],
  [`${ISO} [main] WARN it broke`, 'warn', '[main] it broke'],
  [`${ISO} 1234 WARN it broke`, 'warn', '1234 it broke'],
  [`${ISO} | INFO     | it works`, 'info', '| it works'],
  [`ERROR ${ISO} it broke`, 'error', 'it broke'],
  [`[warn] [${ISO}] it broke`, 'warn', 'it broke'],
  [`W, [${ISO} #12]  WARN -- : it broke`, 'warn', 'it broke'],
  [`${ISO} <info>  [manager] it works`, 'info', '[manager] it works'],
  [`web-1 ${ISO} NOTICE: it works`, 'info', 'web-1 it works'],
  [`${ISO} it says level=warn of itself`, 'warn', 'it says level=warn of itself'],
  [`${ISO} Error in a sentence`, undefined, 'Error in a sentence'],
  [`${ISO} config: read again`, undefined, 'config: read again'],
  [`${ISO} A B C`, undefined, 'A B C'],
  [`${ISO} no level, an error only`, undefined, 'no level, an error only'],
  [`${ISO}`, undefined, ''],
])('%s', (line, level, message) => {
  expect(plain.parse(line, context)).toMatchObject({ time: Date.parse(ISO), message });
  expect(plain.parse(line, context)?.level).toBe(level);
});

test.each([
  ['ERROR it broke', 'error'],
  ['error: it broke', 'error'],
  ['[warn] it broke', 'warn'],
  ['npm ERR! it broke', undefined],
  ['Error: it broke', 'error'],
  ['Errors were found', undefined],
  ['  ERROR in an indented line', undefined],
  ['\tat Error: a place', undefined],
])('without a time the line is the message: %s', (line, level) => {
  expect(plain.parse(line, context)).toEqual({ message: line, fields: {}, ...(level && { level }) });
});
