/** Rows of all benchmarks as a Markdown table, and the machine they were measured on. */

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

export const formatTable = (rows) => {
  const lines = [HEADS, ...rows.map(cells)];
  const widths = HEADS.map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const format = (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [format(lines[0]), rule, ...lines.slice(1).map(format)].join('\n');
};

export const describeMachine = () => {
  const all = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const model = all[0]?.model.trim() || 'unknown processor';
  const cores = `${all.length} ${all.length === 1 ? 'core' : 'cores'}`;
  return `${model}, ${cores}, Linux ${release()}, Node ${process.versions.node}, ${date}`;
};

/** The text with what stands between the markers replaced; undefined where it has none. */
export const between = (text, inner) => {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) return undefined;
  return `${text.slice(0, begin + BEGIN.length)}\n${inner}\n${text.slice(end)}`;
};

export const readIfThere = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};
