/** What is picked out of a line is what the decoder finds there, however groups, rows and values are called. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Group } from '../../src/core/group.js';
import { row, type Sample } from '../../src/core/sample.js';
import { decodeRecord, encodeRecord } from '../../src/logs/codec.js';
import { pickSample } from '../../src/logs/pick.js';
import type { LogRecord } from '../../src/logs/record.js';
import { GROUPS } from '../../src/vitals/index.js';
import * as arbitrary from './arbitraries.js';

const lineOf = (sample: Sample): string => {
  const record: LogRecord = { kind: 'sample', time: sample.time, host: sample.host, sample };
  const { level, fields } = encodeRecord(record, sample.seq);
  return JSON.stringify({ level, time: sample.time, ...fields });
};

/** Values by row and by the group's own names, as whoever looks at few of them sees them. */
const valuesOf = (sample: Sample, names: ReadonlySet<string>): readonly unknown[] =>
  [...sample.readings].flatMap(([name, reading]) => {
    if (!('rows' in reading) || !names.has(name)) return [];
    const { fields, texts } = reading.group;
    return reading.rows.flatMap((row) => {
      const numbers = Object.keys(fields).flatMap((field): unknown[] => {
        const value: unknown = Object.hasOwn(row.numbers, field) ? row.numbers[field] : undefined;
        return typeof value === 'number' && !Number.isNaN(value) ? [[field, value]] : [];
      });
      const labels = Object.keys(texts).flatMap((text): unknown[] => {
        const value: unknown = Object.hasOwn(row.texts, text) ? row.texts[text] : undefined;
        return typeof value === 'string' ? [[text, value]] : [];
      });
      return numbers.length + labels.length === 0 ? [] : [[name, row.id, numbers, labels]];
    });
  });

const decoded = (line: string, groups: ReadonlyMap<string, Group>): Sample => {
  const record = decodeRecord(line, groups);
  if (record?.kind !== 'sample') throw new Error('no sample');
  return record.sample;
};

const check = (sample: Sample, groups: ReadonlyMap<string, Group>, names: ReadonlySet<string>): boolean => {
  const line = lineOf(sample);
  const picked = pickSample(Buffer.from(line), groups, names);
  if (picked === undefined) return false;
  const whole = decoded(line, groups);
  expect(valuesOf(picked, names)).toEqual(valuesOf(whole, names));
  const { readings: _, ...head } = picked;
  const { readings: __, alerts, ...wholeHead } = whole;
  expect(head).toEqual({ ...wholeHead, ...(head.alerts && { alerts }) });
  return true;
};

describe('a line of ours', () => {
  const all = [...GROUPS.values()].filter(({ list, identity }) => list !== true && identity.length < 2);

  const wanted = new Set(['cpu', 'load', 'filesystem', 'interface', 'vmstat', 'pressure']);

  it('gives the groups that are asked for', () => {
    const rowsOf = (group: Group) =>
      (group.identity.length === 0 ? [[]] : [['a'], ['b']]).map((id) => {
        const numbers = Object.fromEntries(Object.keys(group.fields).map((field, index) => [field, index]));
        return row(id, numbers, Object.fromEntries(Object.keys(group.texts).map((text) => [text, 'x'])));
      });
    const readings = new Map(all.map((group) => [group.name, { group, rows: rowsOf(group) }]));
    const sample: Sample = { time: 5, host: 'h', seq: 3, boot: 'b', interval: 5, detail: true, readings };
    expect(check(sample, GROUPS, wanted)).toBe(true);
  });

  it('gives them whatever their rows say, or leaves them to the decoder', () => {
    fc.assert(
      fc.property(arbitrary.sampleOf(all), (sample) => {
        check(sample, GROUPS, wanted);
      }),
      { numRuns: 100 },
    );
  });

  it('gives them in whatever order they stand', () => {
    const sample = decoded(
      '{"level":30,"time":7,"host":"h","msg":"sample","v":1,"boot":"b","vmstat":{"oom_kill":3},"network":{"eth0":{"receive_bytes":1},"cpu":{"receive_bytes":2}},"load":{"load1":0.5}}',
      GROUPS,
    );
    expect(check(sample, GROUPS, new Set(['load', 'vmstat']))).toBe(true);
    // What is called like a group and is none is not taken for one.
    const line = Buffer.from(lineOf(sample));
    expect(pickSample(line, GROUPS, new Set(['cpu']))).toBeUndefined();
  });
});

describe('a line with groups nobody has thought of', () => {
  it('gives them too, or leaves them to the decoder', () => {
    const groups = fc.uniqueArray(arbitrary.group, { maxLength: 4, selector: ({ name }) => name });
    const both = groups.chain((made) => fc.tuple(fc.constant(made), arbitrary.sampleOf(made)));
    fc.assert(
      fc.property(both, ([made, sample]) => {
        const map = new Map(made.map((group) => [group.name, group]));
        check(sample, map, new Set(map.keys()));
      }),
      { numRuns: 1500 },
    );
  });
});
