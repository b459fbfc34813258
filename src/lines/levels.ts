/** What other systems call the six levels, in words and in numbers. */

import { LEVELS, type Level } from './line.js';

/**
 * java.util.logging, log4j, syslog(3), npm's and winston's, Python's, Go's (zap, klog, zerolog), .NET's (`info`, `fail`, `crit`),
 * Apache's (`trace1` … `trace8`), PostgreSQL's (`debug1` … `debug5`) and MySQL's.
 */
const WORDS: Readonly<Record<Level, string>> = {
  trace: 'trace trc t finest finer verbose vrb silly trace1 trace2 trace3 trace4 trace5 trace6 trace7 trace8',
  debug: 'debug dbug dbg d fine config debug1 debug2 debug3 debug4 debug5',
  info: 'info inf i information informational notice note log',
  warn: 'warn warning wrn w',
  error: 'error err erro eror e severe fail',
  fatal: 'fatal ftl f critical crit c alert emerg emergency panic dpanic',
};

const LEVEL_OF_WORD: ReadonlyMap<string, Level> = new Map(
  LEVELS.flatMap((level) => WORDS[level].split(' ').map((word) => [word, level] as const)),
);

/** syslog's severities, RFC 5424 6.2.1: emergency, alert, critical, error, warning, notice, informational, debug. */
const SYSLOG: readonly Level[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

/** Python's CRITICAL is 50, where pino's error is. */
const PYTHON: readonly Level[] = ['debug', 'info', 'warn', 'error', 'fatal'];

/** How a format counts: pino and bunyan 10–60, syslog 0–7 with 0 the worst, Python 10–50. */
export type LevelScale = 'pino' | 'syslog' | 'python';

/** The level of a number; of one between two of pino's or Python's, the lesser. Undefined off the scale. */
export const levelOfNumber = (number: number, scale: LevelScale): Level | undefined => {
  if (scale === 'syslog') return SYSLOG[number];
  return (scale === 'pino' ? LEVELS : PYTHON)[Math.floor(number / 10) - 1];
};

/** `warn`, `WARNING`, `[warn]`, `W`, and the `<4>` that systemd and the kernel put before a line; undefined for other words. */
export const levelOf = (word: string): Level | undefined => {
  const known = LEVEL_OF_WORD.get(word) ?? LEVEL_OF_WORD.get(word.toLowerCase());
  if (known !== undefined) return known;
  const [, bare, priority] = /^(?:[[(]\s*([a-z]+[1-8]?)\s*[\])]|<(\d{1,3})>)$/i.exec(word) ?? [];
  if (bare !== undefined) return LEVEL_OF_WORD.get(bare.toLowerCase());
  // A priority is 8 × facility + severity, and there are 24 facilities.
  return priority !== undefined && Number(priority) < 192 ? SYSLOG[Number(priority) % 8] : undefined;
};

const RANK: Readonly<Record<Level, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5 };

/** Whether a level is as serious as another, or more. */
export const atLeast = (level: Level, least: Level): boolean => RANK[level] >= RANK[least];
