/** When each default rule would have spoken in the week: by the judge, sample by sample, and by the rule file over the log. */

import { openWatcher } from '../../src/commands/alerting.js';
import { type AlertStep, nextAlerts, resumeAlerts } from '../../src/core/alerts.js';
import { DEFAULT_RULES } from '../../src/core/defaults.js';
import { LOOKBACK, openHistory } from '../../src/core/history.js';
import { judge } from '../../src/core/judge.js';
import { latest } from '../../src/core/latest.js';
import { log, OUTSIDE } from '../../src/core/outside.js';
import type { Rule, Severity } from '../../src/core/rule.js';
import { row, type Sample } from '../../src/core/sample.js';
import { alertName } from '../../src/formats/rule-file/translate.js';
import { formatRuleFile } from '../../src/formats/rule-file.js';
import { openLogSeries } from '../../src/logs/series/log-series.js';
import { labelOf } from '../../src/promql/labels.js';
import { loadRules } from '../../src/promql/rules/load.js';
import { selectionsOfGroups } from '../../src/promql/rules/needs.js';
import { replay } from '../../src/promql/rules/replay.js';
import { GROUPS } from '../../src/vitals/index.js';
import { DAY, FAULTS, type FaultName, HOUR, WEEK_BEGINS } from './plan.js';

/** A rule held for a row; seconds since the week began. */
export interface Episode {
  readonly rule: string;
  readonly row: string;
  readonly severity: Severity;
  readonly from: number;
  readonly until: number;
}

const since = (ms: number): number => ms / 1000 - WEEK_BEGINS;

/** Longer silences than this are looked at minute by minute, as a check from cron would, s. */
const SILENCE = 5 * 60;

/** What holds at each moment that is looked at, as the recorder finds it. */
type Watch = (sample: Sample) => Pick<AlertStep, 'events' | 'active'>;

/** Judges at whole multiples of some seconds only, from all samples: as a Prometheus that evaluates so often. */
const watchEvery = (rules: readonly Rule[], seconds: number): Watch => {
  const history = openHistory(rules);
  let recent: Sample[] = [];
  let step: AlertStep = { state: resumeAlerts(), active: [], events: [] };
  return (sample) => {
    history.add(sample);
    recent = [...recent.filter(({ time }) => sample.time - time < LOOKBACK * 1000), sample];
    if (sample.time % (seconds * 1000) !== 0) return { ...step, events: [] };
    const now = latest(recent, LOOKBACK * 1000) as Sample;
    const verdicts = rules.flatMap((rule) => judge(rule, { now, history, held: step.active }));
    step = nextAlerts(step.state, verdicts, sample.time);
    return step;
  };
};

/** Takes the samples one by one, and says at the end what held when: as the recorder judges, and checks where it was silent. */
export const openNative = (everySeconds?: number) => {
  const recorded = DEFAULT_RULES.filter(({ path }) => !OUTSIDE.has(path.group));
  const watch: Watch =
    everySeconds === undefined ? openWatcher(recorded, []) : watchEvery(recorded, everySeconds);
  const silent = DEFAULT_RULES.find(({ path }) => path.group === log.name) as Rule;
  const episodes: Episode[] = [];
  const open = new Map<string, Omit<Episode, 'until'>>();
  let before: Sample | undefined;
  const end = (key: string, time: number): void => {
    const one = open.get(key);
    if (one !== undefined) episodes.push({ ...one, until: time });
    open.delete(key);
  };
  const checkSilence = (last: Sample, next: number): void => {
    for (let now = last.time + 60_000; now < next; now += 60_000) {
      const overdue_seconds = (now - last.time) / 1000 - (last.interval ?? 0);
      const reading = { group: log, rows: [row([], { overdue_seconds })] };
      const sample: Sample = { ...last, time: now, readings: new Map([[log.name, reading]]) };
      const [verdict] = judge(silent, { now: sample, history: openHistory([silent]) });
      if (verdict?.state !== 'warning' || open.has('silent')) continue;
      open.set('silent', { rule: silent.name, row: '', severity: 'warning', from: since(now) });
    }
    end('silent', since(next));
  };
  return {
    look: (sample: Sample): Sample => {
      if (before !== undefined && sample.time - before.time > SILENCE * 1000)
        checkSilence(before, sample.time);
      before = sample;
      const { events, active } = watch(sample);
      for (const { rule, path, state } of events) {
        const key = `${rule} ${path}`;
        end(key, since(sample.time));
        if (state === 'ok') continue;
        const place = /\[(.*)\]/.exec(path)?.[1] ?? '';
        open.set(key, { rule, row: place, severity: state, from: since(sample.time) });
      }
      return active.length === 0 ? sample : { ...sample, alerts: active };
    },
    episodes: (): readonly Episode[] => {
      for (const key of [...open.keys()]) end(key, 7 * DAY);
      return episodes.sort((a, b) => a.from - b.from);
    },
  };
};

const RULE_OF_ALERT = new Map(DEFAULT_RULES.map(({ name }) => [alertName(name), name]));

/** The same from the rule file, over the log as it was written. */
export const replayRuleFile = async (path: string): Promise<readonly Episode[]> => {
  const groups = new Map([...GROUPS, ...OUTSIDE]);
  const file = await loadRules(formatRuleFile(DEFAULT_RULES, groups), 'defaults.yml');
  if (file.problems.length > 0) throw new Error(JSON.stringify(file.problems));
  const times = { since: WEEK_BEGINS * 1000, until: (WEEK_BEGINS + 7 * DAY) * 1000 };
  const set = await openLogSeries(path, GROUPS).load(selectionsOfGroups(file.groups, times));
  const { rules } = replay(file.groups, set, times);
  return rules
    .flatMap((one) =>
      one.kind === 'record'
        ? []
        : one.episodes.flatMap(({ labels, firingSince, resolvedAt }): Episode[] =>
            firingSince === undefined
              ? []
              : [
                  {
                    rule: RULE_OF_ALERT.get(one.rule.name) as string,
                    row: labelOf(labels, 'mountpoint') || labelOf(labels, 'device') || '',
                    severity: labelOf(labels, 'severity') as Severity,
                    from: since(firingSince),
                    until: resolvedAt === undefined ? 7 * DAY : since(resolvedAt),
                  },
                ],
          ),
    )
    .sort((a, b) => a.from - b.from);
};

/** Which rules speak of a fault itself. Others that hold meanwhile or just after are no false alarms, but do not count as found. */
const TELLS: Readonly<Record<FaultName, readonly string[]>> = {
  'oom kill': ['oom-kills'],
  'dead interface': ['link'],
  'runaway process': ['cpu', 'load'],
  'disk filling': ['disk', 'disk-full-in'],
  'memory leak': ['memory'],
  'I/O stall': ['disk-stall', 'iowait'],
  'swap storm': ['memory-stall', 'major-faults', 'memory'],
  'silent log': ['log'],
};

/** What is read of windows goes on for as long as they are. */
const AFTERMATH = HOUR;

export interface Outcome {
  readonly found: readonly {
    readonly fault: FaultName;
    readonly after: number | undefined;
    readonly by: string;
    readonly within: number;
  }[];
  /** Alarms, a rule and row each, with no fault to blame. */
  readonly falseAlarms: readonly Episode[];
}

export const outcomeOf = (episodes: readonly Episode[]): Outcome => ({
  found: FAULTS.map(({ name, from, until, within }) => {
    const first = episodes.find(
      (one) => TELLS[name].includes(one.rule) && one.from >= from && one.from < until + 600,
    );
    return {
      fault: name,
      after: first && first.from - from,
      by: first === undefined ? '' : `${first.rule} ${first.row}`.trim(),
      within,
    };
  }),
  falseAlarms: episodes.filter(
    // Becoming critical, or milder again, is the same alarm.
    (one) =>
      !FAULTS.some(({ from, until }) => one.from >= from && one.from < until + AFTERMATH) &&
      !episodes.some(
        (other) =>
          other !== one &&
          other.rule === one.rule &&
          other.row === one.row &&
          other.from < one.from &&
          other.until >= one.from,
      ),
  ),
});

const clock = (seconds: number): string =>
  `${['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][Math.floor(seconds / DAY)] ?? 'Mon'} ${new Date(seconds * 1000).toISOString().slice(11, 16)}`;

export const tableOf = ({ found, falseAlarms }: Outcome): string =>
  [
    ...found.map(
      ({ fault, after, by }) =>
        `${fault.padEnd(16)} ${after === undefined ? 'NOT FOUND' : `after ${Math.round(after / 60)} min by ${by}`}`,
    ),
    ...falseAlarms.map(
      ({ rule, row: place, severity, from, until }) =>
        `false alarm      ${rule} ${place} ${severity}, ${clock(from)} to ${clock(until)}`,
    ),
  ].join('\n');
