import { readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openRemoteStatfs, type RemoteOptions, type RemoteStatfs } from '../../src/vitals/statfs.js';
import { openScripts } from './script.js';

const scripts = openScripts();
let real = '';
let fake = '';
let journal = '';

/** Writes down who it is and what it is asked; answers nothing for paths with "hung", ends at "crash". */
const FAKE = `
import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
const journal = join(dirname(fileURLToPath(import.meta.url)), 'journal');
let slow = 0;
process.on('message', ({ id, message }) => {
  appendFileSync(journal, process.pid + ' ' + message + '\\n');
  if (message.includes('crash')) process.exit(1);
  if (message.includes('hung')) return;
  const answer = () => process.send({ id, value: { bsize: 1, blocks: 10, bfree: 5, bavail: 4, files: 3, ffree: 2 } });
  if (message.includes('slow') && slow++ === 0) setTimeout(answer, 2000);
  else answer();
});
process.on('disconnect', () => process.exit());
`;

beforeAll(async () => {
  real = await scripts.bundle('src/vitals/statfs-child.ts');
  fake = scripts.write('fake.js', FAKE);
  journal = join(dirname(fake), 'journal');
});
afterAll(() => scripts.remove());

const opened: RemoteStatfs[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

const openFake = (options: RemoteOptions): RemoteStatfs => {
  writeFileSync(journal, '');
  const remote = openRemoteStatfs({ script: fake, ...options });
  opened.push(remote);
  return remote;
};

const entries = (): [pid: number, path: string][] =>
  readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [Number(line.split(' ')[0]), line.slice(line.indexOf(' ') + 1)]);

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(10);
};

/** Lets the child start, however long that takes here. */
const warm = async (remote: RemoteStatfs): Promise<void> => {
  while ((await remote.ask(['/warm'])).size === 0) await sleep(10);
};

test('the child says what the kernel says, and leaves out what fails', async () => {
  const remote = openRemoteStatfs({ script: real, patience: 15_000, deadline: 15_000 });
  opened.push(remote);
  const answers = await remote.ask(['/', '/proc', '/no/such/place']);
  const { bsize, blocks, files } = statfsSync('/');
  expect(answers.get('/')).toMatchObject({ bsize, blocks, files });
  expect([...answers.keys()]).toEqual(['/', '/proc']);
});

test('tells a mount that refuses from one that fails', async () => {
  const script = scripts.write(
    'refusing.js',
    `process.on('message', ({ id, message }) => process.send({ id, value: message.slice(1) }));
process.on('disconnect', () => process.exit());`,
  );
  const remote = openRemoteStatfs({ script, patience: 15_000, deadline: 15_000 });
  opened.push(remote);
  expect([...(await remote.ask(['/EACCES', '/EPERM', '/EIO']))]).toEqual([
    ['/EACCES', 'refused'],
    ['/EPERM', 'refused'],
  ]);
});

test('one child is used again and again', async () => {
  const remote = openFake({ patience: 15_000, deadline: 15_000 });
  await remote.ask(['/a', '/b']);
  await remote.ask(['/a']);
  expect(entries().map(([, path]) => path)).toEqual(['/a', '/b', '/a']);
  expect(new Set(entries().map(([pid]) => pid)).size).toBe(1);
});

test('a mount that hangs is left out, its child killed, and it is not asked again before its rest is over', async () => {
  const remote = openFake({ patience: 15_000, deadline: 2000, rest: 1000 });
  const asked = (): number => entries().filter(([, path]) => path === '/hung').length;
  expect([...(await remote.ask(['/a', '/hung'])).keys()]).toEqual(['/a']);
  const first = entries()[0]?.[0] as number;
  await until(() => !isAlive(first));
  expect((await remote.ask(['/hung'])).size).toBe(0);
  expect(asked()).toBe(1);
  expect([...(await remote.ask(['/a'])).keys()]).toEqual(['/a']);
  expect(entries().at(-1)?.[0]).not.toBe(first);
  await until(() => {
    void remote.ask(['/hung']);
    return asked() > 1;
  });
  expect(asked()).toBe(2);
});

test('a mount that is late is waited for once, does not hold up the others, and costs no child', async () => {
  const remote = openFake({ patience: 800, deadline: 15_000 });
  await warm(remote);
  expect([...(await remote.ask(['/b', '/hung'])).keys()]).toEqual(['/b']);
  for (const path of ['/c', '/d', '/e'])
    expect([...(await remote.ask([path, '/hung'])).keys()]).toEqual([path]);
  expect((await remote.ask(['/hung'])).size).toBe(0);
  expect(entries().filter(([, path]) => path === '/hung')).toHaveLength(1);
  expect(new Set(entries().map(([pid]) => pid)).size).toBe(1);
});

test('a mount that answered late is asked again', async () => {
  const remote = openFake({ patience: 800, deadline: 15_000 });
  await warm(remote);
  expect((await remote.ask(['/slow'])).size).toBe(0);
  let answers = 0;
  while (answers === 0) {
    answers = (await remote.ask(['/slow'])).size;
    await sleep(20);
  }
  expect(answers).toBe(1);
});

test('a mount is never asked twice at once', async () => {
  const remote = openFake({ patience: 15_000, deadline: 15_000 });
  const both = Promise.all([remote.ask(['/hung', '/a']), remote.ask(['/a', '/hung'])]);
  await until(() => entries().length >= 2);
  expect((await remote.ask(['/b'])).size).toBe(1);
  remote.close();
  expect((await both).map((answers) => [...answers.keys()])).toEqual([['/a'], ['/a']]);
  expect(entries().map(([, path]) => path)).toEqual(['/hung', '/a', '/b']);
});

test('a child that ends is no answer, and the next question starts another', async () => {
  const remote = openFake({ patience: 15_000, deadline: 15_000 });
  expect([...(await remote.ask(['/crash'])).keys()]).toEqual([]);
  expect([...(await remote.ask(['/a'])).keys()]).toEqual(['/a']);
});

test('a script that is not there is no answer either', async () => {
  const remote = openRemoteStatfs({ script: '/no/such/script.js', patience: 15_000, deadline: 15_000 });
  opened.push(remote);
  expect((await remote.ask(['/'])).size).toBe(0);
});

test('closing ends the child, and whoever waits gets nothing', async () => {
  const remote = openFake({ patience: 15_000, deadline: 15_000 });
  const waiting = remote.ask(['/hung']);
  await until(() => entries().length === 1);
  const pid = entries()[0]?.[0] as number;
  expect(isAlive(pid)).toBe(true);
  remote.close();
  expect((await waiting).size).toBe(0);
  await until(() => !isAlive(pid));
  expect((await remote.ask(['/a'])).size).toBe(0);
  expect(entries()).toHaveLength(1);
});
