import { describe, expect, it } from 'vitest';
import { type History, openHistory } from '../../src/core/history.js';
import { judgeAll } from '../../src/core/judge.js';
import { openJudge } from '../../src/core/judge-samples.js';
import type { Rule, State, Verdict } from '../../src/core/rule.js';
import type { ActiveAlert, Sample } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import { defaultRule, disk, sample } from './judging.js';

const MINUTE = 60;

const statesOf = (verdicts: readonly Verdict[], rule: Rule): string =>
  verdicts
    .filter((verdict) => verdict.rule === rule)
    .map(({ state }) => state)
    .join();

/** For how long at most, in seconds, what was kept was not what judging anew would have said; and how often that changed. */
const lagOf = (
  rule: Rule,
  seconds: number,
  at: (second: number) => Sample,
): { readonly lag: number; readonly changes: number } => {
  const history = openHistory([rule]);
  const judge = openJudge([rule]);
  let [behind, lag, changes, before] = [0, 0, 0, ''];
  for (let second = 0; second < seconds; second++) {
    const now = at(second);
    history.add(now);
    const anew = statesOf(judgeAll([rule], { now, history }), rule);
    behind = statesOf(judge({ now, history }), rule) === anew ? 0 : behind + 1;
    lag = Math.max(lag, behind);
    if (anew !== before) changes++;
    before = anew;
  }
  return { lag, changes };
};

/** Every sample a minute has the details. */
const detailOf = (second: number) => (second % MINUTE === 0 ? { detail: true as const } : {});

describe('one sample after the other', () => {
  it('judges the newest value as each by itself would be', () => {
    const memory = lagOf(defaultRule('memory'), 500, (second) =>
      sample(second, { memory: { used_percent: second % 20 < 10 ? 50 : 95 } }),
    );
    expect(memory).toEqual({ lag: 0, changes: 50 });
  });

  it('sees within five seconds that something has happened', () => {
    const readOnly = lagOf(defaultRule('read-only', 1800), 5000, (second) =>
      sample(second, { filesystem: [disk('/', { readonly: second % 2003 > 1000 ? 1 : 0 })] }),
    );
    expect(readOnly.changes).toBeGreaterThan(3);
    expect(readOnly.lag).toBeGreaterThan(0);
    expect(readOnly.lag).toBeLessThanOrEqual(5);
  });

  it('sees what counters have counted as soon as they are read, and a while later that it is long ago', () => {
    let kills = 0;
    const lags = { rising: 0, falling: 0 };
    const rule = defaultRule('oom-kills');
    const history = openHistory([rule]);
    const judge = openJudge([rule]);
    for (let second = 0; second < 9000; second++) {
      if (second === 3001) kills = 1;
      const now = sample(
        second,
        second % MINUTE === 0 ? { vmstat: { oom_kill: kills } } : {},
        detailOf(second),
      );
      history.add(now);
      const [kept, anew] = [judge({ now, history }), judgeAll([rule], { now, history })].map((all) =>
        statesOf(all, rule),
      );
      if (kept === anew) continue;
      if (anew === 'warning') lags.rising++;
      else lags.falling++;
    }
    expect(lags.rising).toBe(0);
    expect(lags.falling).toBeLessThanOrEqual(MINUTE);
  });

  it.each([
    ['with details once a minute', true, MINUTE],
    ['without details, a twentieth of its window', false, 90],
  ])('keeps what it said of a long window, %s', (_, hasDetails, most) => {
    const fills = lagOf(defaultRule('disk-full-in', 1800), 20_000, (second) =>
      sample(
        second,
        { filesystem: [disk('/', { available_bytes: 1e12 - Math.abs((second % 8000) - 4000) * 2e8 })] },
        hasDetails ? detailOf(second) : {},
      ),
    );
    expect(fills.changes).toBeGreaterThan(3);
    expect(fills.lag).toBeGreaterThan(0);
    expect(fills.lag).toBeLessThanOrEqual(most);
  });

  it('does not look at a long past between details, nor because something holds', () => {
    const rule = defaultRule('disk-full-in');
    const known = openHistory([rule]);
    let looks = 0;
    const history: History = {
      ...known,
      points: (...asked) => {
        looks++;
        return known.points(...asked);
      },
    };
    const judge = openJudge([rule]);
    const held: ActiveAlert[] = [{ rule: 'memory', path: 'memory.used_percent', state: 'warning', since: 0 }];
    for (let second = 0; second < 600; second++) {
      const now = sample(second, { filesystem: [disk('/', { available_bytes: 1e12 })] }, detailOf(second));
      known.add(now);
      judge({ now, history, held });
    }
    // Twice each: to measure, and to say why the past is too short.
    expect(looks).toBe(20);
  });

  it('judges anew by what holds and after a boot', () => {
    const rule = defaultRule('disk-full-in', MINUTE);
    const history = openHistory([rule]);
    const judge = openJudge([rule]);
    const states = (second: number, boot: string, held: readonly ActiveAlert[]): State[] => {
      // Full in twelve hours: no reason to say so, but one to go on saying it.
      const now = sample(
        second,
        { filesystem: [disk('/', { available_bytes: (43_200 - second) * 1e6 })] },
        { boot },
      );
      history.add(now);
      return judge({ now, history, held }).map(({ state }) => state);
    };
    const held: ActiveAlert = {
      rule: rule.name,
      path: 'filesystem[/].available_bytes',
      state: 'warning',
      since: 0,
    };
    for (let second = 0; second < 120; second++) states(second, 'b1', []);
    expect(states(120, 'b1', [])).toEqual(['ok']);
    expect(states(121, 'b1', [held])).toEqual(['warning']);
    expect(states(122, 'b1', [])).toEqual(['ok']);
    expect(states(123, 'b2', [])).toEqual(['not judged']);
  });
});

describe('with what is beyond limits only', () => {
  it('gives just the verdicts that are', () => {
    const rules = ['memory', 'disk', 'swap', 'read-only'].map((name) => defaultRule(name));
    const history = openHistory(rules);
    const [all, some] = [openJudge(rules), openJudge(rules)];
    const ill = (verdicts: readonly Verdict[]) =>
      verdicts.filter(({ state }) => state === 'warning' || state === 'critical');
    let [beyond, given, whole] = [0, 0, 0];
    for (let second = 0; second < 2000; second++) {
      const used = (second * 7919) % 101;
      const now = sample(second, {
        memory: second % 7 === 0 ? {} : { used_percent: second % 11 === 0 ? Number.NaN : used },
        swap: second % 13 === 0 ? 'no answer' : { total_bytes: second % 5, used_percent: used },
        filesystem: [
          row(['/'], { used_percent: used, available_bytes: (second % 3) * 4e9, readonly: 0 }),
          row(['/cd'], { used_percent: 100, available_bytes: 0, readonly: 1 }, { fstype: 'iso9660' }),
        ],
      });
      history.add(now);
      const evidence = { now, history, held: [] };
      const found = some(evidence, new Set());
      const verdicts = all(evidence);
      expect(ill(found)).toEqual(ill(verdicts));
      whole += verdicts.length;
      beyond += ill(found).length;
      given += found.length;
    }
    expect(beyond).toBeGreaterThan(200);
    expect(given).toBeLessThan(whole / 2);
  });

  it('gives all of the rules that are named', () => {
    const rules = ['memory', 'swap'].map((name) => defaultRule(name));
    const history = openHistory(rules);
    const now = sample(0, { memory: { used_percent: 1 }, swap: { used_percent: 1 } });
    history.add(now);
    const named = openJudge(rules)({ now, history }, new Set(['swap']));
    expect(named.map(({ rule, state }) => `${rule.name} ${state}`)).toEqual(['swap ok']);
  });

  it('does not come back to what it said before it saw that all is well', () => {
    const rule: Rule = { ...defaultRule('oom-kills'), measure: { kind: 'value' } };
    const history = openHistory([rule]);
    const judge = openJudge([rule]);
    const said = [1, undefined, 0, undefined].map((oom_kill, second) => {
      const now = sample(second, oom_kill === undefined ? {} : { vmstat: { oom_kill } });
      history.add(now);
      return statesOf(judge({ now, history }, new Set()), rule);
    });
    expect(said).toEqual(['warning', 'warning', '', '']);
  });
});
