/** Scenes of machines that nobody has seen: rows and numbers from the groups' own fields. */

import fc from 'fast-check';
import type { Glyphs } from '../../src/core/glyphs.js';
import type { Field, Group } from '../../src/core/group.js';
import type { Row } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import type { ShownAlert } from '../../src/screen/frame.js';
import { GROUPS } from '../../src/vitals/index.js';
import { type Machine, NOW, type Readings, type SceneOptions } from './scenes.js';

/** Groups that panels and the header show. */
export const SHOWN = [
  'cpu',
  'core',
  'memory',
  'swap',
  'load',
  'pressure',
  'filesystem',
  'disk',
  'network',
  'interface',
  'processes',
  'hwmon',
  'hwmon_chip',
  'thermal_zone',
  'system',
  'uname',
  'os',
] as const;

const groupOf = (name: string): Group => {
  const group = GROUPS.get(name);
  if (group === undefined) throw new Error(`no group ${name}`);
  return group;
};

const most = ({ unit }: Field): number => {
  switch (unit) {
    case 'percent':
      return 100;
    case 'boolean':
      return 1;
    case 'seconds':
      return 100;
    case 'celsius':
      return 110;
    case 'bytes':
    case 'bytes_per_second':
      return 2 ** 55;
    default:
      return 1e7;
  }
};

/** As the sampler rounds it; small ones are as likely as large ones. */
const numberOf = (field: Field): fc.Arbitrary<number> =>
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 12 }))
    .map(([share, power]) => Number(((share * most(field)) / 10 ** power).toFixed(field.digits ?? 0)));

/** Numbers that no machine has, and that a log may hold all the same. */
const oddity = fc.constantFrom(Number.NaN, Infinity, -Infinity, -1, 1e300, 5e-324, -0);

const numbersOf = (group: Group, odd: boolean) => {
  const fields = Object.entries(group.fields).filter(([name, { kind }]) => name !== '*' && kind !== 'info');
  return fc.record(
    Object.fromEntries(
      fields.map(([name, field]) => [
        name,
        odd
          ? fc.oneof({ weight: 4, arbitrary: numberOf(field) }, { weight: 1, arbitrary: oddity })
          : numberOf(field),
      ]),
    ),
    { requiredKeys: [] },
  );
};

const rowOf = (group: Group, name: fc.Arbitrary<string>, odd: boolean): fc.Arbitrary<Row> =>
  fc
    .tuple(
      fc.tuple(...group.identity.map(() => name)),
      numbersOf(group, odd),
      fc.record(Object.fromEntries(Object.keys(group.texts).map((text) => [text, name])), {
        requiredKeys: [],
      }),
      fc.constantFrom(undefined, undefined, undefined, 'layer', 'inside'),
    )
    .map(([id, numbers, texts, aside]) => {
      const { aside: _, ...others } = texts as Record<string, string>;
      return row(
        id,
        numbers as Record<string, number>,
        'aside' in group.texts && aside !== undefined ? { ...others, aside } : others,
      );
    });

const readingOf = (name: string, names: fc.Arbitrary<string>, odd: boolean): fc.Arbitrary<readonly Row[]> => {
  const group = groupOf(name);
  const rows = fc.uniqueArray(rowOf(group, names, odd), {
    maxLength: group.identity.length === 0 ? 1 : 12,
    minLength: group.identity.length === 0 ? 1 : 0,
    selector: ({ id }) => id.join('\0'),
  });
  return rows;
};

const readingsOf = (names: fc.Arbitrary<string>, odd: boolean): fc.Arbitrary<Readings> =>
  fc.record(
    Object.fromEntries(
      SHOWN.map((name) => [
        name,
        odd
          ? fc.oneof(
              { weight: 6, arbitrary: readingOf(name, names, odd) },
              { weight: 1, arbitrary: fc.constant('no answer\nat all') },
            )
          : readingOf(name, names, odd),
      ]),
    ),
    odd ? { requiredKeys: [] } : {},
  ) as fc.Arbitrary<Readings>;

const wild = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('データベース', '\x1b[2J', 'e\u0301', '🎉', '', 'a'.repeat(300), 'x\u202ey'),
);

const plain = fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/);

const alert = fc
  .record({
    rule: fc.constant('rule'),
    path: fc.constantFrom(
      'cpu.used_percent',
      'filesystem["/"].used_percent',
      'disk[',
      'memory.used_percent',
      '',
    ),
    state: fc.constantFrom('warning' as const, 'critical' as const),
    since: fc.integer({ min: NOW - 1e8, max: NOW + 1e6 }),
    text: wild,
  })
  .map((one): ShownAlert => one);

export interface RandomScene {
  readonly machine: Machine;
  readonly options: SceneOptions;
  readonly readings: Readings;
}

const sceneFrom = (readings: readonly Readings[], options: SceneOptions): RandomScene => ({
  machine: (at) => readings[at] ?? {},
  options: { ...options, samples: readings.length },
  readings: readings.at(-1) ?? {},
});

const glyphs = fc.constantFrom<Glyphs[]>('braille', 'blocks', 'ascii');

const view = fc.record({
  focus: fc.constantFrom('cpu', 'disk', 'processes'),
  cores: fc.boolean(),
  paused: fc.boolean(),
  scrolled: fc.dictionary(
    fc.constantFrom('cpu', 'disk', 'filesystem', 'network'),
    fc.integer({ min: 0, max: 300 }),
  ),
});

/** Anything at all. */
export const anyScene: fc.Arbitrary<RandomScene> = fc
  .tuple(
    fc.array(readingsOf(wild, true), { maxLength: 3 }),
    fc.record({ glyphs, view, alerts: fc.array(alert, { maxLength: 8 }) }),
  )
  .map(([readings, options]) => sceneFrom(readings, options));

/** Machines with names that can be read back, and numbers as they are recorded. */
export const plainScene: fc.Arbitrary<RandomScene> = fc
  .tuple(readingsOf(plain, false), glyphs)
  .map(([readings, kind]) => sceneFrom([readings], { glyphs: kind }));
