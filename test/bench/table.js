/** Rows of benchmarks as a Markdown table, the machine they were measured on, and their place in a text. */

import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

const HEADS = ['what', 'sysmon', 'peer', 'ratio', 'at most', ''];

const cells = ({ what, ours, peer, ratio, bound, holds }) => [
  what,
  ours,
  peer ?? '',
  ratio === undefined ? '' : ratio.toFixed(2),
  bound ?? '',
  holds === undefined ? '' : holds ? 'ok' : 'missed',
];

const formatCells = (rows) => {
  const lines = [HEADS, ...rows];
  const widths = HEADS.map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const format = (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [format(lines[0]), rule, ...lines.slice(1).map(format)].join('\n');
};

export const formatTable = (rows) => formatCells(rows.map(cells));

export const describeMachine = () => {
  const all = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const model = all[0]?.model.trim() || 'unknown processor';
  const cores = `${all.length} ${all.length === 1 ? 'core' : 'cores'}`;
  return `${model}, ${cores}, Linux ${release()}, Node ${process.versions.node}, ${date}`;
};

/** How many rows each benchmark made, in their order: what it makes next time need not be called the same. */
const SHARES = /^<!-- rows: (.*) -->$/m;

const formatShares = (made) =>
  `<!-- rows: ${[...made].map(([name, { length }]) => `${name} ${length}`).join(', ')} -->`;

/** The rows of a table's text by the benchmark that made them; undefined where it does not say who did. */
const readRows = (inner) => {
  const rows = [...inner.matchAll(/^\| (.*) \|$/gm)]
    .map(([, line]) => line.split(' | ').map((cell) => cell.trim()))
    .slice(1);
  const shares = SHARES.exec(inner)?.[1]
    ?.split(', ')
    .map((one) => one.split(' '));
  const made = new Map(shares?.map(([name, count]) => [name, rows.splice(0, Number(count))]));
  return shares === undefined || rows.length > 0 ? undefined : made;
};

/** `AMD EPYC, 2 cores, …, 2026-11-21` and the day; a table that was written in parts has the first and the last. */
const splitDay = (machine) => {
  const [, where = '', first, last] =
    /^(.*), (\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?\.?$/.exec(machine) ?? [];
  return { where, first, last: last ?? first };
};

/**
 * Puts what was measured (rows by benchmark) between the markers of a text. Rows of other benchmarks stay, if they are of the same
 * machine: the line that names it is for all. Gives the text, or the problem.
 */
export const putTable = (text, measured, order, machine) => {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) return { problem: 'there is no place for the table' };
  const made = new Map([...measured].map(([name, rows]) => [name, rows.map(cells)]));
  let line = machine;
  if (!order.every((name) => measured.has(name))) {
    const inner = text.slice(begin + BEGIN.length, end);
    const kept = readRows(inner);
    if (kept === undefined) return { problem: 'the table does not say who made which row: write all of it' };
    const before = inner.split('\n').findLast((one) => /\d{4}-\d\d-\d\d\.$/.test(one)) ?? '';
    const [then, now] = [splitDay(before), splitDay(machine)];
    if (then.where !== now.where)
      return { problem: `the other rows are of another machine: ${then.where}; here it is ${now.where}` };
    line = then.first === now.last ? machine : `${now.where}, ${then.first} to ${now.last}`;
    for (const [name, rows] of kept) if (!made.has(name)) made.set(name, rows);
  }
  const all = order.flatMap((name) => (made.has(name) ? [[name, made.get(name)]] : []));
  const table = formatCells(all.flatMap(([, rows]) => rows));
  const inner = `${table}\n\n${line}.\n${formatShares(all)}`;
  return { text: `${text.slice(0, begin + BEGIN.length)}\n${inner}\n${text.slice(end)}` };
};

export const readIfThere = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};
