/** A sample in one line: what people look at first. */

import { isCounted } from '../core/aside.js';
import { type Row, rowsIn, type Sample } from '../core/sample.js';
import { formatBytes, formatValue } from '../core/units.js';

const percent = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : formatValue(value, 'percent');

const rate = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `${formatBytes(value)}/s`;

const joined = (name: string, ...values: readonly (string | undefined)[]): string | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : `${name} ${known.join(' ')}`;
};

/** Where it is high: what nobody waits for needs no words. */
const ifAny = (name: string, value: number | undefined): string | undefined =>
  value === undefined || value < 0.1 ? undefined : `${name} ${formatValue(value, 'percent')}`;

const sumOf = (rows: readonly Row[], field: string): number | undefined => {
  let total: number | undefined;
  for (const { numbers } of rows) {
    const value = numbers[field];
    if (value === undefined) return undefined;
    total = (total ?? 0) + value;
  }
  return total;
};

/** `cpu 12.1 %, load 0.5, memory 41.2 %, / 22.1 %, disk 0 B/s in …`. Names in it come from the machine. */
export const formatSample = (sample: Sample): string => {
  const first = (group: string): Row['numbers'] => rowsIn(sample, group)[0]?.numbers ?? {};
  const cpu = first('cpu');
  const counted = (group: string): readonly Row[] => rowsIn(sample, group).filter(isCounted);
  const disk = counted('disk');
  const network = counted('network');
  const fullest = rowsIn(sample, 'filesystem')
    .filter(({ numbers }) => numbers['used_percent'] !== undefined)
    .sort((a, b) => (b.numbers['used_percent'] as number) - (a.numbers['used_percent'] as number))[0];
  const load = first('load')['load1'];
  const top = rowsIn(sample, 'top')[0];
  const parts = [
    joined('cpu', percent(cpu['used_percent'])),
    ifAny('iowait', cpu['iowait_percent']),
    ifAny('steal', cpu['steal_percent']),
    load === undefined ? undefined : `load ${load.toFixed(2)}`,
    joined('memory', percent(first('memory')['used_percent'])),
    ifAny('swap', first('swap')['used_percent']),
    fullest && joined(fullest.id[0] ?? 'disk', percent(fullest.numbers['used_percent'])),
    joined('read', rate(sumOf(disk, 'read_bytes_per_second'))),
    joined('written', rate(sumOf(disk, 'written_bytes_per_second'))),
    joined('in', rate(sumOf(network, 'receive_bytes_per_second'))),
    joined('out', rate(sumOf(network, 'transmit_bytes_per_second'))),
    top && joined(top.texts['name'] ?? `pid ${top.id[0]}`, percent(top.numbers['cpu_percent'])),
  ];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? 'nothing was read' : known.join(', ');
};
