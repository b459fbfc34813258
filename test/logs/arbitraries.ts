/** Random groups, and random samples of any groups: whatever the types allow, and names nobody would choose. */

import fc from 'fast-check';
import type { Field, Group, Kind, PrometheusName, Unit } from '../../src/core/group.js';
import type { ActiveAlert, Reading, Row, Sample } from '../../src/core/sample.js';
import type { LogRecord } from '../../src/logs/record.js';

const ODD = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'texts',
  'numbers',
  'id',
  'NaN',
  '+Inf',
  '-Inf',
  'null',
  '0',
  '-0',
  '007',
  '7',
  '-12',
  '1e3',
  '123456789012345678901',
  '/',
  '/mnt/a b\\040c',
  '"quoted"',
  'back\\slash',
  'two\nlines\r\n',
  '\u2028\u2029',
  '\u0000\u001b[31m',
  '\ud800',
  'a\udc00b',
  '😀',
  'ﬀ',
  'used_percent',
  'device',
];

export const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);

/** JSON has one zero. */
export const number = fc.oneof(
  fc.double().map((value) => value + 0),
  fc.integer(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0.1, 2 ** 60),
);

/** Keeps `__proto__` as a name. */
export const byName = <T>(names: fc.Arbitrary<string>, value: fc.Arbitrary<T>, maxLength = 6) =>
  fc.uniqueArray(fc.tuple(names, value), { maxLength, selector: ([key]) => key }).map((entries) => {
    const out = Object.create(null) as Record<string, T>;
    for (const [key, one] of entries) out[key] = one;
    return out;
  });

const kind = fc.constantFrom<Kind>('gauge', 'counter', 'info');
const unit = fc.constantFrom<Unit>('percent', 'bytes', 'seconds', 'celsius', 'ratio', 'boolean', 'count');

const prometheusName: fc.Arbitrary<PrometheusName> = fc.record(
  {
    name,
    labels: byName(name, name, 3),
    texts: fc.array(name, { maxLength: 2 }),
    scale: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    type: fc.constantFrom('untyped' as const, 'gauge' as const, 'counter' as const),
  },
  { requiredKeys: ['name'] },
);

const field: fc.Arbitrary<Field> = fc.record(
  {
    kind,
    unit,
    help: name,
    due: fc.constantFrom('tick' as const, 'detail' as const),
    digits: fc.integer({ min: 0, max: 15 }),
    prometheus: prometheusName,
  },
  { requiredKeys: ['kind', 'unit', 'help', 'due'] },
);

/** Group names are words, and identity names are not those that rows keep for themselves. */
/** Names a group must not have: they are the record's own. */
export const RESERVED: ReadonlySet<string> = new Set(
  'level time host msg v seq boot interval detail alerts failed'.split(' '),
);

export const groupName = fc.stringMatching(/^[a-z][a-z_]{0,10}$/).filter((word) => !RESERVED.has(word));

export const group: fc.Arbitrary<Group> = fc
  .record(
    {
      name: groupName,
      help: name,
      identity: fc.uniqueArray(
        name.filter((one) => one !== 'texts' && one !== 'numbers'),
        { maxLength: 3 },
      ),
      texts: byName(name, name),
      labels: fc.array(name, { maxLength: 2 }),
      fields: byName(name, field),
      list: fc.constant(true as const),
    },
    { requiredKeys: ['name', 'help', 'identity', 'texts', 'labels', 'fields'] },
  )
  .map((made) => made as Group);

const namesOr = (names: readonly string[]) =>
  names.length === 0 ? name : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, name);

const rowsFor = (owner: Group): fc.Arbitrary<readonly Row[]> => {
  const fields = Object.keys(owner.fields);
  const texts = Object.keys(owner.texts);
  const row: fc.Arbitrary<Row> = fc.record({
    id: fc.tuple(...owner.identity.map(() => namesOr([...fields, ...texts]))),
    texts: byName(namesOr([...texts, ...fields]), name),
    numbers: byName(namesOr([...fields, ...texts]), number, 12),
  });
  // In a list two rows may be alike.
  if (owner.list === true) return fc.array(row, { maxLength: 4 });
  return fc.uniqueArray(row, { maxLength: 6, selector: ({ id }) => JSON.stringify(id) });
};

const readingOf = (owner: Group): fc.Arbitrary<Reading | undefined> =>
  fc.oneof(
    { weight: 6, arbitrary: rowsFor(owner).map((rows) => ({ group: owner, rows })) },
    { weight: 1, arbitrary: name.map((failed) => ({ group: owner, failed })) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

const time = fc.integer({ min: -1e12, max: 4e12 });
const seq = fc.nat();

const alert: fc.Arbitrary<ActiveAlert> = fc.record({
  rule: name,
  path: name,
  state: fc.constantFrom('warning' as const, 'critical' as const),
  since: time,
});

/** A sample of some of these groups. */
export const sampleOf = (groups: readonly Group[]): fc.Arbitrary<Sample> =>
  fc
    .record(
      {
        time,
        host: name,
        boot: name,
        seq,
        interval: fc.double({ min: 0.001, max: 86_400, noNaN: true }),
        alerts: fc.array(alert, { minLength: 1, maxLength: 3 }),
        readings: fc.tuple(...groups.map(readingOf)),
      },
      { requiredKeys: ['time', 'host', 'boot', 'readings'] },
    )
    .map(({ readings, ...rest }) => ({
      ...(rest as Omit<Sample, 'readings'>),
      readings: new Map(
        readings.flatMap((reading) => (reading === undefined ? [] : [[reading.group.name, reading]])),
      ),
    }));

const common = { time, host: name, seq };
const optionalSeq = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }, optional: readonly (keyof T)[] = []) =>
  fc.record({ ...common, ...shape }, {
    requiredKeys: [
      'time',
      'host',
      ...(Object.keys(shape) as (keyof T)[]).filter((key) => !optional.includes(key)),
    ],
  } as never);

const ruleState = fc.constantFrom('ok' as const, 'warning' as const, 'critical' as const);
const is = <K extends LogRecord['kind']>(kind: K) => fc.constant(kind);

/** Every kind of record but samples and schemas. */
export const event = fc.oneof(
  optionalSeq({ kind: is('start'), boot: name, interval: fc.nat(), version: name, pid: fc.nat() }, [
    'interval',
  ]),
  optionalSeq({ kind: is('stop'), reason: name }),
  optionalSeq({
    kind: is('gap'),
    reason: fc.constantFrom('clock' as const, 'suspend' as const, 'late' as const, 'reboot' as const),
    seconds: number,
    missed: fc.nat(),
  }),
  optionalSeq({ kind: is('lost'), count: fc.nat(), reason: name }),
  optionalSeq(
    {
      kind: is('alert'),
      rule: name,
      path: name,
      state: ruleState,
      before: ruleState,
      since: time,
      value: number,
      text: name,
    },
    ['value'],
  ),
) as fc.Arbitrary<LogRecord>;
