/** Takes samples: asks every vital, waits for none of them too long, keeps what the next sample's rates need. */

import type { Clock } from './clock.js';
import type { Due, Group } from './group.js';
import { madeOf } from './made.js';
import type { Reading, Row, Sample } from './sample.js';
import type { Ask, Vital, Wanted } from './vital.js';

export interface SamplerOptions {
  readonly vitals: readonly Vital[];
  readonly wanted: Wanted;
  readonly clock: Clock;
  readonly host: string;
  readonly boot: string;
  /** Groups that are let in; all where not given. */
  readonly groups?: (name: string) => boolean;
  /** Longest time a vital may take, ms. */
  readonly patience?: number;
}

export interface Tick {
  /** Wall clock label of the sample, ms since 1970. */
  readonly time: number;
  readonly detail: boolean;
  readonly interval?: number;
  /** As Ask has it. */
  readonly uptime?: number | undefined;
}

/** While it is being made: to add what there is takes less than to spread what there may be. */
type Open<T> = { -readonly [Key in keyof T]: T[Key] };

/** A vital and what is known of it from the reading before. */
interface Seat {
  readonly vital: Vital;
  readonly groups: readonly Group[];
  /** Those that have fields for every tick. */
  readonly tickGroups: readonly Group[];
  /** Whether it had nothing when it was last asked for everything: then it is not asked for less until the next time. */
  hasNothing: boolean;
  before?: { readonly readings: readonly Reading[]; readonly at: number };
  pending?: { readonly since: number };
}

const POWERS = Array.from({ length: 16 }, (_, digits) => 10 ** digits);

const roundAt = (value: number, power: number): number => {
  // Most are whole; no new number is made of them.
  if ((value | 0) === value) return value + 0;
  const rounded = (value < 0 ? -Math.round(-value * power) : Math.round(value * power)) / power;
  return (Number.isFinite(rounded) ? rounded : value) + 0;
};

/** Half away from zero at `digits` decimals; never -0, so that text and number stay one thing. */
export const round = (value: number, digits: number): number => roundAt(value, POWERS[digits] as number);

const hasTick = (group: Group): boolean => Object.values(group.fields).some(({ due }) => due === 'tick');

/** Fields of a group that are due, and by what power of ten each is rounded; looked up for every value of every sample. */
interface Plan {
  readonly names: readonly string[];
  readonly powers: readonly number[];
  /** Of fields that the group does not name; undefined where it has none, or they are not due. */
  readonly open: number | undefined;
  /** A row without values; it is kept, and nobody looks at it: see `blankOf`. */
  readonly blank: Readonly<Record<string, undefined>>;
}

/**
 * V8 lays out alike what gets the same names in the same order. Where a name has only ever held fractions it keeps them
 * apart, and makes a copy at every look; an object that holds something else by these names prevents that for as long as it is there.
 */
const blankOf = (names: readonly string[]): Record<string, undefined> => {
  const blank: Record<string, undefined> = {};
  for (const name of names) blank[name] = undefined;
  return blank;
};

const planFor = (group: Group, due: Due): Plan => {
  const fields = Object.entries(group.fields)
    .filter(([, field]) => due === 'detail' || field.due === 'tick')
    .map(([name, { digits = 0 }]) => ({ name, power: POWERS[digits] as number }));
  const named = fields.filter(({ name }) => name !== '*');
  const names = named.map(({ name }) => name);
  return {
    names,
    blank: blankOf(names),
    powers: named.map(({ power }) => power),
    open: fields.find(({ name }) => name === '*')?.power,
  };
};

const known = new WeakMap<Group, Readonly<Record<Due, Plan>>>();

const planOf = (group: Group, detail: boolean): Plan => {
  let plans = known.get(group);
  if (plans === undefined) {
    plans = { tick: planFor(group, 'tick'), detail: planFor(group, 'detail') };
    known.set(group, plans);
  }
  return detail ? plans.detail : plans.tick;
};

/** The row as it is recorded: only fields that are due and described, each rounded once and for all. */
const finishRow = (group: Group, { names, powers, open }: Plan, raw: Row): Row => {
  const numbers: Record<string, number> = {};
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const value = raw.numbers[name];
    if (value !== undefined) numbers[name] = roundAt(value, powers[index] as number);
  }
  if (open !== undefined)
    for (const name in raw.numbers)
      if (raw.numbers[name] !== undefined && !Object.hasOwn(group.fields, name))
        numbers[name] = roundAt(raw.numbers[name] as number, open);
  return { id: raw.id, texts: raw.texts, numbers };
};

const isEmpty = (one: Row): boolean => {
  for (const name in one.numbers) if (one.numbers[name] !== undefined) return false;
  return true;
};

/** The reading as it is recorded; undefined where it has rows, but nothing in them is due. */
const finish = (reading: Reading, detail: boolean): Reading | undefined => {
  if (!('rows' in reading)) return reading;
  const { group, rows } = reading;
  const plan = planOf(group, detail);
  const finished = madeOf(rows, (raw) => {
    const one = finishRow(group, plan, raw);
    // A row of texts alone is there for them; one whose numbers are not due now is not.
    return !isEmpty(one) || isEmpty(raw) ? one : undefined;
  });
  return finished.length === 0 && rows.length > 0 ? undefined : { group, rows: finished };
};

/** Why something could not be read, on one line. */
export const reasonOf = (error: unknown): string => {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const known: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a directory',
  };
  return known[code ?? ''] ?? (message ? message.replace(/\s+/g, ' ') : String(error));
};

const failed = (due: readonly Group[], reason: string): readonly Reading[] =>
  due.map((group) => ({ group, failed: reason }));

/** A vital that was asked, with what of it is due, at a moment of the monotonic clock. */
interface Asked {
  readonly seat: Seat;
  readonly ask: Ask;
  readonly due: readonly Group[];
  readonly at: number;
}

/** What is recorded of raw readings, which the next ones are compared with. Throws what deriving throws. */
const accept = ({ seat, ask, due, at }: Asked, raw: readonly Reading[]): readonly Reading[] => {
  const { before, vital } = seat;
  if (raw.length === 0) {
    seat.hasNothing = ask.detail;
    seat.before = { readings: raw, at };
    return raw;
  }
  const seconds = before === undefined ? 0 : at - before.at;
  const derived = vital.derive === undefined ? raw : vital.derive(raw, before?.readings, seconds, ask);
  seat.before = { readings: raw, at };
  return madeOf(derived, (one) => (due.includes(one.group) ? finish(one, ask.detail) : undefined));
};

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #seats: readonly Seat[];
  /** Those that are asked at every tick; known with every detail. */
  #tickSeats: readonly Seat[] = [];
  /** Whether nothing is known of readings before: then all are asked, whatever is due, for the next rates of each. */
  #isNew = true;

  constructor(options: SamplerOptions) {
    this.#options = options;
    const wants = options.groups ?? (() => true);
    this.#seats = options.vitals
      .map((vital) => {
        const groups = vital.groups.filter((group) => wants(group.name));
        return { vital, groups, tickGroups: groups.filter(hasTick), hasNothing: false };
      })
      .filter((seat) => seat.groups.length > 0);
    this.#tickSeats = this.#askedOften();
  }

  /** Makes a recorded sample, taken `secondsAgo` on the monotonic clock, the one the next rates are against. */
  seed(sample: Sample, secondsAgo: number): void {
    const at = this.#options.clock.monotonic() - secondsAgo;
    for (const seat of this.#seats) {
      const readings = seat.vital.groups.flatMap((group) => sample.readings.get(group.name) ?? []);
      if (readings.length > 0) seat.before = { readings, at };
    }
  }

  /** Forgets the readings before: the next sample has no rates. */
  forget(): void {
    for (const seat of this.#seats) delete seat.before;
    this.#isNew = true;
  }

  /** One sample. Never throws for a vital: what fails, or is late, stands in the sample as a reason. */
  async take(tick: Tick): Promise<Sample> {
    const { detail, uptime, time, interval } = tick;
    const ask: Open<Ask> = { ...this.#options.wanted, detail, time: this.#options.clock.now() };
    if (uptime !== undefined) ask.uptime = uptime;
    const readings = new Map<string, Reading>();
    // Synchronous vitals first and in one go, so that a sample is as close to one moment as it can be.
    const seats = detail || this.#isNew ? this.#seats : this.#tickSeats;
    this.#isNew = false;
    const answers = seats.map((seat) => this.#ask(seat, ask));
    for (let index = 0; index < answers.length; index++) {
      const answer = answers[index] as (typeof answers)[number];
      const given = answer instanceof Promise ? await answer : answer;
      for (let at = 0; at < given.length; at++) {
        const reading = given[at] as Reading;
        readings.set(reading.group.name, reading);
      }
    }
    if (detail) this.#tickSeats = this.#askedOften();
    const { host, boot } = this.#options;
    const sample: Open<Sample> = { time, host, boot, readings };
    if (interval !== undefined) sample.interval = interval;
    if (detail) sample.detail = detail;
    return sample;
  }

  close(): void {
    for (const { vital } of this.#seats) vital.close?.();
  }

  #askedOften(): readonly Seat[] {
    return this.#seats.filter(({ tickGroups, hasNothing }) => tickGroups.length > 0 && !hasNothing);
  }

  #ask(seat: Seat, ask: Ask): readonly Reading[] | Promise<readonly Reading[]> {
    const due = ask.detail ? seat.groups : seat.tickGroups;
    const at = this.#options.clock.monotonic();
    if (ask.detail) seat.hasNothing = false;
    if (seat.pending !== undefined)
      return failed(due, `no answer for ${Math.round(at - seat.pending.since)} s`);
    try {
      const raw = seat.vital.read(ask);
      return raw instanceof Promise
        ? this.#await({ seat, ask, due, at }, raw)
        : accept({ seat, ask, due, at }, raw);
    } catch (error) {
      return failed(due, reasonOf(error));
    }
  }

  /** Waits for a vital that answers later, but no longer than patience allows; it is not asked again until it has. */
  async #await(asked: Asked, raw: Promise<readonly Reading[]>): Promise<readonly Reading[]> {
    const { clock, patience = 2000 } = this.#options;
    const { seat, due, at } = asked;
    seat.pending = { since: at };
    const settled = raw.then(
      (readings) => () => accept(asked, readings),
      (error) => (): readonly Reading[] => {
        throw error;
      },
    );
    void settled.then(() => delete seat.pending);
    const enough = new AbortController();
    const late = clock.sleep(patience, enough.signal).then(() => undefined);
    const answer = await Promise.race([settled, late]);
    enough.abort();
    if (answer === undefined) return failed(due, `no answer within ${patience / 1000} s`);
    try {
      return answer();
    } catch (error) {
      return failed(due, reasonOf(error));
    }
  }
}
