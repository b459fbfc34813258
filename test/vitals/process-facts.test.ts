import { expect, test } from 'vitest';
import type { ProcessFacts } from '../../src/vitals/process-facts.js';
import { openDescriptions } from '../../src/vitals/process-facts.js';
import { type Process, parseProcess } from '../../src/vitals/process-table.js';
import type { Tree } from '../../src/vitals/tree.js';
import { type Line, statLine } from './process-line.js';
import { openMachines } from './read-part.js';

const machine = openMachines();

const parsed = (line: Line): Process => {
  const bytes = Buffer.from(statLine(line));
  return parseProcess(bytes, bytes.length) as Process;
};

/** Began 10 s after boot, so that it is 10 s old at 20 s. */
const START = { pid: 7, name: 'a', startTicks: 1000 };

const cmdline = (args: string): Record<string, string> => ({ 'proc/7/cmdline': `${args}\0` });

interface Description {
  readonly process: Process;
  readonly facts: ProcessFacts;
}

/** Descriptions of one process at some second since boot. */
const describer = (tree: Tree, withArguments = true) => {
  const describeAll = openDescriptions<Description>(tree, (process, facts) => ({ process, facts }));
  const { ticksPerSecond } = tree.constants();
  return (process: Process, seconds: number, anew = false): Description =>
    describeAll([process], seconds * ticksPerSecond, withArguments, anew)[0] as Description;
};

test('the same process with the same facts has the very description it had', () => {
  const { tree } = machine(cmdline('one'));
  const describeAt = describer(tree);
  const process = parsed(START);
  const first = describeAt(process, 20);
  expect(describeAt(process, 21)).toBe(first);
  const anew = describeAt(process, 22, true);
  expect(anew).not.toBe(first);
  expect(anew).toEqual(first);
});

test('what changed is described anew, with the facts it had', () => {
  const { tree, write } = machine(cmdline('one'));
  const describeAt = describer(tree);
  describeAt(parsed(START), 20);
  write('proc/7/cmdline', 'two\0');
  const larger = parsed({ ...START, pages: 99 });
  expect(describeAt(larger, 21)).toMatchObject({ process: { residentPages: 99 }, facts: { args: 'one' } });
});

test('one that sleeps is looked at again when it is four times older', () => {
  const { tree, write } = machine(cmdline('one'));
  const describeAt = describer(tree);
  const process = parsed(START);
  describeAt(process, 20);
  write('proc/7/cmdline', 'two\0');
  expect(describeAt(process, 49.9).facts.args).toBe('one');
  expect(describeAt(process, 50).facts.args).toBe('two');
});

test('one that used CPU time is looked at again when it is a tenth older, and its arguments at once', () => {
  const busy = parsed({ ...START, userTicks: 1 });
  // A name that fills the kernel's 15 bytes is looked up whole, so that it tells whether there was a look.
  const long = { ...START, name: 'fifteen-letters' };
  for (const withArguments of [false, true]) {
    const { tree, write } = machine(cmdline('fifteen-letters-one'));
    const describeAt = describer(tree, withArguments);
    describeAt(parsed(long), 20);
    write('proc/7/cmdline', 'fifteen-letters-two\0');
    const later = parsed({ ...long, userTicks: busy.userTicks });
    const soon = describeAt(later, 20.9).facts.name;
    expect(soon).toBe(withArguments ? 'fifteen-letters-two' : 'fifteen-letters-one');
    // It has slept since, but has been busy since it was looked at.
    expect(describeAt(later, 21.1).facts.name).toBe('fifteen-letters-two');
  }
});

test('another program, or another process with its number, is looked at at once', () => {
  const { tree, write } = machine(cmdline('one'));
  const describeAt = describer(tree);
  describeAt(parsed(START), 20);
  write('proc/7/cmdline', 'two\0');
  expect(describeAt(parsed({ ...START, name: 'b' }), 20).facts).toMatchObject({ name: 'b', args: 'two' });
  write('proc/7/cmdline', 'three\0');
  expect(describeAt(parsed({ ...START, name: 'b', startTicks: 1999 }), 20).facts.args).toBe('three');
});

test('arguments come and go as they are asked for', () => {
  const { tree } = machine(cmdline('one'));
  const describeAll = openDescriptions(tree, (_, facts) => facts.args);
  const asked = [false, true, true, false].map(
    (wanted) => describeAll([parsed(START)], 2000, wanted, false)[0],
  );
  expect(asked).toEqual([undefined, 'one', 'one', undefined]);
});

test('a process that has gone is forgotten', () => {
  const { tree, write } = machine({ ...cmdline('one'), 'proc/8/cmdline': 'eight\0' });
  const describeAll = openDescriptions(tree, (_, facts) => facts.args);
  const [seven, eight] = [parsed(START), parsed({ ...START, pid: 8 })];
  expect(describeAll([seven, eight], 2000, true, false)).toEqual(['one', 'eight']);
  expect(describeAll([eight], 2000, true, false)).toEqual(['eight']);
  write('proc/7/cmdline', 'two\0');
  expect(describeAll([seven, eight], 2000, true, false)).toEqual(['two', 'eight']);
});
