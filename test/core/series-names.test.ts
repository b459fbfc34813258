import { expect, test } from 'vitest';
import { gauge, group } from '../../src/core/group.js';
import { row, type Sample } from '../../src/core/sample.js';
import { createNamer, type Series } from '../../src/core/series-names.js';

const process = group({
  name: 'process',
  help: 'Each process',
  identity: ['name'],
  fields: { count: gauge('count', 'How many') },
});

const sampleOf = (...names: readonly string[]): Sample => ({
  time: 0,
  host: '',
  boot: '',
  readings: new Map([['process', { group: process, rows: names.map((name) => row([name], { count: 1 })) }]]),
});

test('a name is made once for as long as its row is there, and forgotten with it', () => {
  const name = createNamer();
  const seriesOf = (...names: readonly string[]): readonly Series[] => {
    const found: Series[] = [];
    name(sampleOf(...names), (series) => found.push(series));
    return found;
  };
  const [a, b] = seriesOf('a', 'b');
  expect([a?.text, b?.text]).toEqual(['sysmon_process_count{name="a"}', 'sysmon_process_count{name="b"}']);
  expect(seriesOf('a')[0]).toBe(a);
  const [again, anew] = seriesOf('a', 'b');
  expect(again).toBe(a);
  expect(anew).toEqual(b);
  expect(anew).not.toBe(b);
});
