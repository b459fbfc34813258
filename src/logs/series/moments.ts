/** What lines of a log say of series: parsed no further than some selections need it. */

import type { Group } from '../../core/group.js';
import type { Selection } from '../../promql/series.js';
import { decodeRecord } from '../codec.js';
import { rememberHeads } from '../head-groups.js';
import { readRows } from '../plain-rows.js';
import { RECORD_VERSION } from '../record.js';
import type { TimeRange } from '../time-index.js';
import type { Found, Moment } from './gather.js';
import { headReader, type SampleHead } from './head.js';
import { findSpans, type Names, namesFor } from './spans.js';
import { Stencils } from './stencil.js';
import { type Demand, demandsOf, joinRanges, planFor, within } from './wanted.js';

type Groups = ReadonlyMap<string, Group>;

/** How records are read that these groups describe. */
interface Plan {
  readonly groups: Groups;
  readonly demand: (time: number, detail: boolean) => Demand;
  /** Of all that may be looked for. */
  readonly names: Names;
  readonly only: ReadonlySet<string>;
  /** All times that matter. */
  readonly ranges: readonly TimeRange[];
}

/** Reads the lines of one file. */
export interface MomentReader {
  /** Times of which its records can be about what is wanted. */
  readonly ranges: readonly TimeRange[];
  /** What a line says; undefined where that is nothing. */
  readonly read: (line: Buffer) => Moment | undefined;
}

const NONE: ReadonlyMap<string, Found> = new Map();

type ByGroup = Map<string, Stencils>;

const stencilsFor = (all: ByGroup, name: string): Stencils => {
  const known = all.get(name);
  if (known !== undefined) return known;
  const made = new Stencils();
  all.set(name, made);
  return made;
};

/** The readings that are wanted; undefined where only parsing all of the line can tell them. */
const readingsIn = (
  line: Buffer,
  head: SampleHead,
  { groups: demanded }: Demand,
  { names, groups }: Plan,
  stencils: ByGroup | undefined,
): ReadonlyMap<string, Found> | undefined => {
  if (demanded.length === 0) return NONE;
  const readings = new Map<string, Found>();
  try {
    const whole = findSpans(line, head.keys, names, demanded.length, (name, { start, end }) => {
      if (!demanded.some((one) => one.name === name)) return false;
      const group = groups.get(name) as Group;
      const known = stencils === undefined ? undefined : stencilsFor(stencils, name);
      const alike = known?.read(group, line, start, end);
      if (alike !== undefined) {
        readings.set(name, alike);
        return true;
      }
      const text = line.toString('utf8', start, end);
      const rows = readRows(group, JSON.parse(text));
      if (rows !== undefined) readings.set(name, { group, rows });
      known?.learn(group, text);
      return true;
    });
    return whole ? readings : undefined;
  } catch (error) {
    // Something in it is no JSON.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/**
 * Gives a reader for each file, told by the lines that it begins with. One plan is made for all that have the same groups. What a
 * moment says holds until the next one is asked for, unless they are to be kept.
 */
export const momentReaders = (
  own: Groups,
  selections: readonly Selection[],
  { keep = false }: { readonly keep?: boolean } = {},
): ((head: Iterable<Buffer>) => MomentReader) => {
  const headOf = rememberHeads(own);
  const plans = new Map<Groups, Plan>();
  const planOf = (groups: Groups): Plan => {
    const known = plans.get(groups);
    if (known !== undefined) return known;
    const wanted = planFor(selections, groups);
    const ofGroups = [...wanted.groups.values()].flatMap(({ tick, detail }) => [...tick, ...detail]);
    const plan = {
      groups,
      demand: demandsOf(wanted),
      names: namesFor(wanted.groups.keys()),
      only: new Set(wanted.groups.keys()),
      ranges: joinRanges([...ofGroups, ...wanted.up]),
    };
    plans.set(groups, plan);
    return plan;
  };

  return (lines) => {
    let plan = planOf(headOf(lines) ?? own);
    const readHead = headReader();
    // What a record with the detail has, others have not.
    const [ofTicks, ofDetails]: readonly (ByGroup | undefined)[] = keep ? [] : [new Map(), new Map()];

    const decode = (line: Buffer): Moment | undefined => {
      const record = decodeRecord(line.toString('utf8'), plan.groups, plan.only);
      if (record === undefined || !within(plan.ranges, record.time)) return undefined;
      if (record.kind === 'stop') return { kind: 'stop', time: record.time, host: record.host };
      if (record.kind !== 'sample') return undefined;
      const { time, host, interval, detail = false, readings } = record.sample;
      return { kind: 'sample', time, host, interval, detail, readings, demand: plan.demand(time, detail) };
    };

    return {
      ranges: plan.ranges,
      read: (line) => {
        const head = readHead(line);
        if (head.kind === 'odd') return decode(line);
        if (head.v < 1 || head.v > RECORD_VERSION) return undefined;
        if (head.kind === 'other') {
          if (head.msg === 'stop') return decode(line);
          if (head.msg === 'schema') plan = planOf(headOf([line]) ?? plan.groups);
          return undefined;
        }
        const { sample } = head;
        if (!within(plan.ranges, sample.time)) return undefined;
        const demand = plan.demand(sample.time, sample.detail);
        const readings = readingsIn(line, sample, demand, plan, sample.detail ? ofDetails : ofTicks);
        return readings === undefined ? decode(line) : { kind: 'sample', ...sample, readings, demand };
      },
    };
  };
};
