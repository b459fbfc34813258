/** What is said of a target that comes and goes. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTeller } from '../../src/scrape/flaps.js';

/** One outcome after the other, at such a distance, s: a letter is a failure, a dot is none. What was said, and when. */
const run = (outcomes: string, seconds: number): readonly string[] => {
  let time = 1000;
  const said: string[] = [];
  const tell = createTeller({
    who: 'app',
    clock: () => time,
    say: (text) => said.push(`${time - 1000}: ${text}`),
  });
  for (const outcome of outcomes) {
    tell(outcome === '.' ? undefined : `reason ${outcome}`);
    time += seconds;
  }
  return said;
};

describe('a target', () => {
  test('that fails and recovers has a line for each, at once', () => {
    expect(run('..aabb..', 15)).toEqual(['30: app cannot be scraped: reason a', '90: app answers again']);
    expect(run('a.', 5)).toEqual(['0: app cannot be scraped: reason a', '5: app answers again']);
    expect(run('...', 5)).toEqual([]);
    // Rare failures are news each.
    expect(run('a..a..', 40)).toEqual([
      '0: app cannot be scraped: reason a',
      '40: app answers again',
      '120: app cannot be scraped: reason a',
      '160: app answers again',
    ]);
  });

  test('that flaps has a line a minute, with how often', () => {
    // The end of that one waits, as more may follow.
    expect(run('a.a.b.a.c.a.b.......', 5)).toEqual([
      '0: app cannot be scraped: reason a',
      '5: app answers again',
      '60: app cannot be scraped: reason b (6 times in 1m)',
    ]);
    expect(run(`${'a.'.repeat(7)}${'.'.repeat(20)}`, 5).at(-1)).toBe('120: app answers again');
  });

  test('that flapped and is well since is not forgotten', () => {
    expect(run('a.b.c...........', 5)).toEqual([
      '0: app cannot be scraped: reason a',
      '5: app answers again',
      '60: app answers again, after it could not be scraped 2 times in 1m: reason c',
    ]);
    expect(run('a.b.............', 5).at(-1)).toBe(
      '60: app answers again, after it could not be scraped once in 1m: reason b',
    );
  });

  test('has no more than two lines in the first minute and one in each after it, and ends in the truth', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 150 }), (outcomes) => {
        const settled = outcomes.at(-1) ?? '.';
        const said = run(`${outcomes.join('')}${settled.repeat(30)}`, 5);
        const times = said.map((text) => Number.parseInt(text, 10));
        times.forEach((time, index) => {
          const before = times.filter((other) => other <= time && other > time - 60).length;
          expect(before).toBeLessThanOrEqual(2);
          if (index >= 2) expect(time - (times[index - 2] as number)).toBeGreaterThanOrEqual(60);
        });
        const last = said.at(-1) ?? 'answers';
        expect(last.includes('answers')).toBe(settled === '.');
      }),
    );
  });
});
