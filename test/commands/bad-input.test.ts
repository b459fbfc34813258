/** What a person can get wrong: one clear line, at most one more with advice, and the right code. */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../logs/bench-log.js';
import { fakeClock, sysmon } from '../world.js';

const folder = (): string => {
  const path = temporaryFolder();
  writeFileSync(join(path, 'foreign'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(path, 'newer'), '{"v":99,"host":"h","time":1,"msg":"sample"}\n');
  writeFileSync(join(path, 'empty'), '');
  writeFileSync(join(path, 'closed'), '');
  writeFileSync(join(path, 'bad.yml'), 'check:\n  cpu: 80\nlog:\n  interval: soon\n');
  writeFileSync(join(path, 'torn.yml'), 'log: {\n');
  chmodSync(join(path, 'closed'), 0);
  mkdirSync(join(path, 'folder'));
  return path;
};

/** `%` stands for the folder. */
const bad = async (words: string) => {
  const path = folder();
  const argv = words
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.replace('%', path));
  const { code, stdout, stderr } = await sysmon(argv, { clock: fakeClock(Date.UTC(2026, 10, 21)) });
  expect(stdout).toBe('');
  const lines = stderr.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.length).toBeLessThanOrEqual(2);
  expect(lines[0]).toMatch(/^sysmon( \w+)?: \S/);
  if (lines[1] !== undefined) expect(lines[1]).toMatch(/^ {2}[A-Z“"'-].*[.?:)]|^ {2}[A-Z]/);
  expect(stderr).not.toMatch(/\n +at |Error:|undefined|\[object/);
  return [code, stderr.replaceAll(path, '%')] as const;
};

/** Wrong in every command in the same way. */
const ANYWHERE: readonly (readonly [string, RegExp])[] = [
  ['--nonsense', /unknown option '--nonsense'/],
  ['--confg x', /unknown option '--confg'; did you mean --config\?/],
  ['--config', /argument missing/],
  ['--config %/none.yml', /cannot read the configuration %\/none.yml: no such file or directory/],
  ['--config %/folder', /%\/folder: is a directory/],
  ['--config %/torn.yml', /%\/torn.yml:\d+:\d+: /],
];

describe.each([
  ['check', 3],
  ['log', 2],
  ['export', 2],
] as const)('sysmon %s', (command, code) => {
  test.each(ANYWHERE)('%s', async (words, message) => {
    expect(await bad(`${command} ${words}`)).toEqual([code, expect.stringMatching(message)]);
  });
});

test.each([
  ['nonsense', 2, /unknown command 'nonsense'/],
  ['lgo', 2, /unknown command 'lgo'; did you mean log\?/],
  ['--nonsense', 2, /unknown option '--nonsense'/],
  ['help nonsense', 2, /unknown command 'nonsense'/],
  ['nonsense --help', 2, /unknown command 'nonsense'/],
  ['--help chekc', 2, /unknown command 'chekc'; did you mean check\?/],
  ['-v', 2, /unknown option '-v'; did you mean -V\?/],
  ['log -I 5', 2, /unknown option '-I'; did you mean -i\?/],
  ['log -z', 2, /unknown option '-z'\n/],
  ['log --only cpu --except cpu', 2, /no group is left to record\n {2}Name other groups with --only/],

  ['log extra', 2, /too many arguments.*\n {2}Name a log with --file: sysmon log --file extra\n/],
  ['log --interval 0', 2, /--interval.*'0' is invalid\. It must be at least 1ms/],
  ['log --interval -5', 2, /--interval/],
  ['log --interval=-5', 2, /'-5' is invalid\. Give seconds or a duration such as/],
  ['log --interval 2d', 2, /It must be at most 1d/],
  ['log --detail-interval 6m', 2, /--detail-interval.*at most 5m/],
  ['log --interval 0.1ms', 2, /at least 1ms/],
  ['log --interval 1e99', 2, /invalid/],
  ['log --interval soon', 2, /'soon' is invalid/],
  ['log --interval NaN', 2, /'NaN' is invalid/],
  ['log --interval', 2, /argument missing/],
  ['log --count 0', 2, /It must be at least 1/],
  ['log --count 1.5', 2, /Give a whole number/],
  ['log --duration 0', 2, /at least/],
  ['log --top 5000', 2, /It must be 0 to 1000/],
  ['log --max-size 3', 2, /at least 1024 bytes/],
  ['log --max-size large', 2, /Give bytes or a size such as/],
  ['log --keep -1', 2, /--keep/],
  ['log --rotate sometimes', 2, /sometimes.*hourly, daily, weekly, never/],
  ['log --only cpuu', 2, /there is no group "cpuu"\n {2}Did you mean cpu\?/],
  ['log --except ,', 2, /Give one name or more/],
  ['log --source magic', 2, /magic.*auto, linux, portable/],
  ['log --file %', 1, /% is a directory\n {2}Name a file in it/],
  ['log --file %/none/log', 1, /the directory %\/none does not exist\n {2}Make it first: mkdir -p %\/none/],
  ['log --file %/foreign/log', 1, /%\/foreign\/log/],
  ['log --file %/foreign', 1, /%\/foreign is something other than a log of sysmon/],
  ['log --file /dev/null', 1, /\/dev\/null is not a regular file\n {2}For standard output write --file -\n/],
  [
    'log --procfs %/none --count 1',
    1,
    /--procfs %\/none is not the kernel's: %\/none\/stat: no such file or directory/,
  ],
  ['log --sysfs %/none --count 1', 1, /--sysfs %\/none: no such file or directory/],
  ['log --rootfs %/foreign --count 1', 1, /--rootfs %\/foreign: it is not a directory/],
  ['check --sysfs %/none', 3, /--sysfs %\/none: no such file or directory/],
  ['log --cpu 95,80', 2, /the warning limit 95 is above the critical limit 80/],
  ['log -w memory.constructor=1', 2, /"memory" has no field "constructor"/],
  ['log -w memory.used_percnt=80', 2, /"memory" has no field "used_percnt"\n {2}Did you mean used_percent\?/],
  [
    'log --scrape-interval 5s',
    2,
    /--scrape-interval is for --scrape, and there is none\n {2}For example: --scrape/,
  ],
  [
    'log --scrape-timeout 5s --prometheus-config p.yml',
    2,
    /--scrape-timeout is for --scrape.*\n {2}What p.yml names has its scrape_timeout there\./,
  ],
  ['log --scrape-keep 5', 2, /--scrape-keep needs something to scrape\n/],
  ['log --scrape-max-total a=5GB', 2, /--scrape-max-total needs something to scrape\n/],
  ['query --time 14:00 up', 2, /unknown option '--time'; it is --at here\n$/],
  ['query --start=14:00 up', 2, /unknown option '--start'; it is --since here\n$/],
  ['log --time 14:00', 2, /unknown option '--time'(?!; it is)/],
  [
    'query sum (up)',
    2,
    /too many arguments.*\n {2}Put the expression in quotes: sysmon query 'sum \(up\)'\n/,
  ],
  ['rules lint', 2, /missing required argument 'files'\n {2}See: sysmon rules lint --help\n/],
  ['log --config %/bad.yml', 2, /%\/bad.yml:4:13: interval: Give seconds or a duration/],

  ['check --for 5m', 3, /--for needs a threshold/],
  ['check --defaults --over 5m', 3, /--over needs a threshold/],
  ['check extra', 3, /nothing is said of the lines of extra\n {2}Add --grep PATTERN, --level or --where/],
  ['check --cpu high', 3, /--cpu: .*"high"/],
  ['check --cpu 80,95,99', 3, /more than two limits/],
  ['check --cpu 95,80', 3, /the warning limit 95 is above the critical limit 80/],
  ['check --cpu ,', 3, /no limit/],
  ['check --cpu=', 3, /--cpu: "" /],
  ['check --disk var=90', 3, /"var" is not a mount point/],
  ['check --process', 3, /argument missing/],
  ['check --process ./run/', 3, /--process \.\/run\/: expected a process name or the path of a PID file/],
  ['log --process /', 2, /--process \/: expected a process name/],
  ['check --cpu 80 --cpu 90', 3, /two thresholds for cpu/],
  ['check -w memory.used_percent', 3, /expected "=" and a range/],
  ['check -w memory=80', 3, /expected "\." and a field/],
  ['check -w memory.used_percent=10:5', 3, /10:5/],
  ['check -w filesystem[/var.used_percent=80', 3, /expected "," or "\]"/],
  ['check --for 5m --over 5m --cpu 80', 3, /--for and --over exclude each other/],
  ['check --for 0 --cpu 80', 3, /at least/],
  ['check --for ever --cpu 80', 3, /'ever' is invalid/],
  ['check --sample 0', 3, /at least 10ms/],
  ['check --missing perhaps', 3, /perhaps.*unknown, ok/],
  ['check --format xml', 3, /xml.*text, json, nagios/],
  ['check --file %', 3, /% ?: is a directory|%: is a directory/],
  ['check --file %/none', 3, /%\/none: no such file/],
  ['check --file %/foreign', 3, /%\/foreign: it is not a log of sysmon/],
  ['check --file %/newer', 3, /%\/newer: it was written by a newer version/],
  ['check --file %/empty', 3, /%\/empty: it has no records yet/],
  [
    'check --procfs %/none',
    3,
    /--procfs %\/none is not the kernel's: %\/none\/stat: no such file or directory/,
  ],

  ['export %/none', 1, /there is no log at %\/none/],
  ['export %/foreign', 1, /%\/foreign is not a log of sysmon/],
  ['export %/newer', 1, /%\/newer was written by a newer version/],
  ['export %/folder', 1, /is a directory/],
  ['export --file %/none', 1, /there is no log at %\/none\n {2}Begin one: sysmon log --file %\/none\n/],
  ['export %/none --file %/empty', 2, /which log: %\/none or %\/empty\?\n {2}Name one of them\./],
  ['export -', 2, /a log is read from a file, not from a pipe/],
  ['export --since 5', 2, /'5' is invalid\. Give a time such as 14:00,.* or how long ago, such as 30s or 2h/],
] as const)('sysmon %s ends with %d', async (words, code, message) => {
  expect(await bad(words)).toEqual([code, expect.stringMatching(message)]);
});

test.skipIf(process.getuid?.() === 0).each([
  ['log --count 1 --file %/closed', 1],
  ['check --file %/closed', 3],
  ['export %/closed', 1],
  ['log --config %/closed', 2],
  ['check --config %/closed', 3],
] as const)('sysmon %s, which may not be read', async (words, code) => {
  expect(await bad(words)).toEqual([code, expect.stringMatching(/%\/closed: permission denied/)]);
});
