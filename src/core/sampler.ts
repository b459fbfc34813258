/** Takes samples: asks every vital, waits for none of them too long, keeps what the next sample's rates need. */

import type { Clock } from './clock.js';
import type { Due, Group } from './group.js';
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
}

/** A vital and what is known of it from the reading before. */
interface Seat {
  readonly vital: Vital;
  readonly groups: readonly Group[];
  /** Those that have fields for every tick. */
  readonly tickGroups: readonly Group[];
  before?: { readonly readings: readonly Reading[]; readonly at: number };
  pending?: { readonly since: number };
}

const POWERS = Array.from({ length: 16 }, (_, digits) => 10 ** digits);

/** Half away from zero at `digits` decimals; never -0, so that text and number stay one thing. */
export const round = (value: number, digits: number): number => {
  const power = POWERS[digits] as number;
  const rounded = (Math.sign(value) * Math.round(Math.abs(value) * power)) / power;
  return (Number.isFinite(rounded) ? rounded : value) + 0;
};

const hasTick = (group: Group): boolean => Object.values(group.fields).some(({ due }) => due === 'tick');

/** Decimals of the fields that are due, by name; looked up for every value of every sample. */
type Digits = ReadonlyMap<string, number>;

const digitsOf = (group: Group, due: Due): Digits =>
  new Map(
    Object.entries(group.fields).flatMap(([name, field]) =>
      due === 'detail' || field.due === 'tick' ? [[name, field.digits ?? 0]] : [],
    ),
  );

const known = new WeakMap<Group, Readonly<Record<Due, Digits>>>();

const dueDigits = (group: Group, detail: boolean): Digits => {
  let digits = known.get(group);
  if (digits === undefined) {
    digits = { tick: digitsOf(group, 'tick'), detail: digitsOf(group, 'detail') };
    known.set(group, digits);
  }
  return detail ? digits.detail : digits.tick;
};

/** The row as it is recorded: only fields that are due and described, each rounded once and for all. */
const finishRow = (group: Group, digits: Digits, raw: Row): Row => {
  const numbers: Record<string, number> = {};
  const open = digits.get('*');
  for (const name in raw.numbers) {
    const places = digits.get(name) ?? (Object.hasOwn(group.fields, name) ? undefined : open);
    if (places !== undefined) numbers[name] = round(raw.numbers[name] as number, places);
  }
  return { id: raw.id, texts: raw.texts, numbers };
};

const isEmpty = (one: Row): boolean => {
  for (const _ in one.numbers) return false;
  return true;
};

/** The reading as it is recorded; undefined where it has rows, but nothing in them is due. */
const finish = (reading: Reading, detail: boolean): Reading | undefined => {
  if (!('rows' in reading)) return reading;
  const { group, rows } = reading;
  const digits = dueDigits(group, detail);
  // A row of texts alone is there for them; one whose numbers are not due now is not.
  const finished = rows.flatMap((raw) => {
    const one = finishRow(group, digits, raw);
    return isEmpty(one) && !isEmpty(raw) ? [] : [one];
  });
  return finished.length === 0 && rows.length > 0 ? undefined : { group, rows: finished };
};

const reasonOf = (error: unknown): string => {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const known: Record<string, string> = { EACCES: 'permission denied', EPERM: 'permission denied' };
  return known[code ?? ''] ?? (message ? message.replace(/\s+/g, ' ') : String(error));
};

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #seats: readonly Seat[];

  constructor(options: SamplerOptions) {
    this.#options = options;
    const wants = options.groups ?? (() => true);
    this.#seats = options.vitals
      .map((vital) => {
        const groups = vital.groups.filter((group) => wants(group.name));
        return { vital, groups, tickGroups: groups.filter(hasTick) };
      })
      .filter((seat) => seat.groups.length > 0);
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
  }

  /** One sample. Never throws for a vital: what fails, or is late, stands in the sample as a reason. */
  async take(tick: Tick): Promise<Sample> {
    const ask: Ask = { ...this.#options.wanted, detail: tick.detail, time: this.#options.clock.now() };
    // Synchronous vitals first and in one go, so that a sample is as close to one moment as it can be.
    const answers = this.#seats.map((seat) => this.#ask(seat, ask));
    const readings = new Map<string, Reading>();
    for (const answer of answers) {
      for (const reading of answer instanceof Promise ? await answer : answer)
        readings.set(reading.group.name, reading);
    }
    const { host, boot } = this.#options;
    const { time, interval, detail } = tick;
    return {
      time,
      host,
      boot,
      ...(interval === undefined ? {} : { interval }),
      ...(detail ? { detail } : {}),
      readings,
    };
  }

  close(): void {
    for (const { vital } of this.#seats) vital.close?.();
  }

  #ask(seat: Seat, ask: Ask): readonly Reading[] | Promise<readonly Reading[]> {
    const { monotonic } = this.#options.clock;
    const due = ask.detail ? seat.groups : seat.tickGroups;
    if (due.length === 0 && seat.before !== undefined) return [];
    const failed = (reason: string): Reading[] => due.map((group) => ({ group, failed: reason }));
    if (seat.pending !== undefined)
      return failed(`no answer for ${Math.round(monotonic() - seat.pending.since)} s`);

    const at = monotonic();
    const accept = (raw: readonly Reading[]): readonly Reading[] => {
      const { before } = seat;
      const derived = seat.vital.derive?.(raw, before?.readings, before ? at - before.at : 0, ask) ?? raw;
      seat.before = { readings: raw, at };
      return derived
        .filter(({ group }) => due.includes(group))
        .flatMap((one) => finish(one, ask.detail) ?? []);
    };
    const give = (raw: () => readonly Reading[]): readonly Reading[] => {
      try {
        return accept(raw());
      } catch (error) {
        return failed(reasonOf(error));
      }
    };
    let raw: ReturnType<Vital['read']>;
    try {
      raw = seat.vital.read(ask);
    } catch (error) {
      return failed(reasonOf(error));
    }
    if (!(raw instanceof Promise)) return give(() => raw as readonly Reading[]);
    return this.#await(seat, raw, at, give, failed);
  }

  /** Waits for a vital that answers later, but no longer than patience allows; it is not asked again until it has. */
  async #await(
    seat: Seat,
    raw: Promise<readonly Reading[]>,
    since: number,
    give: (raw: () => readonly Reading[]) => readonly Reading[],
    failed: (reason: string) => readonly Reading[],
  ): Promise<readonly Reading[]> {
    const { clock, patience = 2000 } = this.#options;
    seat.pending = { since };
    const settled = raw.then(
      (readings) => () => readings,
      (error) => (): readonly Reading[] => {
        throw error;
      },
    );
    void settled.then(() => delete seat.pending);
    const enough = new AbortController();
    const late = clock.sleep(patience, enough.signal).then(() => undefined);
    const answer = await Promise.race([settled, late]);
    enough.abort();
    return answer === undefined ? failed(`no answer within ${patience / 1000} s`) : give(answer);
  }
}
