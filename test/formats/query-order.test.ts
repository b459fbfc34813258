/** Buckets and quantiles come by their numbers where people read them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { orderForPeople } from '../../src/formats/query-order.js';
import { type Labels, labelOf } from '../../src/promql/labels.js';
import { MINUTE, START, writeTankLog } from '../commands/tank-log.js';
import { fakeClock, sysmon } from '../world.js';
import { instantAnswer, rangeAnswer, series } from './query-answers.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-query-order-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (labels: Labels): string =>
  ['job', 'le', 'quantile', 'path']
    .map((name) => labelOf(labels, name))
    .join(' ')
    .trim();

const orderOf = (...all: readonly Readonly<Record<string, string>>[]): readonly string[] => {
  const points = all.map((labels) => series(labels, 1, () => 1));
  const orders = [instantAnswer('x', points), rangeAnswer('x', points)].map(({ result }) => {
    const shown = orderForPeople(result);
    return shown.type === 'vector' || shown.type === 'matrix'
      ? shown.series.map((one) => textOf(one.labels))
      : [];
  });
  expect(orders[0]).toEqual(orders[1]);
  return orders[0] ?? [];
};

describe('series in their order', () => {
  test('are by the number of le and quantile, and by other labels as texts', () => {
    const les = ['+Inf', '0.005', '1', '10', '2.5', '1e-3', '5e+1'].map((le) => ({ le }));
    expect(orderOf(...les)).toEqual(['1e-3', '0.005', '1', '2.5', '10', '5e+1', '+Inf']);
    const quantiles = ['0.5', '1', '0.99', '0', '1e-05'].map((quantile) => ({ quantile }));
    expect(orderOf(...quantiles)).toEqual(['0', '1e-05', '0.5', '0.99', '1']);
    expect(orderOf({ path: '10' }, { path: '9' })).toEqual(['10', '9']);
  });

  test('go by what comes before first, and by what comes after where numbers are the same', () => {
    expect(
      orderOf(
        { job: 'b', le: '2' },
        { job: 'a', le: '10' },
        { job: 'a', le: '1.0', path: 'z' },
        { job: 'a', le: '1', path: 'y' },
        { job: 'a', le: '0x' },
      ),
    ).toEqual(['a 1  y', 'a 1.0  z', 'a 10', 'a 0x', 'b 2']);
  });
});

test('a table has them so, unless the expression sorts; JSON is as Prometheus has it', async () => {
  const log = join(folder, 'sysmon.log');
  writeTankLog(log);
  const le = (name: string, value: number) => `label_replace(vector(${value}), "le", "${name}", "", "")`;
  const expr = [le('10', 3), le('+Inf', 4), le('5', 2)].join(' or ');
  const ask = async (...words: readonly string[]) =>
    (await sysmon(['query', '--file', log, ...words], { clock: fakeClock(START + 30 * MINUTE) })).stdout;
  const rows = (text: string): readonly string[] =>
    text.split('\n').flatMap((line) => /^(\S+) +\d+$/.exec(line)?.[1] ?? []);
  expect(rows(await ask(expr))).toEqual(['5', '10', '+Inf']);
  expect(rows(await ask(`sort_desc(${expr})`))).toEqual(['+Inf', '10', '5']);
  const { data } = JSON.parse(await ask(expr, '--json'));
  expect(data.result.map(({ metric }: { metric: { le: string } }) => metric.le)).toEqual(['+Inf', '10', '5']);
});
