/** What began and what ended since the run before, which leaves a small file behind. */

import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { AlertChange, AlertFound, Pairs } from '../../core/alert.js';
import type { Binary, Expr } from '../../promql/ast.js';
import { evaluate } from '../../promql/engine.js';
import { EvaluationError } from '../../promql/functions.js';
import { pairsOf, withoutName } from '../../promql/labels.js';
import type { Replayed } from '../../promql/rules/replay.js';
import type { Rule } from '../../promql/rules/rule.js';
import type { World } from '../../world.js';
import { type MemoryHints, readMemory, writeMemory } from '../memory-file.js';
import { stateFolder } from '../places.js';
import { isUnit } from '../query/unit.js';
import { alertFrom, labelsOfAlert } from './evaluate.js';
import type { Severities } from './severity.js';

/** An alert that was firing when the run before looked. */
type Remembered = AlertChange['alert'] & { readonly key: string; readonly before: number | null };

interface Memory {
  readonly v: 1;
  /** ms since 1970. */
  readonly time: number;
  readonly firing: readonly Remembered[];
  /** Why nothing was known then, in a word; empty where all was. */
  readonly trouble: string;
}

const isRemembered = (value: unknown): boolean => {
  const one = (value ?? {}) as Partial<Remembered>;
  return (
    [one.key, one.name, one.group, one.file].every((text) => typeof text === 'string') &&
    typeof one.since === 'number' &&
    (one.unit === undefined || isUnit(one.unit)) &&
    ['ok', 'warning', 'critical'].includes(one.state ?? '') &&
    [one.labels, one.annotations].every(
      (pairs) =>
        Array.isArray(pairs) &&
        pairs.every(
          (pair: unknown) =>
            Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string'),
        ),
    )
  );
};

const isMemory = (value: unknown): value is Memory => {
  const { v, time, firing, trouble } = (value ?? {}) as Partial<Memory>;
  return (
    v === 1 &&
    typeof time === 'number' &&
    Array.isArray(firing) &&
    firing.every(isRemembered) &&
    typeof trouble === 'string'
  );
};

const HINTS: MemoryHints = {
  of: 'alerts',
  unreadable: 'It says which alerts were told of.',
  foreign: 'Remove it, and all that is firing counts as new.',
  unwritable: 'Without it everything would be told again: name another folder with --state.',
};

export interface ChangeMemory {
  /** When the run before looked, ms since 1970; undefined where there was none. */
  readonly time: number | undefined;
  readonly firing: readonly Remembered[];
  readonly trouble: string;
  /** To be called once the result is out: what nobody was told of is told again. Throws a UserError. */
  readonly save: (time: number, firing: readonly Remembered[], trouble: string) => void;
}

/** What the run before left, of the same rule files over the same log. Throws a UserError where it cannot be read. */
export const openChanges = (
  { files, log, state }: { readonly files: readonly string[]; readonly log: string; readonly state?: string },
  world: World,
): ChangeMemory => {
  const what = JSON.stringify([files.map((file) => resolve(file)), resolve(log)]);
  const name = `alerts-${createHash('sha256').update(what).digest('hex').slice(0, 16)}.json`;
  const file = join(state ?? stateFolder(world), name);
  const memory = readMemory(file, isMemory, HINTS);
  return {
    time: memory?.time,
    // JSON has neither NaN nor infinities.
    firing: (memory?.firing ?? []).map((one) => ({ ...one, value: one.value ?? Number.NaN })),
    trouble: memory?.trouble ?? '',
    save: (time, firing, trouble) =>
      writeMemory(file, { v: 1, time, firing, trouble } satisfies Memory, world.pid, HINTS),
  };
};

const keyOf = (name: string, labels: Pairs): string => JSON.stringify([name, labels]);

const bare = ({ phase: _, kept: __, ...alert }: AlertFound): AlertChange['alert'] => alert;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** The side of a comparison that is measured; undefined where nothing is compared with a limit. */
const measured = (expr: Expr): Expr | undefined => {
  if (expr.kind === 'paren') return measured(expr.expr);
  if (expr.kind !== 'binary') return undefined;
  const { operator, lhs, rhs, bool }: Binary = expr;
  if (operator === 'and' || operator === 'unless' || operator === 'or') return measured(lhs);
  if (!COMPARISONS.has(operator) || bool) return undefined;
  return lhs.type === 'vector' ? lhs : rhs.type === 'vector' ? rhs : undefined;
};

/** What the expression of a rule compares, now, for an alert; undefined where that cannot be told. */
const valueNow = (rule: Rule, labels: Pairs, { set }: Replayed, now: number): number | undefined => {
  const expr = measured(rule.expr);
  if (expr === undefined) return undefined;
  const own = new Map(labels);
  try {
    const result = evaluate(rule.query, expr, set, { start: now, end: now, step: 0 });
    if (result.type !== 'vector') return undefined;
    // An alert has labels of its rule as well; those of its series are among them, but for the name.
    const found = result.series.filter((one) =>
      pairsOf(withoutName(one.labels)).every(([name, text]) => own.get(name) === text),
    );
    return found.length === 1 ? found[0]?.values[0] : undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
};

/** Since when what is firing at the end has been, by its key. */
const firingNow = ({ rules }: Replayed): ReadonlyMap<string, number> => {
  const open = new Map<string, number>();
  for (const one of rules)
    for (const episode of one.kind === 'alert' ? one.episodes : []) {
      const { firingSince, resolvedAt } = episode;
      if (firingSince === undefined || resolvedAt !== undefined) continue;
      const key = keyOf(one.rule.name, labelsOfAlert(episode));
      open.set(key, Math.min(firingSince, open.get(key) ?? firingSince));
    }
  return open;
};

/** What changed, oldest first, and what is to be remembered. */
export const findChanges = (
  memory: ChangeMemory,
  replayed: Replayed,
  severities: Severities,
  now: number,
): { readonly changes: readonly AlertChange[]; readonly firing: readonly Remembered[] } => {
  const told = new Map(memory.firing.map((one) => [one.key, one]));
  const changes: AlertChange[] = [];
  const firing: Remembered[] = [];
  const since = memory.time ?? Number.NEGATIVE_INFINITY;
  const open = firingNow(replayed);
  for (const rule of replayed.rules) {
    if (rule.kind !== 'alert') continue;
    for (const episode of rule.episodes) {
      const { firingSince, resolvedAt, valueAtFire } = episode;
      if (firingSince === undefined) continue;
      const alert = bare(alertFrom(rule, episode, severities));
      const key = keyOf(alert.name, alert.labels);
      // Two rules whose alerts look alike make one alert, which lasts as long as either of them.
      const goesOn =
        resolvedAt === undefined
          ? firing.some((one) => one.key === key)
          : (open.get(key) ?? Number.POSITIVE_INFINITY) <= resolvedAt;
      if (goesOn) continue;
      const known = told.get(key);
      const before = known?.before ?? valueAtFire;
      // It goes on from before the replay began: the memory knows better.
      const isOlder = known !== undefined && episode.sinceAtLeast && known.since <= alert.since;
      const whole = isOlder ? { ...alert, since: known.since, sinceAtLeast: known.sinceAtLeast } : alert;
      const isNew =
        known === undefined
          ? memory.time === undefined || firingSince > since
          : firingSince > since && !episode.sinceAtLeast;
      if (resolvedAt === undefined) {
        firing.push({ ...whole, key, before: before ?? null });
        if (isNew || known === undefined)
          changes.push({ kind: 'began', alert: whole, ...(before == null ? {} : { before }) });
        told.delete(key);
      } else if (resolvedAt > since && memory.time !== undefined) {
        const value = valueNow(rule.rule, alert.labels, replayed, now);
        changes.push({
          kind: 'ended',
          alert: whole,
          until: resolvedAt,
          ...(before == null ? {} : { before }),
          ...(value === undefined ? {} : { now: value }),
        });
        told.delete(key);
      }
    }
  }
  // What was firing and is not even in the replay: its rule is gone, or the log of the time it ended.
  for (const { key: _, before, ...alert } of told.values()) {
    const same = replayed.rules.find(({ rule }) => rule.kind === 'alert' && rule.name === alert.name);
    const value = same === undefined ? undefined : valueNow(same.rule, alert.labels, replayed, now);
    changes.push({
      kind: 'ended',
      alert,
      ...(before === null ? {} : { before }),
      ...(value === undefined ? {} : { now: value }),
    });
  }
  const at = ({ kind, alert, until }: AlertChange): number =>
    kind === 'ended' ? (until ?? now) : alert.since;
  return { changes: changes.sort((a, b) => at(a) - at(b)), firing };
};
