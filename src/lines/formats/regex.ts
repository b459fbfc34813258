/** A format of one's own: `regex:(?<time>\S+) (?<level>\w+) (?<message>.*)`. */

import { UserError } from '../../exit.js';
import type { LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { Value } from '../line.js';
import { parseStamp } from '../times.js';
import { logLine } from './record.js';
import { valueOfText } from './text.js';

const PREFIX = 'regex:';

const TIMES = ['time', 'timestamp', 'ts', 'date'];
const LEVELS_IN = ['level', 'severity', 'lvl'];
const MESSAGES = ['message', 'msg'];

const usage = (message: string, hint: string): UserError => new UserError(message, { kind: 'usage', hint });

const compile = (source: string): RegExp => {
  try {
    return new RegExp(source, 'su');
  } catch (error) {
    const reason = (error as Error).message.replace(/^Invalid regular expression: /, '');
    throw usage(`"${PREFIX}…" is no regular expression: ${reason}`, 'patterns here are those of JavaScript');
  }
};

const NEEDS_NAMES = 'name what is to be found, as in regex:(?<time>\\S+) (?<level>\\w+) (?<message>.*)';

/** Whether this is what `--format` calls a format of one's own. */
export const isRegexSpec = (spec: string): boolean => spec.startsWith(PREFIX);

/**
 * Lines that the pattern is found in; its named groups are fields, of which `time`, `level` and `message` are what a line says first. Throws
 * UserError for what is no pattern, or names nothing.
 */
export const openRegex = (spec: string): LineFormat => {
  const source = spec.slice(PREFIX.length);
  const pattern = compile(source);
  const names = [...source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map(([, name]) => name as string);
  if (names.length === 0) throw usage(`"${PREFIX}…" names nothing that it finds`, NEEDS_NAMES);
  const first = (known: readonly string[]): string | undefined => known.find((name) => names.includes(name));
  const [timeName, levelName, messageName] = [first(TIMES), first(LEVELS_IN), first(MESSAGES)];
  return {
    name: spec,
    title: 'a pattern of your own',
    parse: (line, context) => {
      const groups = pattern.exec(line)?.groups;
      if (groups === undefined) return undefined;
      const fields: Record<string, Value> = {};
      for (const name of names) {
        const value = name === messageName ? groups[name] : valueOfText(groups[name]);
        if (value !== undefined) fields[name] = value;
      }
      const time = timeName && groups[timeName];
      const level = levelName && groups[levelName];
      return logLine(
        fields,
        time ? parseStamp(time, context) : undefined,
        level ? levelOf(level) : undefined,
        messageName && groups[messageName],
      );
    },
  };
};
