import { expect, test } from 'vitest';
import { familyOf } from '../../src/core/series-names.js';
import { GROUPS } from '../../src/vitals/index.js';
import { compareExpositions, readExposition } from './compare-expositions.js';
import { reasonOf, tolerance } from './node-exporter.js';

test('nothing that is given is excused as missing', () => {
  const given = [...GROUPS.values()].flatMap((group) =>
    Object.entries(group.fields).map(([name, field]) => familyOf(group, name, field).name),
  );
  expect(given.length).toBeGreaterThan(100);
  expect(given.filter((name) => reasonOf(name) !== undefined)).toEqual([]);
});

const speed = (hertz: number) =>
  readExposition(
    `# TYPE node_cpu_scaling_frequency_hertz gauge
node_cpu_scaling_frequency_hertz{cpu="0"} ${hertz}
# TYPE node_cpu_scaling_frequency_min_hertz gauge
node_cpu_scaling_frequency_min_hertz{cpu="0"} 8e8
# TYPE node_cpu_scaling_frequency_max_hertz gauge
node_cpu_scaling_frequency_max_hertz{cpu="0"} 3.6e9
`,
    () => true,
  );

test('a core may change its speed, but not beyond its limits', () => {
  const wrong = (ours: number, theirs: number) =>
    compareExpositions(speed(ours), speed(theirs), speed(ours), tolerance).wrong;
  expect(wrong(8e8, 3.6e9)).toEqual([]);
  expect(wrong(1.8e6, 1.8e9)).toHaveLength(1);
  expect(wrong(4e9, 3e9)).toHaveLength(1);
});

test('temperatures differ by what a moment explains', () => {
  const sensor = (celsius: number) =>
    readExposition(
      `# TYPE node_hwmon_temp_celsius gauge
node_hwmon_temp_celsius{chip="a",sensor="temp1"} ${celsius}
# TYPE node_hwmon_temp_crit_celsius gauge
node_hwmon_temp_crit_celsius{chip="a",sensor="temp1"} ${celsius}
`,
      () => true,
    );
  const wrong = (ours: number, theirs: number) =>
    compareExpositions(sensor(ours), sensor(theirs), sensor(ours), tolerance).wrong.map(
      (text) => text.split('{')[0],
    );
  expect(wrong(40, 59)).toEqual(['node_hwmon_temp_crit_celsius']);
  expect(wrong(40, 61)).toEqual(['node_hwmon_temp_celsius', 'node_hwmon_temp_crit_celsius']);
});
