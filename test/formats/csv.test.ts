import { expect, test } from 'vitest';
import { gauge, group } from '../../src/core/group.js';
import { row, type Sample } from '../../src/core/sample.js';
import { createColumns } from '../../src/formats/csv.js';

const load = group({ name: 'load', help: 'Load', fields: { load1: gauge('count', 'Load') } });
const filesystem = group({
  name: 'filesystem',
  help: 'Filesystems',
  identity: ['mountpoint'],
  fields: { free_bytes: gauge('bytes', 'Free'), used_percent: gauge('percent', 'Used') },
});
const top = group({ name: 'top', help: 'Top', list: true, fields: { pid: gauge('count', 'Number') } });

const sampleAt = (time: number, readings: Sample['readings']): Sample => ({
  time,
  host: 'h',
  boot: 'b',
  readings,
});

test('a column for each path, a line for each sample, an empty cell for what is not known', () => {
  const samples = [
    sampleAt(
      0,
      new Map([
        ['filesystem', { group: filesystem, rows: [row(['/'], { free_bytes: 5, used_percent: 1.5 })] }],
        ['top', { group: top, rows: [row([], { pid: 1 })] }],
      ]),
    ),
    sampleAt(1500, new Map([['load', { group: load, rows: [row([], { load1: Number.NaN })] }]])),
    sampleAt(
      3000,
      new Map([
        ['load', { group: load, failed: 'permission denied' }],
        [
          'filesystem',
          {
            group: filesystem,
            rows: [
              row(['/a "b", c'], { free_bytes: Number.NEGATIVE_INFINITY }),
              row(['/'], { free_bytes: 0 }),
            ],
          },
        ],
      ]),
    ),
  ];
  const columns = createColumns();
  for (const sample of samples) columns.add(sample);
  expect(columns.header() + samples.map(columns.line).join('')).toBe(
    [
      String.raw`time,filesystem[/].free_bytes,filesystem[/].used_percent,"filesystem[""/a \""b\"", c""].free_bytes",load.load1`,
      '1970-01-01T00:00:00.000Z,5,1.5,,',
      '1970-01-01T00:00:01.500Z,,,,NaN',
      '1970-01-01T00:00:03.000Z,0,,-Inf,',
      '',
    ].join('\n'),
  );
});
