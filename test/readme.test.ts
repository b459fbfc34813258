/** The README's examples are calls that work. */

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { openMachine } from './commands/machine.js';
import { sysmon } from './world.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const blocks = (language: string): readonly string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text]) => text as string,
  );

/** The words of a call, as a shell makes them of a line: no pipe, no redirection, no comment. */
const wordsOf = (line: string): readonly string[] =>
  [...line.replace(/(^| )[|>#] .*$/, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((found) => {
    const [, single, double, bare] = found;
    return (single ?? double ?? bare) as string;
  });

const CALLS = [...new Set(blocks('sh').flatMap((block) => block.split('\n')))].filter((line) =>
  /^sysmon (check|log|export|watch|query) ?/.test(line),
);

test('there are examples', () => {
  expect(CALLS.length).toBeGreaterThan(8);
});

test.each(CALLS)('%s', async (line) => {
  const [, command = '', ...words] = wordsOf(line);
  const { code, stderr } = await openMachine().run([command, ...words, '--print-config']);
  expect([code, stderr]).toEqual([0, '']);
  // A list has its rules made, but asks nothing of this machine; rule files are no part of it.
  if (command !== 'check' || words.some((word) => /^--(rules|prometheus-config)$/.test(word))) return;
  const list = await sysmon([command, ...words.filter((word) => !/nagios|--format/.test(word)), '--list']);
  expect([list.code, list.stderr]).toEqual([0, '']);
});

test.each(blocks('yaml'))('the configuration', async (text) => {
  const machine = openMachine();
  writeFileSync(machine.path('sysmon.yml'), text);
  for (const command of Object.keys(parse(text) as object)) {
    const { code, stderr } = await machine.run([
      command,
      '--config',
      machine.path('sysmon.yml'),
      '--print-config',
    ]);
    expect([code, stderr]).toEqual([0, '']);
  }
});

test('cron finds the program, and runs what there is', () => {
  const [table = ''] = blocks('crontab');
  expect(table).toMatch(/^PATH=\/usr\/local\/bin:/m);
  for (const line of table.split('\n').filter((one) => /^[*\d]/.test(one)))
    expect(line).toMatch(/^(\S+ +){5}root +sysmon (log|check)( |$)/);
});
