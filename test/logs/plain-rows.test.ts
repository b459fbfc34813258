/** Rows taken as they were parsed say what decoded ones do, of the fields that are asked for. */

import { expect, it } from 'vitest';
import { group } from '../../src/core/group.js';
import { readRows, takeRows } from '../../src/logs/plain-rows.js';
import { decodeRows } from '../../src/logs/rows.js';

const disk = group({
  name: 'disk',
  help: 'Disks',
  identity: ['device'],
  texts: { model: 'Model' },
  fields: {},
});
const load = group({ name: 'load', help: 'Load', fields: {} });

it('gives the same rows', () => {
  const value = { sda: { busy: 1, model: 'x' }, sdb: { busy: 2 } };
  for (const read of [readRows, takeRows]) {
    const rows = read(disk, value) ?? [];
    expect(rows.map(({ id }) => id)).toEqual([['sda'], ['sdb']]);
    expect(rows.map(({ numbers }) => numbers['busy'])).toEqual([1, 2]);
    expect(rows[0]?.texts['model']).toBe('x');
  }
});

it('gives what stands apart its name back', () => {
  const value = { sda: { busy: 1, numbers: { model: 3 } } };
  for (const read of [readRows, takeRows]) expect(read(disk, value)).toEqual(decodeRows(disk, value));
});

it('tells infinity where values are looked at', () => {
  const value = { load1: '+Inf' };
  expect(readRows(load, value)?.[0]?.numbers['load1']).toBe(Number.POSITIVE_INFINITY);
  expect(takeRows(load, value)?.[0]?.numbers['load1']).toBe('+Inf');
});

it('has no row where there was none', () => {
  for (const read of [readRows, takeRows]) {
    expect(read(load, {})).toEqual([]);
    expect(read(disk, {})).toEqual([]);
    expect(read(load, 'none')).toBeUndefined();
  }
});
