/** Which lines are wanted for their time, level and fields. */

import { describe, expect, it } from 'vitest';
import type { LineFormat } from '../../src/lines/format.js';
import { FORMATS } from '../../src/lines/formats/index.js';
import { LEVELS } from '../../src/lines/line.js';
import { openSelector } from '../../src/lines/selection.js';
import { parseWhere } from '../../src/lines/where/index.js';

const context = { notAfter: 0, zone: 0 };
const formatOf = (name: string): LineFormat => FORMATS.get(name) as LineFormat;
const pino = formatOf('pino');

const line = (time: number, level: number, rest: Record<string, unknown> = {}): string =>
  JSON.stringify({ level, time, pid: 1, hostname: 'a', ...rest });

const T = 1_795_232_000_000;

describe('a selector', () => {
  it('takes times with both ends', () => {
    const { accept } = openSelector({ since: T, until: T + 10, format: pino, context });
    expect([T - 1, T, T + 5, T + 10, T + 11].map((time) => accept(line(time, 30)))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    const open = openSelector({ since: T, format: pino, context });
    expect([T - 1, T + 1e9].map((time) => open.accept(line(time, 30)))).toEqual([false, true]);
  });

  it('takes levels from the one asked for on', () => {
    const { accept } = openSelector({ level: 'warn', format: pino, context });
    expect([10, 30, 35, 40, 50, 60].map((level) => accept(line(T, level)))).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('leaves out what has no time, no level, or no such format', () => {
    const json = formatOf('json');
    for (const options of [{ since: 0 }, { level: 'trace' }] as const)
      for (const text of ['{"a":1}', 'no json', ''])
        expect(openSelector({ ...options, format: json, context }).accept(text)).toBe(false);
    const where = parseWhere('a != "x"');
    expect(openSelector({ where, format: json, context }).accept('no json')).toBe(false);
    expect(openSelector({ where, format: json, context }).accept('{"b":1}')).toBe(true);
  });

  it('asks all at once', () => {
    const where = parseWhere('took > 5ms');
    const { accept } = openSelector({ since: T, level: 'warn', where, format: pino, context });
    expect(accept(line(T, 40, { took: '6ms' }))).toBe(true);
    expect(accept(line(T - 1, 40, { took: '6ms' }))).toBe(false);
    expect(accept(line(T, 30, { took: '6ms' }))).toBe(false);
    expect(accept(line(T, 40, { took: '5ms' }))).toBe(false);
  });

  it('goes by the first line of a unit, and minds no carriage return', () => {
    const { accept } = openSelector({ level: 'error', since: T, format: pino, context });
    expect(accept(`${line(T, 50)}\n    at somewhere\n${line(T - 5, 10)}`)).toBe(true);
    expect(accept(`    at somewhere\n${line(T, 50)}`)).toBe(false);
    expect(accept(`${line(T, 50)}\r\nmore\r`)).toBe(true);
  });

  it('works for texts as for JSON', () => {
    const { accept } = openSelector({
      where: parseWhere('status >= 500 and took > 1s'),
      format: formatOf('logfmt'),
      context,
    });
    expect(accept('time=2026-11-21T10:00:00Z level=info status=503 took=1.5s')).toBe(true);
    expect(accept('time=2026-11-21T10:00:00Z level=info status=503 took=150ms')).toBe(false);
  });

  it('passes over lines of lesser levels unparsed', () => {
    const texts: Record<string, string[]> = {
      pino: [10, 20, 30, 35, 40, 50, 60, 99].map((level) => line(T, level)),
      bunyan: [10, 30, 40, 60].map((level) =>
        line(T, level, { v: 0, name: 'n', msg: 'm', time: '2026-11-21T10:00:00Z' }),
      ),
      logrus: ['trace', 'info', 'warning', 'panic'].map((level) =>
        JSON.stringify({ level, msg: 'm', time: '2026-11-21T10:00:00Z' }),
      ),
      sysmon: [30, 40, 50].map((level) =>
        JSON.stringify({ level, time: T, host: 'h', msg: 'alert', v: 1, text: 'x' }),
      ),
    };
    for (const [name, lines] of Object.entries(texts)) {
      const format = formatOf(name);
      // Other spellings, and a second level, of which another counts for JSON.parse than for pino.
      const all = [
        ...lines,
        ...lines.map((text) => text.replace('"level":', '"level" : ')),
        ...lines.map((text) => text.replace('"level"', '"l\\u0065vel"')),
        ...lines.map((text) => text.replace(/}$/, ',"level":50}')),
        ...lines.map((text) => text.replace(/}$/, ',"level":10,"err":{"level":60}}')),
      ];
      let wanted = 0;
      for (const level of LEVELS) {
        const { accept, next } = openSelector({ level, format, context });
        for (const text of all) {
          if (accept(text)) {
            wanted++;
            expect(next?.(text, 0), `${name} ${level} ${text}`).toBeGreaterThanOrEqual(0);
          }
        }
      }
      expect(wanted).toBeGreaterThan(20);
      const { next } = openSelector({ level: 'warn', format, context });
      expect(next?.(lines[0] as string, 0)).toBe(-1);
    }
    expect(openSelector({ level: 'warn', format: formatOf('winston'), context }).next).toBeUndefined();
  });
});

it('asks a record that was cut in parts for what all of them say', () => {
  const part = (tag: string, text: string): string => `2026-11-21T10:00:00.000000001Z stdout ${tag} ${text}`;
  const unit = [part('P', '{"level":50,"msg":"a lo'), part('F', 'ng one"}')].join('\n');
  const wants = (where: string): boolean =>
    openSelector({ where: parseWhere(where), format: formatOf('cri'), context }).accept(unit);
  expect(wants('msg = "a long one"')).toBe(true);
  expect(wants('msg = "a lo"')).toBe(false);
});
