import { describe, expect, it } from 'vitest';
import type { AlertEvent, AlertState } from '../../src/core/alerts.js';
import { nextAlerts, resumeAlerts } from '../../src/core/alerts.js';
import { openHistory } from '../../src/core/history.js';
import { judge } from '../../src/core/judge.js';
import type { Rule, State, Verdict } from '../../src/core/rule.js';
import type { ActiveAlert } from '../../src/core/sample.js';
import { defaultRule, sample } from './judging.js';

const rule: Rule = defaultRule('disk');

const verdict = (state: State, id: string | undefined = '/var'): Verdict => ({
  rule,
  path: id === undefined || id === '' ? rule.path : { ...rule.path, id: [id] },
  state,
  unit: 'percent',
  counter: false,
  ...(state === 'unknown' || state === 'not judged' ? { reason: 'because' } : { value: 95 }),
});

const show = ({ before, state, since }: AlertEvent): string => `${before}>${state}@${since}`;

/** One verdict a second: w, c, o, u(nknown), n(ot judged); `-` is none at all. What is said, and when. */
const run = (letters: string, from: readonly ActiveAlert[] = []): { said: string[]; active: string } => {
  const names: Record<string, State> = {
    w: 'warning',
    c: 'critical',
    o: 'ok',
    u: 'unknown',
    n: 'not judged',
  };
  let state: AlertState = resumeAlerts(from);
  const said: string[] = [];
  let active = '';
  [...letters].forEach((letter, time) => {
    const name = names[letter];
    const step = nextAlerts(state, name === undefined ? [verdict('ok', '/')] : [verdict(name)], time);
    state = step.state;
    said.push(...step.events.map((event) => `${time}: ${show(event)}`));
    active = step.active.map((one) => one.state).join();
  });
  return { said, active };
};

describe('an alert', () => {
  it.each([
    ['oww', [], ''],
    ['owww', ['3: ok>warning@1'], 'warning'],
    ['owwoww', [], ''],
    ['wwuw', [], ''],
    ['wwuwww', ['5: ok>warning@3'], 'warning'],
    ['ccc', ['2: ok>critical@0'], 'critical'],
    ['wcc', ['2: ok>warning@0'], 'warning'],
    ['wccccc', ['2: ok>warning@0', '3: warning>critical@0'], 'critical'],
    ['wwwccwccw', ['2: ok>warning@0'], 'warning'],
    ['cccwcw', ['2: ok>critical@0', '3: critical>warning@0'], 'warning'],
    ['wwwo', ['2: ok>warning@0', '3: warning>ok@0'], ''],
    ['wwwunu', ['2: ok>warning@0'], 'warning'],
    ['wwwuo', ['2: ok>warning@0', '4: warning>ok@0'], ''],
    ['www-', ['2: ok>warning@0', '3: warning>ok@0'], ''],
    ['wwwowww', ['2: ok>warning@0', '3: warning>ok@0', '6: ok>warning@4'], 'warning'],
  ])('%s', (letters, said, active) => {
    expect(run(letters)).toEqual({ said, active });
  });

  it('goes on after a restart, without being said again', () => {
    const active = [
      { rule: 'disk', path: 'filesystem[/var].used_percent', state: 'warning' as const, since: 7 },
    ];
    expect(run('wnw', active)).toEqual({ said: [], active: 'warning' });
    expect(run('ccc', active)).toEqual({ said: ['2: warning>critical@7'], active: 'critical' });
    expect(run('o', active).said).toEqual(['0: warning>ok@7']);
  });

  it('stands for each row apart', () => {
    let state = resumeAlerts();
    for (let time = 0; time < 3; time++)
      state = nextAlerts(state, [verdict('warning', '/a'), verdict('critical', '/b')], time).state;
    const step = nextAlerts(state, [verdict('ok', '/a'), verdict('critical', '/b')], 3);
    expect(step.events.map(({ path }) => path)).toEqual(['filesystem[/a].used_percent']);
    expect(step.active.map(({ path }) => path)).toEqual(['filesystem[/b].used_percent']);
  });

  it('says in words why it ended', () => {
    const active = [
      { rule: 'disk', path: 'filesystem[/var].used_percent', state: 'warning' as const, since: 7 },
    ];
    const text = (verdicts: Verdict[]): string[] =>
      nextAlerts(resumeAlerts(active), verdicts, 9).events.map((event) => event.text);
    expect(text([verdict('ok')])).toEqual([
      'disk in use /var: 95 %, warning above 90 %, critical above 98 % and available below 5 GB',
    ]);
    expect(text([verdict('ok', '/')])).toEqual(['filesystem[/var].used_percent: it is no longer there']);
    expect(text([])).toEqual(['filesystem[/var].used_percent: it is not judged any more']);
    // The group could not be read: nothing is known of the row.
    expect(text([{ ...verdict('unknown'), path: rule.path }])).toEqual([]);
  });
});

it('with its leave limits does not flap', () => {
  const memory = defaultRule('memory');
  const history = openHistory([memory]);
  let state = resumeAlerts();
  let held: readonly ActiveAlert[] = [];
  const said: string[] = [];
  const values = [91, 91, 91, 89, 91, 85, 81, 80.1, 92, 80, 91, 91, 80];
  values.forEach((used_percent, time) => {
    const now = sample(time, { memory: { used_percent } });
    history.add(now);
    const step = nextAlerts(state, judge(memory, { now, history, held }), time);
    state = step.state;
    held = step.active;
    said.push(...step.events.map((event) => `${time}: ${show(event)}`));
  });
  expect(said).toEqual(['2: ok>warning@0', '9: warning>ok@0']);
});
