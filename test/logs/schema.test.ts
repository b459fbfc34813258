import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  counter,
  type Field,
  type Group,
  gauge,
  group as makeGroup,
  type Unit,
} from '../../src/core/group.js';
import { row, rowsIn, type Sample } from '../../src/core/sample.js';
import { decodeRecord, encodeRecord } from '../../src/logs/codec.js';
import type { LogRecord } from '../../src/logs/record.js';
import { decodeSchema, encodeSchema, joinSchema } from '../../src/logs/schema.js';
import { GROUPS } from '../../src/vitals/index.js';
import * as arbitrary from './arbitraries.js';

const throughJson = (groups: Iterable<Group>): readonly Group[] =>
  decodeSchema(JSON.parse(JSON.stringify(encodeSchema(groups)))) ?? [];

/** All but what is about rule files, which are made of this version's own groups. */
const recorded = ({ countedMatchers: _, ...group }: Group): Group => ({
  ...group,
  fields: Object.fromEntries(
    Object.entries(group.fields).map(([name, { promql: __, ...field }]) => [name, field]),
  ),
});

const OWN = [...GROUPS.values()].map(recorded);

const toLine = (record: LogRecord): string => {
  const { level, msg, fields } = encodeRecord(record);
  return JSON.stringify({ level, time: record.time, host: record.host, msg, ...fields });
};

describe('the schema', () => {
  it('gives every group there is again, in order', () => {
    const back = throughJson(GROUPS.values());
    expect(back).toEqual(OWN);
    expect(back.map(({ name }) => name)).toEqual([...GROUPS.keys()]);
    for (const { name, fields } of back)
      expect(Object.keys(fields)).toEqual(Object.keys(GROUPS.get(name)?.fields ?? {}));
  });

  it('gives any groups again', () => {
    const groups = fc.uniqueArray(arbitrary.group, { maxLength: 5, selector: ({ name }) => name });
    fc.assert(
      fc.property(groups, (made) => {
        expect(throughJson(made)).toEqual(made);
      }),
      { numRuns: 500 },
    );
  });

  it('is small: it stands in every file', () => {
    const text = JSON.stringify(encodeSchema(GROUPS.values()));
    const fields = [...GROUPS.values()].reduce((sum, one) => sum + Object.keys(one.fields).length, 0);
    // Help, name and Prometheus name are what a field is: 60 to 90 characters on their own.
    expect(text.length).toBeLessThan(140 * fields);
    expect(text.length).toBeLessThan(64 * 1024);
  });

  it('is a record like others', () => {
    const record: LogRecord = {
      kind: 'schema',
      time: 1,
      host: 'h',
      seq: 7,
      v: 1,
      groups: OWN,
    };
    expect(decodeRecord(toLine(record), new Map())).toEqual(record);
  });

  it('never throws, whatever stands there', () => {
    const shape = fc.dictionary(
      fc.constantFrom('cpu', 'help', 'fields', 'identity', 'texts', 'labels', 'list', '*'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.dictionary(fc.string(), fc.oneof(shape, fc.dictionary(fc.constant('fields'), shape))),
        ),
        (value) => {
          for (const { identity, labels, fields } of decodeSchema(value) ?? []) {
            expect([...identity, ...labels].every((one) => typeof one === 'string')).toBe(true);
            for (const { kind, due } of Object.values(fields)) {
              expect(['gauge', 'counter', 'info']).toContain(kind);
              expect(['tick', 'detail']).toContain(due);
            }
          }
        },
      ),
    );
  });
});

describe('a log of a later version', () => {
  /** What this version knows, and what that one has made of it. */
  const known = makeGroup({
    name: 'cpu',
    help: 'All CPUs',
    fields: { used_percent: gauge('percent', 'Used') },
  });
  const tape = makeGroup({
    name: 'tape',
    help: 'Tape drives',
    identity: ['drive'],
    texts: { model: 'of the drive' },
    labels: ['model'],
    fields: {
      tension: gauge('newton' as Unit, 'How tight', { digits: 1, prometheus: 'node_tape_tension_newtons' }),
      rewinds: counter('count', 'Times rewound', {
        prometheus: { name: 'node_tape_moves_total', labels: { how: 'rewind' }, scale: 2 },
      }),
      jammed: { kind: 'stateset' as Field['kind'], unit: 'boolean', help: 'Stuck', due: 'tick' },
    },
  });
  const later = { ...known, fields: { ...known.fields, turbo_ratio: gauge('ratio', 'Faster') } };
  const sample: Sample = {
    time: 2,
    host: 'h',
    boot: 'b',
    readings: new Map([
      ['cpu', { group: later, rows: [row([], { used_percent: 5, turbo_ratio: 0.5 })] }],
      [
        'tape',
        { group: tape, rows: [row(['st0'], { tension: 4.2, rewinds: 3, jammed: 0 }, { model: 'LTO' })] },
      ],
    ]),
  };

  it('is read by what it says of itself', () => {
    const line = toLine({ kind: 'schema', time: 1, host: 'h', v: 1, groups: [later, tape] });
    // A key, a word and a place that mean nothing yet.
    const ahead = line
      .replace('"help":"Tape drives"', '"help":"Tape drives","since":{"v":3}')
      .replace('"gauge newton .1"', '"gauge newton .1 sparse"')
      .replace('"node_tape_tension_newtons"', '"node_tape_tension_newtons",{"native":true}');
    for (const word of ['"since"', 'sparse', '"native"']) expect(ahead).toContain(word);
    const schema = decodeRecord(ahead, new Map());
    if (schema?.kind !== 'schema') throw new Error('no schema');
    const groups = joinSchema(new Map([['cpu', known]]), JSON.parse(ahead).groups);
    const back = decodeRecord(toLine({ kind: 'sample', time: 2, host: 'h', sample }), groups);
    if (back?.kind !== 'sample') throw new Error('no sample');

    expect(rowsIn(back.sample, 'cpu')).toEqual(rowsIn(sample, 'cpu'));
    expect(rowsIn(back.sample, 'tape')).toEqual(rowsIn(sample, 'tape'));
    const fields = groups.get('tape')?.fields;
    expect(fields?.['tension']).toEqual({ ...tape.fields['tension'], unit: 'count' });
    expect(fields?.['rewinds']).toEqual(tape.fields['rewinds']);
    expect(fields?.['jammed']).toEqual({ ...tape.fields['jammed'], kind: 'gauge' });
    expect(groups.get('tape')?.labels).toEqual(['model']);
    expect(groups.get('cpu')?.fields['turbo_ratio']).toEqual(later.fields.turbo_ratio);
  });

  it('leaves what is the same as it is, and what only one side knows known', () => {
    expect(joinSchema(GROUPS, encodeSchema(GROUPS.values())).get('memory')).toBe(GROUPS.get('memory'));
    const joined = joinSchema(new Map([['cpu', later]]), encodeSchema([known]));
    expect(Object.keys(joined.get('cpu')?.fields ?? {}).sort()).toEqual(['turbo_ratio', 'used_percent']);
    const some = joinSchema(GROUPS, encodeSchema([tape, known]), new Set(['memory', 'tape']));
    expect([...some.keys()]).toEqual(['memory', 'tape']);
  });
});
