import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counter, gauge, group, info } from '../../src/core/group.js';
import { type Row, row, type Sample } from '../../src/core/sample.js';
import { familyOf } from '../../src/core/series-names.js';
import { type Dialect, formatExposition } from '../../src/formats/exposition.js';
import { GROUPS } from '../../src/vitals/index.js';
import { parseExposition } from './parse-exposition.js';

const cpu = group({
  name: 'core',
  help: 'Each CPU',
  identity: ['cpu'],
  fields: {
    used_percent: gauge('percent', 'Share of time that is "used" \\ not idle\nnor waiting'),
    user_seconds: counter('seconds', 'Time running programs', {
      prometheus: { name: 'node_cpu_seconds_total', labels: { mode: 'user' } },
    }),
    idle_seconds: counter('seconds', 'Time doing nothing', {
      prometheus: { name: 'node_cpu_seconds_total', labels: { mode: 'idle' } },
    }),
  },
});

const disk = group({
  name: 'disk',
  help: 'Each disk',
  identity: ['device'],
  texts: { model: 'what it is', serial: 'of the device', fstype: 'of the filesystem' },
  labels: ['fstype'],
  fields: {
    reads: counter('count', 'Reads'),
    busy_ms: counter('seconds', 'Time busy', {
      prometheus: { name: 'node_disk_io_time_seconds_total', scale: 0.001, texts: [] },
    }),
    size: gauge('bytes', 'Size', { prometheus: 'node_disk_size_bytes' }),
    about: info('What the disk is', { name: 'node_disk_info', texts: ['model', 'serial'] }),
  },
});

const netstat = group({
  name: 'netstat',
  help: 'Network counters',
  fields: {
    '*': counter('count', 'Counter of the kernel', {
      prometheus: { name: 'node_netstat_*', type: 'untyped' },
    }),
    Odd_Drops: counter('count', 'Drops', { prometheus: 'node_netstat_Odd_Drops' }),
    Odd_Joins: counter('count', 'Joins', { prometheus: 'node_netstat_*' }),
  },
});

const open = group({
  name: 'own',
  help: 'Of our own',
  fields: { '*': gauge('count', 'Field of a file') },
});

const top = group({
  name: 'top',
  help: 'Processes',
  list: true,
  fields: { cpu_percent: gauge('percent', 'Share') },
});

const sampleOf = (...readings: (readonly [typeof cpu, readonly Row[]])[]): Sample => ({
  time: 1795232000123,
  host: 'web-1',
  boot: 'b',
  readings: new Map(readings.map(([group, rows]) => [group.name, { group, rows }])),
});

const sample = sampleOf(
  [netstat, [row([], { Tcp_CurrEstab: 2, Odd_Drops: 1, Odd_Joins: 4 })]],
  [
    cpu,
    [
      row(['1'], { used_percent: 12.5, user_seconds: 1417854, idle_seconds: 0.25 }),
      row(['0'], { user_seconds: 3, idle_seconds: Number.NaN }),
    ],
  ],
  [
    disk,
    [
      row(
        ['vda'],
        { reads: 7, busy_ms: 6924, size: 10 },
        { model: 'a "b"\\\nc', serial: '', fstype: 'ext4' },
      ),
    ],
  ],
  [open, [row([], { 'a-b': 1 })]],
  [top, [row([], { cpu_percent: 99 })]],
);

const GOLDEN = `# HELP node_cpu_seconds_total Each CPU, by mode
# TYPE node_cpu_seconds_total counter
node_cpu_seconds_total{cpu="0",mode="idle"} NaN
node_cpu_seconds_total{cpu="0",mode="user"} 3
node_cpu_seconds_total{cpu="1",mode="idle"} 0.25
node_cpu_seconds_total{cpu="1",mode="user"} 1.417854e+06
# HELP node_disk_info What the disk is
# TYPE node_disk_info gauge
node_disk_info{device="vda",model="a \\"b\\"\\\\\\nc",serial=""} 1
# HELP node_disk_io_time_seconds_total Time busy
# TYPE node_disk_io_time_seconds_total counter
node_disk_io_time_seconds_total{device="vda"} 6.924
# HELP node_disk_size_bytes Size
# TYPE node_disk_size_bytes gauge
node_disk_size_bytes{device="vda",fstype="ext4"} 10
# HELP node_netstat_Odd_Drops Drops
# TYPE node_netstat_Odd_Drops counter
node_netstat_Odd_Drops 1
# HELP node_netstat_Odd_Joins Joins
# TYPE node_netstat_Odd_Joins counter
node_netstat_Odd_Joins 4
# HELP node_netstat_Tcp_CurrEstab Counter of the kernel: Tcp_CurrEstab
# TYPE node_netstat_Tcp_CurrEstab untyped
node_netstat_Tcp_CurrEstab 2
# HELP sysmon_core_used_percent Share of time that is "used" \\\\ not idle\\nnor waiting
# TYPE sysmon_core_used_percent gauge
sysmon_core_used_percent{cpu="1"} 12.5
# HELP sysmon_disk_reads_total Reads
# TYPE sysmon_disk_reads_total counter
sysmon_disk_reads_total{device="vda",fstype="ext4"} 7
# HELP sysmon_own_a_b Field of a file: a-b
# TYPE sysmon_own_a_b gauge
sysmon_own_a_b 1
`;

describe('formatExposition', () => {
  test('writes what node_exporter would, and the rest under our own name', () => {
    expect(formatExposition(sample, 'prometheus')).toBe(GOLDEN);
  });

  test('writes OpenMetrics by its own rules', () => {
    const expected = GOLDEN.replace(/^# (HELP|TYPE) (\S+)_total /gm, '# $1 $2 ')
      .replace(/(Odd_\w+) counter/g, '$1 unknown')
      .replace('CurrEstab untyped', 'CurrEstab unknown')
      .replace('that is "used"', 'that is \\"used\\"');
    expect(formatExposition(sample, 'openmetrics')).toBe(`${expected}# EOF\n`);
  });

  test('says nothing of a group that failed, and of info whose texts are not known', () => {
    const partly: Sample = {
      ...sample,
      readings: new Map([
        ['core', { group: cpu, failed: 'permission denied' }],
        ['disk', { group: disk, rows: [row(['vda'], { busy_ms: 0 })] }],
      ]),
    };
    expect(parseExposition(formatExposition(partly, 'prometheus')).map(({ name }) => name)).toEqual([
      'node_disk_io_time_seconds_total',
    ]);
  });

  test('tells a series once even where two names become one', () => {
    const text = formatExposition(sampleOf([open, [row([], { 'a-b': 1, 'a.b': 2 })]]), 'prometheus');
    expect(parseExposition(text)[0]?.series).toEqual([{ name: 'sysmon_own_a_b', labels: {}, value: 1 }]);
  });

  test('an empty sample is an empty exposition', () => {
    expect(formatExposition(sampleOf(), 'prometheus')).toBe('');
    expect(formatExposition(sampleOf(), 'openmetrics')).toBe('# EOF\n');
  });

  test('a strict reader reads the same series back, whatever stands in labels', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'n', '{', '}', ',', '=', ' ', '\r', 'é', '😀') }),
      fc.constantFrom('__proto__', 'constructor', ''),
    );
    const rows = fc.uniqueArray(
      fc.record({ id: odd, model: odd, serial: odd, size: fc.double(), reads: fc.maxSafeNat() }),
      { selector: ({ id }) => id, maxLength: 5 },
    );
    fc.assert(
      fc.property(rows, (made) => {
        const text = formatExposition(
          sampleOf([
            disk,
            made.map(({ id, model, serial, size, reads }) => row([id], { size, reads }, { model, serial })),
          ]),
          'prometheus',
        );
        const read = parseExposition(text).flatMap(({ series }) => series);
        expect(read).toHaveLength(made.length * 3);
        for (const { id, model, serial, size, reads } of made) {
          expect(read).toContainEqual({
            name: 'node_disk_info',
            labels: { device: id, model, serial },
            value: 1,
          });
          const labels = { device: id, fstype: '' };
          expect(read).toContainEqual({ name: 'node_disk_size_bytes', labels, value: size + 0 });
          expect(read).toContainEqual({ name: 'sysmon_disk_reads_total', labels, value: reads });
        }
      }),
    );
  });
});

describe('the names of all groups', () => {
  const fields = [...GROUPS.values()]
    .filter((owner) => owner.list !== true)
    .flatMap((owner) => Object.entries(owner.fields).map(([name, field]) => ({ owner, name, field })));

  test('one Prometheus name with its constant labels comes from one field only', () => {
    const seen = new Map<string, string>();
    for (const { owner, name, field } of fields) {
      const labels = Object.entries(field.prometheus?.labels ?? {}).sort();
      const key = JSON.stringify([familyOf(owner, name === '*' ? 'any_other' : name, field).name, labels]);
      expect(seen.get(key), `${owner.name}.${name} and ${seen.get(key)} are both ${key}`).toBeUndefined();
      seen.set(key, `${owner.name}.${name}`);
    }
    expect(seen.size).toBe(fields.length);
  });

  test.each<Dialect>(['prometheus', 'openmetrics'])(
    'a family has one type and one set of labels in %s',
    (dialect) => {
      const families = new Map<string, string>();
      for (const { owner, name, field } of fields) {
        const family = familyOf(owner, name === '*' ? 'any_other' : name, field);
        const isCounter = family.type === 'counter' && family.name.endsWith('_total');
        const told = dialect === 'openmetrics' && isCounter ? family.name.slice(0, -6) : family.name;
        const labels = [...owner.identity, ...(field.prometheus?.texts ?? owner.labels)].concat(
          Object.keys(field.prometheus?.labels ?? {}),
        );
        const shape = JSON.stringify([family.name, family.type, labels.sort(), family.help]);
        expect(families.get(told) ?? shape, `${owner.name}.${name}`).toBe(shape);
        families.set(told, shape);
      }
    },
  );

  test('names are such as Prometheus knows, and only node_exporter’s begin with node_', () => {
    for (const { owner, name, field } of fields) {
      const family = familyOf(owner, name === '*' ? 'any_other' : name, field);
      expect(family.name).toMatch(/^(node|sysmon|namedprocess)_[a-zA-Z0-9_]+$/);
      for (const label of [...owner.identity, ...Object.keys(field.prometheus?.labels ?? {})])
        expect(label).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
    }
  });
});
