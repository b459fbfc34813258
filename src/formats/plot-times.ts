/** The axis of times: round moments of the local zone. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Distances within a day, ms; each divides it. */
const WITHIN_DAY = [1, 2, 5, 10, 15, 30]
  .map((count) => count * SECOND)
  .concat([1, 2, 5, 10, 15, 30].map((count) => count * MINUTE))
  .concat([1, 2, 3, 6, 12].map((count) => count * HOUR));

const DAYS = [1, 2, 7, 14];
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000];

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface TimeTick {
  /** ms since 1970 */
  readonly time: number;
  readonly label: string;
}

const two = (value: number): string => String(value).padStart(2, '0');

const dayLabel = (date: Date): string => `${NAMES[date.getMonth()]} ${date.getDate()}`;

const clockLabel = (date: Date, seconds: boolean): string =>
  `${two(date.getHours())}:${two(date.getMinutes())}${seconds ? `:${two(date.getSeconds())}` : ''}`;

/** More would fill no screen; a walk that would go on for ever ends here. */
const MOST = 1000;

/** Moments `make(0)`, `make(1)` … that lie from `from` to `to`. */
const within = (from: number, to: number, make: (index: number) => Date): readonly Date[] => {
  const found: Date[] = [];
  for (let index = 0; found.length < MOST; index++) {
    const date = make(index);
    // Beyond what a date can be.
    if (!(date.getTime() <= to)) break;
    // Two clock times that are one moment, as the clocks skip an hour.
    if (date.getTime() >= from && date.getTime() !== found.at(-1)?.getTime()) found.push(date);
  }
  return found;
};

type Rung = (from: number, to: number) => readonly TimeTick[];

/** Clock times, by the local clock: 06:00 stays 06:00 on a day of 25 hours. A midnight is told as its day. */
const clockRung =
  (step: number): Rung =>
  (from, to) => {
    const start = new Date(from);
    const [year, month, day] = [start.getFullYear(), start.getMonth(), start.getDate()];
    const skip = Math.max(
      0,
      Math.floor((from - new Date(year, month, day).getTime()) / step) - Math.ceil(HOUR / step) - 1,
    );
    const dates = within(from, to, (index) => new Date(year, month, day, 0, 0, 0, (skip + index) * step));
    return dates.map((date) => {
      const isMidnight = date.getHours() + date.getMinutes() + date.getSeconds() === 0;
      return { time: date.getTime(), label: isMidnight ? dayLabel(date) : clockLabel(date, step < MINUTE) };
    });
  };

/** Days, counted from the Monday of 1970's first whole week, so that the same ones are named whatever is asked for. */
const dayRung =
  (step: number): Rung =>
  (from, to) => {
    const start = new Date(from);
    const days =
      Math.round(Date.UTC(start.getFullYear(), start.getMonth(), start.getDate()) / (24 * HOUR)) - 4;
    const back = ((days % step) + step) % step;
    const dates = within(
      from,
      to,
      (index) => new Date(start.getFullYear(), start.getMonth(), start.getDate() - back + index * step),
    );
    return dates.map((date) => ({ time: date.getTime(), label: dayLabel(date) }));
  };

const monthRung =
  (step: number): Rung =>
  (from, to) => {
    const start = new Date(from);
    const months = Math.floor((start.getFullYear() * 12 + start.getMonth()) / step) * step;
    const dates = within(from, to, (index) => {
      const date = new Date(2000, 0, 1);
      date.setFullYear(0, months + index * step, 1);
      return date;
    });
    return dates.map((date) => ({
      time: date.getTime(),
      label:
        date.getMonth() === 0 || step >= 12 ? String(date.getFullYear()) : (NAMES[date.getMonth()] as string),
    }));
  };

const RUNGS: readonly { readonly least: number; readonly ticks: Rung }[] = [
  ...WITHIN_DAY.map((step) => ({ least: step, ticks: clockRung(step) })),
  ...DAYS.map((step) => ({ least: step * 23 * HOUR, ticks: dayRung(step) })),
  ...MONTHS.map((step) => ({ least: step * 28 * 24 * HOUR, ticks: monthRung(step) })),
];

/** Cells between two labels, at least. */
const GAP = 2;

/** The finest round moments whose labels fit side by side into so many cells; of a moment alone, none. */
export const timeTicks = (from: number, to: number, cells: number): readonly TimeTick[] => {
  const span = to - from;
  if (!(span > 0)) return [];
  for (const { least, ticks } of RUNGS) {
    // No label is shorter than three letters of a month.
    if (span / least > cells / (3 + GAP)) continue;
    const found = ticks(from, to);
    const fits = found.every(({ time, label }, index) => {
      const before = found[index - 1];
      if (before === undefined) return true;
      return ((time - before.time) / span) * cells >= (label.length + before.label.length) / 2 + GAP;
    });
    if (fits) return found;
  }
  return [];
};

/** `2026-11-21 14:00:05`; without the seconds where they are none, unless `always`. */
export const formatMoment = (time: number, always = false): string => {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  const year = String(date.getFullYear()).padStart(4, '0');
  const day = `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const ms = date.getMilliseconds();
  const clock = clockLabel(date, always || date.getSeconds() !== 0 || ms !== 0);
  return `${day} ${clock}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}`;
};

/** `Nov 21 14:00`, without the year; only `14:00` where it is on the day of the moment before. */
export const shortMoment = (time: number, seconds: boolean, before?: number): string => {
  const date = new Date(time);
  const clock = clockLabel(date, seconds);
  const isSameDay = before !== undefined && new Date(before).toDateString() === date.toDateString();
  return isSameDay ? clock : `${dayLabel(date)} ${clock}`;
};

/** A range as people say it: the day once where it is the same. */
export const formatSpan = (from: number, to: number): string => {
  const [start, end] = [formatMoment(from), formatMoment(to)];
  const [day, clock] = end.split(' ') as [string, string];
  return `${start} to ${start.startsWith(`${day} `) ? clock : end}`;
};
