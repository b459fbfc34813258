import { expect, test } from 'vitest';
import { putTable } from './bench/table.js';

const ORDER = ['cpu', 'grep', 'screen'];
const MACHINE = 'EPYC, 2 cores, Linux 6.1, Node 20.1.0';
const EMPTY = 'before\n<!-- bench:begin -->\n<!-- bench:end -->\nafter\n';

const rowsOf = (name: string, ours: string, count = 2) =>
  Array.from({ length: count }, (_, index) => ({
    what: `${name} ${index}`,
    ours,
    bound: '9 ms',
    holds: true,
  }));

const put = (text: string, measured: Record<string, ReturnType<typeof rowsOf>>, machine: string) =>
  putTable(text, new Map(Object.entries(measured)), ORDER, machine);

const whole = () =>
  put(
    EMPTY,
    { cpu: rowsOf('cpu', '1 ms'), grep: rowsOf('grep', '2 ms', 1), screen: rowsOf('screen', '3 ms') },
    `${MACHINE}, 2026-11-21`,
  ).text as string;

test('the rows of a benchmark take the place of those it made before', () => {
  const first = whole();
  expect(put(first, { cpu: rowsOf('cpu', '1 ms') }, `${MACHINE}, 2026-11-21`).text).toBe(first);
  const next = put(first, { grep: rowsOf('other', '444444 ms', 3) }, `${MACHINE}, 2026-12-01`).text as string;
  expect(next).toMatch(/^before\n[\s\S]*\nafter\n$/);
  expect(next.match(/^\| \w+ \d/gm)).toEqual(
    ['cpu 0', 'cpu 1', 'other 0', 'other 1', 'other 2', 'screen 0', 'screen 1'].map((what) => `| ${what}`),
  );
  expect(next).toContain(`${MACHINE}, 2026-11-21 to 2026-12-01.\n`);
  expect(next).not.toContain('grep 0');
  const last = put(next, { grep: rowsOf('grep', '2 ms', 1) }, `${MACHINE}, 2026-11-21`).text;
  expect(last).toBe(first);
});

test('rows of two machines stand in no table', () => {
  const { text, problem } = put(whole(), { cpu: rowsOf('cpu', '1 ms') }, 'Xeon, 8 cores, 2026-11-21');
  expect(text).toBeUndefined();
  expect(problem).toContain('another machine: EPYC');
  const all = { cpu: rowsOf('cpu', '1 ms'), grep: [], screen: [] };
  expect(put(whole(), all, 'Xeon, 8 cores, 2026-11-21').text).toContain('\n\nXeon, 8 cores, 2026-11-21.\n');
});

test('a text without a place for it, or a table that does not say who made which row, stays', () => {
  expect(put('', { cpu: [] }, MACHINE).problem).toContain('no place');
  expect(put(whole().replace(/<!-- rows.*\n/, ''), { cpu: [] }, MACHINE).problem).toContain(
    'write all of it',
  );
});
