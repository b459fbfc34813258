import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interruptions, nextTick } from '../../src/core/schedule.js';

describe('nextTick', () => {
  it('is the next multiple of the interval, never the present one', () => {
    expect(nextTick(10_000, 5000)).toBe(15_000);
    expect(nextTick(10_001, 5000)).toBe(15_000);
    expect(nextTick(14_999, 5000)).toBe(15_000);
  });

  it('stays on the grid and moves on, for every interval from 1 ms to a day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 86_400_000 }),
        (now, interval) => {
          const due = nextTick(now, interval);
          expect(due).toBeGreaterThan(now);
          expect(due - now).toBeLessThanOrEqual(interval);
          expect(due % interval).toBe(0);
        },
      ),
    );
  });
});

describe('interruptions', () => {
  const at = (wall: number, monotonic: number, uptime: number | undefined = monotonic) => ({
    wall: wall * 1000,
    monotonic,
    uptime,
  });

  it('finds none on an ordinary day, jitter included', () => {
    expect(interruptions(at(100, 10), at(105.02, 15.02), 5)).toEqual([]);
    expect(interruptions(at(100, 10), at(104.6, 14.6), 5)).toEqual([]);
  });

  it('tells a clock set back by an hour from a clock set forward', () => {
    expect(interruptions(at(10_000, 10), at(6405, 15), 5)).toEqual([
      { reason: 'clock', seconds: -3600, missed: 0, breaksRates: true },
    ]);
    expect(interruptions(at(10_000, 10), at(13_605, 15), 5)[0]).toMatchObject({
      reason: 'clock',
      seconds: 3600,
    });
  });

  it('tells sleep from a set clock: the clock is right after it', () => {
    expect(interruptions(at(100, 10, 10), at(705, 15, 615), 5)).toEqual([
      { reason: 'suspend', seconds: 600, missed: 120, breaksRates: true },
    ]);
  });

  it('counts ticks that were missed, and breaks rates only after three intervals', () => {
    expect(interruptions(at(100, 10), at(110, 20), 5)).toEqual([
      { reason: 'late', seconds: 10, missed: 1, breaksRates: false },
    ]);
    expect(interruptions(at(100, 10), at(130, 40), 5)).toEqual([
      { reason: 'late', seconds: 30, missed: 5, breaksRates: true },
    ]);
  });

  it('counts each of the ticks that a machine too slow for its interval leaves out', () => {
    // Each sample takes 1.4 intervals: of seven ticks five are taken.
    let missed = 0;
    let before = at(100, 10);
    for (let sample = 1; sample <= 70; sample++) {
      const time = Math.ceil((sample * 1.4) / 0.5 - 1e-6) * 0.5;
      const now = at(100 + time, 10 + time);
      missed += interruptions(before, now, 0.5).reduce((sum, one) => sum + one.missed, 0);
      before = now;
    }
    expect(missed).toBe(196 - 70);
    expect(interruptions(at(100, 10), at(100.9, 10.9), 0.5)).toEqual([]);
    expect(interruptions(at(100, 10), at(100.9, 10.002), 0.001)[0]?.missed).toBe(2);
  });

  it('does without an uptime', () => {
    expect(interruptions(at(100, 10, undefined), at(105, 15, undefined), 5)).toEqual([]);
  });
});
