/** Takes samples: asks every vital, waits for none of them too long, keeps what the next sample's rates need. */

import type { Clock } from './clock.js';
import { type DueGroup, dueGroup, finish } from './finish.js';
import type { Group } from './group.js';
import { madeOf } from './made.js';
import type { Reading, Sample } from './sample.js';
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
  readonly groups: readonly DueGroup[];
  /** Those that have fields for every tick. */
  readonly tickGroups: readonly DueGroup[];
  before?: { readonly readings: readonly Reading[]; readonly at: number };
  pending?: { readonly since: number };
}

const hasTick = (group: Group): boolean => Object.values(group.fields).some(({ due }) => due === 'tick');

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

const failed = (due: readonly DueGroup[], reason: string): readonly Reading[] =>
  due.map(({ group }) => ({ group, failed: reason }));

/** A vital that was asked, with what of it is due, at a moment of the monotonic clock. */
interface Asked {
  readonly seat: Seat;
  readonly ask: Ask;
  readonly due: readonly DueGroup[];
  readonly at: number;
}

/** What is recorded of raw readings, which the next ones are compared with. Throws what deriving throws. */
const accept = ({ seat, ask, due, at }: Asked, raw: readonly Reading[]): readonly Reading[] => {
  const { before, vital } = seat;
  // The machine has nothing of it, or nobody asks: so at most ticks of most who watch something in particular.
  if (raw.length === 0) {
    seat.before = { readings: raw, at };
    return raw;
  }
  const seconds = before === undefined ? 0 : at - before.at;
  const derived = vital.derive === undefined ? raw : vital.derive(raw, before?.readings, seconds, ask);
  seat.before = { readings: raw, at };
  return madeOf(derived, (one) => finish(one, due));
};

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #seats: readonly Seat[];
  /** Those that are asked at every tick. */
  readonly #tickSeats: readonly Seat[];
  /** Whether nothing is known of readings before: then all are asked, whatever is due, for the next rates of each. */
  #isNew = true;

  constructor(options: SamplerOptions) {
    this.#options = options;
    const wants = options.groups ?? (() => true);
    this.#seats = options.vitals
      .map((vital) => {
        const groups = vital.groups.filter((group) => wants(group.name));
        return {
          vital,
          groups: groups.map((group) => dueGroup(group, 'detail')),
          tickGroups: groups.filter(hasTick).map((group) => dueGroup(group, 'tick')),
        };
      })
      .filter((seat) => seat.groups.length > 0);
    this.#tickSeats = this.#seats.filter(({ tickGroups }) => tickGroups.length > 0);
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
    const { host, boot } = this.#options;
    const sample: Open<Sample> = { time, host, boot, readings };
    if (interval !== undefined) sample.interval = interval;
    if (detail) sample.detail = detail;
    return sample;
  }

  close(): void {
    for (const { vital } of this.#seats) vital.close?.();
  }

  #ask(seat: Seat, ask: Ask): readonly Reading[] | Promise<readonly Reading[]> {
    const due = ask.detail ? seat.groups : seat.tickGroups;
    const at = this.#options.clock.monotonic();
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
