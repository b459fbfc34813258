/** The logs of PostgreSQL, MySQL and MariaDB, and Redis. */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { Level, LogLine } from '../line.js';
import { readStamp, stampEnd } from '../times/read.js';
import { logLine } from './record.js';
import { present, valueOfText } from './text.js';

/**
 * After a prefix of `log_line_prefix`, `SEVERITY:  ` with two spaces (elog.c). What DETAIL, HINT and the like say belongs to
 * the line before, so they have no level of their own.
 */
const POSTGRES =
  /(.{0,200}?)(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|(STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION|BACKTRACE)): {2}/y;
const PID = /\[(\d+)(?:-\d+)?\]/;
const WHO = /(?:^|\s)(?:user=)?([^\s@,=]*)(?:@|,db=)([^\s@,]*)(?:,|\s|$)/;

interface Found {
  readonly time: number;
  readonly parts: RegExpExecArray;
  readonly end: number;
}

/** A time at the beginning, and what must stand after it. */
const timed =
  (starts: RegExp, after: RegExp) =>
  (line: string, context: LineContext): Found | undefined => {
    if (!starts.test(line)) return undefined;
    const time = readStamp(line, 0, context);
    if (Number.isNaN(time)) return undefined;
    after.lastIndex = stampEnd;
    const parts = after.exec(line);
    return parts === null ? undefined : { time, parts, end: stampEnd + parts[0].length };
  };

/** A zone always stands there (`%m` and `%t`), which tells it from others that call their levels the same. */
const readPostgres = timed(
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})? (?:[A-Z]{1,5}|[+-]\d\d)(?= )/,
  POSTGRES,
);

export const postgres: LineFormat = {
  name: 'postgres',
  title: "PostgreSQL's log",
  parse: (line, context) => {
    const found = readPostgres(line, context);
    if (found === undefined) return undefined;
    const [, prefix = '', severity = '', continued] = found.parts;
    const [, user, database] = WHO.exec(prefix.replace(/\[[^\]]*\]:?/g, '')) ?? [];
    const fields = present({
      severity,
      pid: valueOfText(PID.exec(prefix)?.[1]),
      user: user === '' ? undefined : user,
      database: database === '' ? undefined : database,
    });
    const level = continued === undefined ? levelOf(severity) : undefined;
    return logLine(fields, found.time, level, line.slice(found.end));
  },
  timeOf: (line, context) => readPostgres(line, context)?.time,
};

const MYSQL = / +(?:(\d+) )?\[(System|Note|Warning|ERROR|Error)\] (?:\[(MY-\d+)\] \[(\w+)\] )?/y;
const readMysqlNow = timed(/^\d{4}-\d\d-\d\d[T ][ \d]\d:\d\d:\d\d/, MYSQL);

/** `260102 15:04:05`, MySQL's before 5.7 and MariaDB's before 10.1: as a time that can be read, one character for each after the day. */
const readMysql = (line: string, context: LineContext): (Found & { readonly line: string }) | undefined => {
  const old = /^\d{6} [ \d]\d:\d\d:\d\d /.test(line)
    ? `20${line.slice(0, 2)}-${line.slice(2, 4)}-${line.slice(4)}`
    : line;
  const found = readMysqlNow(old, context);
  return found && { ...found, line: old };
};

export const mysql: LineFormat = {
  name: 'mysql',
  title: "MySQL's or MariaDB's error log",
  parse: (line, context) => {
    const found = readMysql(line, context);
    if (found === undefined) return undefined;
    const [, thread, level = '', code, subsystem] = found.parts;
    const fields = present({ level, thread: valueOfText(thread), code, subsystem });
    // What its server tells of itself, beside notes: neither says that anything is wrong.
    return logLine(
      fields,
      found.time,
      level === 'System' ? 'info' : levelOf(level),
      found.line.slice(found.end),
    );
  },
  timeOf: (line, context) => readMysql(line, context)?.time,
};

/** server.c, serverLogRaw: `.` debug, `-` verbose, which is more than debug here, `*` notice, `#` warning. */
const REDIS_LEVELS: Readonly<Record<string, Level>> = {
  '.': 'debug',
  '-': 'debug',
  '*': 'info',
  '#': 'warn',
};
const REDIS_ROLES: Readonly<Record<string, string>> = {
  X: 'sentinel',
  C: 'child',
  S: 'replica',
  M: 'master',
};

/** `123:M 02 Jan 2026 15:04:05.678 * `; before 3.0 `[123] 02 Jan 15:04:05.678 * `, without a year. */
const REDIS = /^(?:(\d+):([XCSM])|\[(\d+)\]) (\d\d [A-Z][a-z]{2}) (\d{4} )?(\d\d:\d\d:\d\d\.\d{3}) ([.*#-]) /;

const redisTime = (parts: RegExpExecArray, context: LineContext): number => {
  const [, , , , day = '', year = '', clock = ''] = parts;
  return readStamp(`${day.slice(3)} ${day.slice(0, 2)} ${year}${clock}`, 0, context);
};

const readRedis = (line: string, context: LineContext): Found | undefined => {
  const parts = REDIS.exec(line);
  const time = parts === null ? Number.NaN : redisTime(parts, context);
  return parts === null || Number.isNaN(time) ? undefined : { time, parts, end: parts[0].length };
};

/** What a signal handler writes: it may not format a date. */
const REDIS_SIGNAL = /^(\d+):signal-handler \((\d{9,10})\) /;

const parseRedisSignal = (line: string): LogLine | undefined => {
  const [all, pid, seconds] = REDIS_SIGNAL.exec(line) ?? [];
  if (all === undefined) return undefined;
  return logLine(present({ pid: valueOfText(pid) }), Number(seconds) * 1000, 'warn', line.slice(all.length));
};

export const redis: LineFormat = {
  name: 'redis',
  title: "Redis's log",
  parse: (line, context) => {
    const found = readRedis(line, context);
    if (found === undefined) return parseRedisSignal(line);
    const [, pid, role = '', oldPid, , , , sign = ''] = found.parts;
    const fields = present({ level: sign, pid: valueOfText(pid ?? oldPid), role: REDIS_ROLES[role] });
    return logLine(fields, found.time, REDIS_LEVELS[sign], line.slice(found.end));
  },
};
