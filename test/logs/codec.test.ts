import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type Group, gauge, group as makeGroup } from '../../src/core/group.js';
import { type Reading, row, type Sample } from '../../src/core/sample.js';
import { decodeRecord, encodeRecord, kindOf } from '../../src/logs/codec.js';
import type { LogRecord, SampleRecord } from '../../src/logs/record.js';
import { GROUPS } from '../../src/vitals/index.js';
import * as arbitrary from './arbitraries.js';

const mapOf = (groups: readonly Group[]): ReadonlyMap<string, Group> =>
  new Map(groups.map((one) => [one.name, one]));

const toLine = (record: LogRecord): string => {
  const { level, msg, fields } = encodeRecord(record);
  return JSON.stringify({ level, time: record.time, host: record.host, msg, ...fields });
};

const recordOf = (sample: Sample): SampleRecord => ({
  kind: 'sample',
  time: sample.time,
  host: sample.host,
  ...(sample.seq === undefined ? {} : { seq: sample.seq }),
  sample,
});

/** Rows are in a set order in lists only. */
const settled = (record: LogRecord | undefined): unknown => {
  if (record?.kind !== 'sample') return record;
  const readings = [...record.sample.readings].map(([name, reading]) => {
    if (!('rows' in reading) || reading.group.list === true) return [name, reading];
    const rows = [...reading.rows].sort((a, b) => (JSON.stringify(a.id) < JSON.stringify(b.id) ? -1 : 1));
    return [name, { ...reading, rows }];
  });
  return { ...record, sample: { ...record.sample, readings } };
};

const expectSame = (back: LogRecord | undefined, record: LogRecord): void =>
  expect(settled(back)).toEqual(settled(record));

const roundTrip = (record: LogRecord, groups: ReadonlyMap<string, Group>): LogRecord | undefined =>
  decodeRecord(toLine(record), groups);

describe('a record', () => {
  it('reads as the golden line', () => {
    const [line = '', ...more] = readFileSync('test/golden/record.ndjson', 'utf8').split('\n');
    expect(more).toEqual(['']);
    const rows = (name: string, rows: ReturnType<typeof row>[], options: Partial<Group> = {}) => {
      const described = { ...makeGroup({ name, help: '', fields: { '*': gauge('count', '') } }), ...options };
      return [name, { group: described, rows }] as const;
    };
    const hwmon = makeGroup({ name: 'hwmon', help: '', identity: ['chip', 'sensor'], fields: {} });
    const sample: Sample = {
      time: 1795232000000,
      host: 'web-1',
      seq: 8123,
      boot: '0f7cbd3a-7b1f-4c6e-9f4e-6d1a2b3c4d5e',
      interval: 5,
      alerts: [
        { rule: 'disk', path: 'filesystem["/"].used_percent', state: 'warning', since: 1795231000000 },
      ],
      readings: new Map<string, Reading>([
        rows('cpu', [row([], { used_percent: 12.1, iowait_percent: 0.4, steal_percent: 0 })]),
        rows(
          'filesystem',
          [row(['/'], { used_percent: 92.1, free_bytes: 1 }, { device: '/dev/vda', fstype: 'ext4' })],
          {
            identity: ['mountpoint'],
            texts: { device: '', fstype: '' },
          },
        ),
        rows('network', [row(['eth0'], { speed_bytes: Number.POSITIVE_INFINITY })], { identity: ['device'] }),
        rows('raid', [], { identity: ['device'] }),
        rows('top', [row(['812'], { cpu_percent: 38.1 }, { name: 'postgres' })], {
          identity: ['pid'],
          list: true,
        }),
        ['hwmon', { group: hwmon, failed: 'permission denied' }],
      ]),
    };
    expect(toLine(recordOf(sample))).toBe(line);
    const groups = mapOf([...sample.readings.values()].map((reading) => reading.group));
    expectSame(decodeRecord(line, groups), recordOf(sample));
  });

  it('survives with every group there is, whatever their rows say', () => {
    const groups = [...GROUPS.values()];
    fc.assert(
      fc.property(arbitrary.sampleOf(groups), (sample) => {
        expectSame(roundTrip(recordOf(sample), GROUPS), recordOf(sample));
      }),
      { numRuns: 60 },
    );
  });

  it('survives with groups nobody has thought of yet', () => {
    const groups = fc.uniqueArray(arbitrary.group, { maxLength: 4, selector: ({ name }) => name });
    const both = groups.chain((made) => fc.tuple(fc.constant(made), arbitrary.sampleOf(made)));
    fc.assert(
      fc.property(both, ([made, sample]) => {
        expectSame(roundTrip(recordOf(sample), mapOf(made)), recordOf(sample));
      }),
      { numRuns: 1500 },
    );
  });

  it('survives pino', () => {
    let line = '';
    let time = 0;
    const logger = pino(
      { base: null, timestamp: () => `,"time":${time}` },
      { write: (text: string) => (line = text) },
    );
    const both = arbitrary.group.chain((made) => fc.tuple(fc.constant(made), arbitrary.sampleOf([made])));
    fc.assert(
      fc.property(both, ([made, sample]) => {
        const { msg, fields } = encodeRecord(recordOf(sample));
        time = sample.time;
        logger.info({ host: sample.host, msg, ...fields });
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expectSame(decodeRecord(line, mapOf([made])), recordOf(sample));
      }),
      { numRuns: 300 },
    );
  });

  it('survives when it says that something happened', () => {
    fc.assert(
      fc.property(arbitrary.event, (record) => {
        expectSame(roundTrip(record, GROUPS), record);
      }),
    );
  });

  it('keeps what its identity does not tell apart, though that should not happen', () => {
    for (const identity of [[], ['chip', 'sensor']]) {
      const made = makeGroup({ name: 'hwmon', help: '', identity, fields: { '*': gauge('celsius', '') } });
      const id = identity.map(() => 'a');
      const rows = [row(id, { celsius: 1 }), row(id, { celsius: 2 })];
      const sample: Sample = {
        time: 1,
        host: 'h',
        boot: 'b',
        readings: new Map([['hwmon', { group: made, rows }]]),
      };
      expectSame(roundTrip(recordOf(sample), mapOf([made])), recordOf(sample));
    }
  });

  it('tells no rows, a row without values and a group that was not due apart', () => {
    const made = makeGroup({ name: 'swap', help: '', fields: { '*': gauge('bytes', '') } });
    const encode = (rows: ReturnType<typeof row>[] | undefined): unknown => {
      const readings = new Map(rows === undefined ? [] : [['swap', { group: made, rows }]]);
      return encodeRecord(recordOf({ time: 1, host: 'h', boot: 'b', readings })).fields['swap'];
    };
    expect(JSON.stringify(encode([]))).toBe('{}');
    expect(JSON.stringify(encode([row([], {})]))).toBe('{"numbers":{}}');
    expect(encode(undefined)).toBeUndefined();
  });

  it('is decoded only as far as asked', () => {
    const samples = arbitrary.sampleOf([...GROUPS.values()]);
    fc.assert(
      fc.property(samples, fc.subarray([...GROUPS.keys()]), (sample, only) => {
        const back = decodeRecord(toLine(recordOf(sample)), GROUPS, new Set(only));
        expect(back?.kind === 'sample' && [...back.sample.readings.keys()]).toEqual(
          [...GROUPS.keys()].filter((name) => only.includes(name) && sample.readings.has(name)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('has levels that pino users expect', () => {
    const common = { time: 1, host: 'h' };
    const alert = {
      kind: 'alert',
      ...common,
      rule: 'cpu',
      path: 'cpu.used_percent',
      since: 0,
      text: '',
    } as const;
    const levels = (
      [
        [30, { kind: 'stop', ...common, reason: '' }],
        [30, { kind: 'gap', ...common, reason: 'late', seconds: 1, missed: 1 }],
        [40, { kind: 'lost', ...common, count: 1, reason: '' }],
        [40, { ...alert, before: 'ok', state: 'warning' }],
        [50, { ...alert, before: 'warning', state: 'critical' }],
        [30, { ...alert, before: 'critical', state: 'ok' }],
      ] as const
    ).map(([level, record]) => [level, encodeRecord(record).level]);
    for (const [wanted, level] of levels) expect(level).toBe(wanted);
  });
});

describe('what is no record', () => {
  it('is not taken for one, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (line) => {
        expect(decodeRecord(line, GROUPS)).toBeUndefined();
      }),
    );
  });

  it('does no harm as a part of one', () => {
    const start = { level: 30, time: 1, host: 'h', v: 1, boot: 'b' };
    const msg = fc.constantFrom('sample', 'start', 'stop', 'gap', 'lost', 'alert', 'schema');
    const part = fc.dictionary(
      fc.constantFrom(
        ...GROUPS.keys(),
        'failed',
        'alerts',
        'interval',
        'groups',
        'reason',
        'time',
        'v',
        'seq',
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(msg, part, (kind, more) => {
        const found = decodeRecord(JSON.stringify({ ...start, msg: kind, ...more }), GROUPS);
        expect(['undefined', 'object']).toContain(typeof found);
        if (found?.kind === 'sample') {
          const rows = [...found.sample.readings.values()].flatMap((one) => ('rows' in one ? one.rows : []));
          for (const { numbers, texts } of rows) {
            for (const value of Object.values(numbers)) expect(typeof value).toBe('number');
            for (const value of Object.values(texts)) expect(typeof value).toBe('string');
          }
        }
      }),
    );
  });

  it('is another program’s line, however alike', () => {
    const pinoLine = '{"level":30,"time":1,"pid":1,"hostname":"h","msg":"start","v":1}';
    expect(decodeRecord(pinoLine, GROUPS)).toBeUndefined();
    expect(decodeRecord('{"level":30,"time":1,"host":"h","msg":"sample"}', GROUPS)).toBeUndefined();
  });

  it('is a record of a later version, and said to be', () => {
    const line = '{"level":30,"time":1,"host":"h","msg":"sample","v":2,"boot":"b"}';
    expect(decodeRecord(line, GROUPS)).toBeUndefined();
    expect(kindOf(line)).toBe('newer');
    expect(kindOf(line.replace('"v":2', '"v":1'))).toBe('sample');
    expect(kindOf('{')).toBeUndefined();
  });

  it('is told by its beginning, or wherever it says so, but not by a piece of it', () => {
    const line = '{"level":30,"time":-1,"host":"h","msg":"stop","v":1,"reason":"end"}';
    expect(kindOf(line)).toBe('stop');
    expect(kindOf(line.slice(0, -1))).toBeUndefined();
    expect(kindOf(line.replace('"h"', '"a\\"b"'))).toBe('stop');
    expect(kindOf('{"v":1,"msg":"stop","time":1,"host":"h"}')).toBe('stop');
    expect(kindOf(line.replace('stop', 'constructor'))).toBeUndefined();
    expect(kindOf(line.replace('"v":1', '"v":0'))).toBeUndefined();
  });
});

describe('the groups there are', () => {
  it('have names and identities that a record can hold', () => {
    for (const { name, identity } of GROUPS.values()) {
      expect(arbitrary.RESERVED.has(name), name).toBe(false);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(identity.filter((one) => one === 'texts' || one === 'numbers')).toEqual([]);
      expect(new Set(identity).size).toBe(identity.length);
    }
  });
});
