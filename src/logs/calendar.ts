/** When a log is rotated by the calendar. Pure; periods are numbered, so that no day's length matters. */

export type Rotate = 'hourly' | 'daily' | 'weekly' | 'never';

/** Local time minus UTC at a moment, ms. */
export type Offset = (time: number) => number;

/** The time zone of this process. */
export const localOffset: Offset = (time) => 0 - new Date(time).getTimezoneOffset() * 60_000;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * The number of the local hour, day, or week (from Monday) that a moment lies in. Hours are counted in real time, with
 * only the part of the offset below an hour, so that the hour which a DST change repeats or skips is an hour like others.
 */
export const periodOf = (time: number, rotate: Rotate, offset: Offset): number => {
  const shift = offset(time);
  switch (rotate) {
    case 'hourly':
      return Math.floor((time + (((shift % HOUR) + HOUR) % HOUR)) / HOUR);
    case 'daily':
      return Math.floor((time + shift) / DAY);
    case 'weekly':
      // 1970-01-01 was a Thursday.
      return Math.floor((time + shift + 3 * DAY) / (7 * DAY));
    case 'never':
      return 0;
  }
};

/**
 * What to do with a file that was begun in period `begun` when it is `now`. A clock set back into the period before must
 * not rotate a second time when that period ends again; one set back further was wrong before, and the file now belongs
 * to the present (`adopt`), or it would not be rotated until that wrong time comes.
 */
export const turn = (begun: number, now: number): 'stay' | 'rotate' | 'adopt' =>
  now > begun ? 'rotate' : now < begun - 1 ? 'adopt' : 'stay';
