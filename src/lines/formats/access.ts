/** Access logs in the Common and the Combined Log Format, as nginx, Apache and those who imitate them write them. */

import type { LineContext, LineFormat } from '../format.js';
import type { Level, LogLine, Value } from '../line.js';
import { readStamp, stampEnd } from '../times/read.js';
import { logLine } from './record.js';
import { present, unescapeText, valueOfText } from './text.js';

/** Request, status, size; then whatever more the server was told to write. */
const AFTER_TIME =
  /^\] "((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)(?= |$)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"(?= |$))?/s;
const REQUEST = /^(\S+) (.*?)(?: (HTTP\/\d(?:\.\d)?))?$/s;
const MORE = / +(?:([A-Za-z_][\w.-]*)=)?(?:"((?:[^"\\]|\\.)*)"|(\S*))/gsy;

/** Where the time begins: the first bracket with a digit after it, since addresses such as `[::1]:80` have brackets too. */
const timeStart = (line: string): number => {
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) {
    const third = line.charCodeAt(at + 3);
    if (line.charCodeAt(at - 1) === 32 && third === 47) return at + 1;
  }
  return -1;
};

interface Read {
  readonly start: number;
  readonly time: number;
  /** What the part after the time is made of. */
  readonly rest: string;
  readonly parts: RegExpExecArray;
}

const read = (line: string, context: LineContext): Read | undefined => {
  const start = timeStart(line);
  if (start < 0) return undefined;
  const time = readStamp(line, start, context);
  if (Number.isNaN(time)) return undefined;
  const rest = line.slice(stampEnd);
  const parts = AFTER_TIME.exec(rest);
  return parts === null ? undefined : { start, time, rest, parts };
};

/**
 * Virtual host, address and user before the time. Who logs in may have spaces in the name, and the second place (identd's) is
 * `-` nearly everywhere: it tells the address from the virtual host before it.
 */
const before = (text: string): Record<string, string | undefined> | undefined => {
  const words = text.split(' ');
  const hasHost = words.length > 3 && words[2] === '-' && words[1] !== '-';
  const [vhost, addr, ident] = hasHost ? words : [undefined, ...words];
  const user = words.slice(hasHost ? 3 : 2).join(' ');
  if (addr === undefined || addr === '' || ident === undefined || user === '') return undefined;
  // More words without the dash are the beginning of another log that quotes this one.
  if (ident !== '-' && (ident === '' || user.includes(' '))) return undefined;
  return { vhost, remote_addr: addr, ident, remote_user: user === '""' ? undefined : user };
};

const isSaid = (text: string | undefined): text is string =>
  text !== undefined && text !== '-' && text !== '';

const orAbsent = (text: string | undefined): string | undefined =>
  isSaid(text) ? unescapeText(text) : undefined;

/** nginx's `$request_time` and `$upstream_response_time`, and nothing else that servers put there, have three decimals. */
const SECONDS = /^\d+\.\d{3}$/;

/** One or more addresses, as in `X-Forwarded-For`, which nginx's packages have as the last field. */
const ADDRESSES = /^[\da-fA-F:.]{3,45}(?:, ?[\da-fA-F:.]{3,45})*$/;

/** What a field without a name can be told to be. */
const nameOf = (quoted: string | undefined, bare: string | undefined): string | undefined => {
  if (quoted !== undefined) return ADDRESSES.test(quoted) ? 'http_x_forwarded_for' : undefined;
  return SECONDS.test(bare ?? '') ? 'request_time' : undefined;
};

/**
 * Fields after the known ones: by their names where they have them (`rt=0.003`), or where they can be told; others are in `extra`,
 * as only the server's configuration knows what they are.
 */
const more = (text: string): Record<string, Value> => {
  const named: Record<string, Value> = {};
  const extra: Value[] = [];
  for (const [, name, quoted, bare] of text.matchAll(MORE)) {
    const value = quoted === undefined ? valueOfText(bare) : orAbsent(quoted);
    const own = name ?? nameOf(quoted, bare);
    if (own === undefined || (name === undefined && named[own] !== undefined)) extra.push(value ?? null);
    else if (value !== undefined) named[own] = value;
  }
  // Absent ones keep the places of the others, but a list of nothing tells nothing.
  return extra.some((value) => value !== null) ? { ...named, extra } : named;
};

const levelOfStatus = (status: number): Level => {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
};

const parse = (line: string, context: LineContext): LogLine | undefined => {
  const found = read(line, context);
  if (found === undefined) return undefined;
  const who = before(line.slice(0, found.start - 2));
  if (who === undefined) return undefined;
  const [all, request = '', status = '', bytes, referer, agent] = found.parts;
  const asked = orAbsent(request);
  const [, method, path, protocol] = REQUEST.exec(asked ?? '') ?? [];
  const code = valueOfText(status);
  const fields = present({
    vhost: orAbsent(who['vhost']),
    remote_addr: orAbsent(who['remote_addr']),
    ident: orAbsent(who['ident']),
    remote_user: orAbsent(who['remote_user']),
    // What is no request is shown as it came: it begins with no word that could be a method.
    ...(protocol === undefined || !/^[A-Za-z_-]+$/.test(method ?? '')
      ? { request: asked }
      : { method, path, protocol }),
    status: code,
    bytes: valueOfText(bytes),
    referer: orAbsent(referer),
    user_agent: orAbsent(agent),
    ...more(found.rest.slice(all.length)),
  });
  return logLine(fields, found.time, typeof code === 'number' ? levelOfStatus(code) : undefined, asked);
};

export const access: LineFormat = {
  name: 'access',
  title: 'access log of nginx or Apache, Common or Combined Log Format',
  parse,
  timeOf: (line, context) => {
    const found = read(line, context);
    return found && before(line.slice(0, found.start - 2)) && found.time;
  },
};
