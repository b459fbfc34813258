import { expect, it } from 'vitest';
import { openHistory } from '../../src/core/history.js';
import { judge } from '../../src/core/judge.js';
import { type LogSpan, sayAge, whyTooShort } from '../../src/core/too-short.js';
import { sentence } from '../../src/core/words.js';
import { defaultRule, sample } from './judging.js';

const NOW = 10_000_000;
const ago = (seconds: number): number => NOW - seconds * 1000;
const point = { time: ago(30), boot: 'b', value: 1, covers: 5, gap: 5, count: 1 };

it.each<[LogSpan | undefined, boolean, string]>([
  [undefined, true, 'too little was recorded'],
  [{}, false, 'there is no log'],
  [{ began: ago(4) }, true, 'the log began 4s ago'],
  [{ began: ago(599) }, true, 'the log began 9m59s ago'],
  [{ began: ago(600) }, true, 'the log has too little of it'],
  [{ began: ago(5000) }, false, 'the log does not have it'],
  [{ began: ago(5000), ended: ago(200) }, true, 'the log ended 3m20s ago'],
  [{ ended: ago(9000) }, false, 'the log ended 2h30m ago'],
])('of a log %o, with points: %s, says: %s', (log, has, text) => {
  expect(whyTooShort(log, has ? [point] : [], 600, NOW)).toBe(text);
});

it.each([
  [0.04, '0s'],
  [3.14, '3.1s'],
  [59.6, '1m'],
  [3725, '1h2m'],
  [90_061, '1d1h'],
])('says an age of %d s as %s', (seconds, text) => {
  expect(sayAge(seconds)).toBe(text);
});

it('says the same of all rules, and of each how much it needs', () => {
  const now = sample(10_000, { cpu: { used_percent: 97 }, vmstat: { oom_kill: 0 } });
  const rules = [defaultRule('cpu', 600), defaultRule('oom-kills')];
  const history = openHistory(rules);
  history.add(now);
  const log = { began: now.time - 4000 };
  expect(rules.flatMap((rule) => judge(rule, { now, history, log })).map(sentence)).toEqual([
    'CPU in use: 97 % now, needs 10m, and the log began 4s ago',
    'OOM kills: needs 30m, and the log began 4s ago',
  ]);
});
