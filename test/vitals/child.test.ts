import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChild, Unanswered } from '../../src/vitals/child.js';
import { openScripts } from './script.js';

const scripts = openScripts();
let script = '';

/** Says its pid, starts a child of its own, fails, hangs, ends or echoes, as it is told. */
const TALKATIVE = `
import { spawn } from 'node:child_process';
import { answerParent } from '${new URL('../../src/vitals/answer.ts', import.meta.url).pathname}';
answerParent((message) => {
  if (message === 'pid') return process.pid;
  if (message === 'sleeper') return spawn('sleep', ['300'], { stdio: 'ignore' }).pid;
  if (message === 'fail') throw new Error('it does not work');
  if (message === 'hang') return new Promise(() => {});
  if (message === 'block') for (;;);
  if (message === 'crash') setImmediate(() => { throw new Error('spawn E2BIG'); });
  if (message === 'crash') return new Promise(() => {});
  return { message };
});
`;

beforeAll(async () => {
  script = await scripts.bundle(scripts.write('talkative.ts', TALKATIVE));
});

afterAll(() => scripts.remove());

/** Gone, or a zombie that only waits to be asked about. */
const isGone = (pid: number): boolean => {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
};

const gone = (pid: unknown): Promise<void> =>
  expect.poll(() => isGone(pid as number), { timeout: 10_000 }).toBe(true);

test('answers come back, also when several are asked at once', async () => {
  const child = openChild(script, { deadline: 5000 });
  expect(await Promise.all(['a', 'b', { c: 1 }].map(child.ask))).toEqual([
    { message: 'a' },
    { message: 'b' },
    { message: { c: 1 } },
  ]);
  child.close();
});

test('a question that fails leaves the child to the others', async () => {
  const child = openChild(script, { deadline: 5000 });
  const pid = await child.ask('pid');
  await expect(child.ask('fail')).rejects.toThrow('it does not work');
  expect(await child.ask('pid')).toBe(pid);
  child.close();
});

test.each(['hang', 'block'])(
  'a child that does not answer (%s) is killed, and the next question starts another',
  async (message) => {
    const child = openChild(script, { deadline: 2000 });
    const pid = await child.ask('pid');
    await expect(child.ask(message)).rejects.toThrow(new Unanswered('no answer within 2 s'));
    await gone(pid);
    const next = await child.ask('pid');
    expect(next).not.toBe(pid);
    child.close();
    await gone(next);
  },
);

test('a child that crashes says so to all who wait', async () => {
  const child = openChild(script, { deadline: 5000 });
  const waiting = child.ask('hang');
  await Promise.all([
    expect(child.ask('crash')).rejects.toThrow(new Unanswered('the reader ended with code 1')),
    expect(waiting).rejects.toThrow(new Unanswered('the reader ended with code 1')),
  ]);
  child.close();
});

test('a script that is not there is a reason, not a crash', async () => {
  const child = openChild('/nonexistent/script.js', { deadline: 5000 });
  await expect(child.ask('pid')).rejects.toThrow('the reader ended with code 1');
  child.close();
});

test('closing ends the child and what it has started, and refuses further questions', async () => {
  const child = openChild(script, { deadline: 5000 });
  const [pid, sleeper] = await Promise.all([child.ask('pid'), child.ask('sleeper')]);
  expect(isGone(sleeper as number)).toBe(false);
  const waiting = expect(child.ask('hang')).rejects.toThrow('closed');
  child.close();
  await waiting;
  await gone(pid);
  await gone(sleeper);
  await expect(child.ask('pid')).rejects.toThrow('closed');
});

const PARENT = `
import { openChild } from '${new URL('../../src/vitals/child.ts', import.meta.url).pathname}';
const child = openChild(process.argv[2], { deadline: 60000 });
const pids = await Promise.all([child.ask('pid'), child.ask('sleeper')]);
console.log(JSON.stringify(pids));
if (process.argv[3] === 'wait') await child.ask('hang');
`;

const startParent = async (mode: string) => {
  const parent = spawn(
    process.execPath,
    [await scripts.bundle(scripts.write('parent.ts', PARENT)), script, mode],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [text] = await once(parent.stdout, 'data');
  return { parent, pids: JSON.parse(String(text)) as number[] };
};

test('the child and what it has started die with a parent that is killed', async () => {
  const { parent, pids } = await startParent('wait');
  expect(pids.map(isGone)).toEqual([false, false]);
  parent.kill('SIGKILL');
  for (const pid of pids) await gone(pid);
});

test('an idle child does not keep its parent alive', async () => {
  const { parent, pids } = await startParent('end');
  if (parent.exitCode === null) await once(parent, 'exit');
  expect(parent.exitCode).toBe(0);
  for (const pid of pids) await gone(pid);
});
