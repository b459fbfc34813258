import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { parseProcess, readProcesses, releaseProcesses } from '../../src/vitals/process-table.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { statLine } from './process-line.js';
import { openMachines } from './read-part.js';
import { TICK } from './recorded.js';

const machine = openMachines();

const parse = (text: string) => {
  const bytes = Buffer.from(text);
  return parseProcess(bytes, bytes.length);
};

test('a line as the kernel writes it', () => {
  const line =
    '812 (postgres) S 1 812 812 0 -1 4194560 9513 1000 2 3 381 119 7 8 20 0 4 0 9876 227000320 7001 18446744073709551615 1 1 0 0 0 0 0 16781312 201346 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n';
  expect(parse(line)).toEqual({
    pid: 812,
    name: 'postgres',
    state: 'S',
    parent: 1,
    userTicks: 381,
    systemTicks: 119,
    threads: 4,
    startTicks: 9876,
    virtualBytes: 227000320,
    residentPages: 7001,
  });
});

test('any name is read back, whatever is in it', () => {
  const unit = fc.oneof(
    fc.constantFrom(')', '(', ' ', '\n', ') S 1 1'),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 6 }), fc.nat(), fc.nat(), (parts, userTicks, startTicks) => {
      const name = Buffer.from(parts.join('')).toString();
      const found = parse(statLine({ pid: 4194304, name, userTicks, startTicks }));
      expect(found).toMatchObject({ pid: 4194304, name, userTicks, startTicks, state: 'S' });
    }),
  );
});

test('a name cut within a letter is still text', () => {
  const [before, after] = statLine({ pid: 5, name: '@' }).split('@') as [string, string];
  const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0x61, 0xc3]), Buffer.from(after)]);
  expect(parseProcess(bytes, bytes.length)?.name).toBe('a\u{fffd}');
});

test('a line cut short, and an empty one, is no process', () => {
  const line = statLine({ pid: 5, name: 'x' });
  expect(parse('')).toBeUndefined();
  expect(parse(line.slice(0, 30))).toBeUndefined();
});

test('a process that ends between the listing and the reading is left out', () => {
  const { tree } = machine({ 'proc/7/stat': statLine({ pid: 7, name: 'here' }), 'proc/uptime': '1 1' });
  // Listed, and gone when it is looked at.
  symlinkSync('/nowhere', `${tree.roots.procfs}/8`);
  const { processes, hidden } = readProcesses(tree, { ...TICK });
  expect(processes.map(({ pid }) => pid)).toEqual([7]);
  expect(hidden).toBe(0);
});

test('is read once for a sample', () => {
  const { tree } = machine({ 'proc/7/stat': statLine({ pid: 7, name: 'one' }) });
  const ask = { ...TICK };
  const first = readProcesses(tree, ask);
  rmSync(`${tree.roots.procfs}/7`, { recursive: true });
  expect(readProcesses(tree, ask)).toBe(first);
  expect(readProcesses(tree, { ...TICK }).processes).toEqual([]);
});

test('this machine: files kept open are let go of, and tell the same as fresh ones', () => {
  const tree = new Tree(TREE_DEFAULTS);
  const openFiles = (): number => readdirSync('/proc/self/fd').length;
  const before = openFiles();
  const first = readProcesses(tree, { ...TICK });
  const kept = openFiles();
  const second = readProcesses(tree, { ...TICK });
  const own = (table: typeof first) => table.processes.find(({ pid }) => pid === process.pid);
  expect(own(second)).toMatchObject({
    pid: process.pid,
    parent: process.ppid,
    startTicks: own(first)?.startTicks,
  });
  expect(own(second)?.residentPages).toBeGreaterThan(1000);
  expect(kept).toBeGreaterThan(before);
  releaseProcesses(tree);
  tree.close();
  expect(openFiles()).toBe(before);
});

test('this machine: a sleeper is the same object, a new program has its new name, and what ended is gone', async () => {
  const tree = new Tree(TREE_DEFAULTS);
  const look = (pid: number | undefined) =>
    readProcesses(tree, { ...TICK }).processes.find((one) => one.pid === pid);
  look(0);
  const child = spawn('sh', ['-c', 'read line; exec sleep 1000'], { stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    expect(look(child.pid)).toBeDefined();
    await vi.waitUntil(() => {
      const [one, again] = [look(child.pid), look(child.pid)];
      return one?.name === 'sh' && one === again;
    });
    child.stdin.write('\n');
    await vi.waitUntil(() => readFileSync(`/proc/${child.pid}/comm`, 'latin1') === 'sleep\n');
    expect(look(child.pid)?.name).toBe('sleep');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(look(child.pid)).toBeUndefined();
    expect(look(process.pid)?.pid).toBe(process.pid);
  } finally {
    child.kill('SIGKILL');
    releaseProcesses(tree);
    tree.close();
  }
});
