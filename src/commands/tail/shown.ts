/** What is shown of a line's fields, to people and as JSON. */

import type { ShownLine } from '../../formats/log-line.js';
import { formatSample } from '../../formats/sample-line.js';
import type { Fields, LogLine, Value } from '../../lines/line.js';
import { valueIn } from '../../lines/where/index.js';
import { decodeRecord, kindOf } from '../../logs/codec.js';
import type { LogRecord } from '../../logs/record.js';
import { GROUPS } from '../../vitals/index.js';
import type { Unit } from './units.js';

export interface FieldChoice {
  /** Only these, in this order. */
  readonly only?: readonly string[];
  readonly hide: ReadonlySet<string>;
}

type Entries = readonly (readonly [name: string, value: Value])[];

/** Names under which lines say what is shown in front of the fields. */
const TIMES = new Set(
  'time timestamp ts t @timestamp date datetime asctime created eventtime syslog_timestamp'.split(' '),
);
const LEVELS = new Set('level severity lvl loglevel log.level levelname priority level_name'.split(' '));
const MESSAGES = new Set('msg message event log text short_message body'.split(' '));

/** Who says it: a program and its number as syslog has them. */
const who = (fields: Fields): { readonly text: string; readonly used: readonly string[] } | undefined => {
  for (const [name, number] of [
    ['app_name', 'proc_id'],
    ['SYSLOG_IDENTIFIER', '_PID'],
    ['_COMM', '_PID'],
  ] as const) {
    const program = fields[name];
    if (typeof program !== 'string') continue;
    const pid = fields[number];
    return { text: pid === undefined ? program : `${program}[${pid}]`, used: [name, number] };
  }
  const { remote_addr: client, status } = fields;
  return typeof client === 'string' && status !== undefined
    ? { text: client, used: ['remote_addr', 'method', 'path', 'protocol', 'request'] }
    : undefined;
};

/** The journal's fields are forty for each line; of interest to who reads along is the unit. */
const JOURNAL = '__REALTIME_TIMESTAMP';
const UNIT = '_SYSTEMD_UNIT';

const isFields = (value: Value): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nested fields by their paths, as far down as they go. */
const flatten = (entries: Entries): Entries =>
  entries.flatMap(
    ([name, value]): Entries =>
      isFields(value) && Object.keys(value).length > 0
        ? flatten(Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one] as const))
        : [[name, value]],
  );

/** Fields that say nothing beside what is shown in front of them. */
const isSaid = (name: string, value: Value, line: LogLine): boolean => {
  const lower = name.toLowerCase();
  if (line.time !== undefined && TIMES.has(lower)) return true;
  if (line.level !== undefined && LEVELS.has(lower)) return true;
  if (line.message === undefined || typeof value !== 'string') return false;
  // A container's line is read too where it is JSON or logfmt: its fields stand beside it.
  if (name === 'log' && typeof line.fields['stream'] === 'string') return true;
  return MESSAGES.has(lower) && line.message.startsWith(value.trimEnd());
};

const chosen = (line: LogLine, { only, hide }: FieldChoice): Entries | undefined =>
  only?.flatMap((name): Entries => {
    const value = hide.has(name) ? undefined : valueIn(line, name);
    return value === undefined ? [] : [[name, value]];
  });

const isHidden = (name: string, { hide }: FieldChoice): boolean =>
  hide.has(name) || [...hide].some((one) => name.startsWith(`${one}.`));

/** What a record of sysmon's own log says in words. */
const sentence = (record: LogRecord): string => {
  switch (record.kind) {
    case 'sample':
      return formatSample(record.sample);
    case 'alert':
      return `${record.state === 'ok' ? 'ended' : record.state}: ${record.text}`;
    case 'gap':
      return `gap: ${record.reason}, ${Math.abs(record.seconds)} s, ${record.missed} samples missed`;
    case 'lost':
      return `lost ${record.count} lines: ${record.reason}`;
    case 'start':
      return `start: sysmon ${record.version}, pid ${record.pid}`;
    case 'stop':
      return `stop: ${record.reason}`;
    case 'schema':
      return `schema: ${record.groups.length} groups`;
  }
};

/** A record of sysmon's own log, whose fields are many and stand in the sentence. */
const shownRecord = (text: string, line: LogLine, choice: FieldChoice): ShownLine | undefined => {
  if (!text.startsWith('{"level":') || kindOf(text) === undefined) return undefined;
  const record = decodeRecord(text, GROUPS);
  if (record === undefined) return undefined;
  return { ...line, message: sentence(record), fields: chosen(line, choice) ?? [] };
};

/** Stack traces in fields, such as pino's `err.stack`, are shown below the line, without what they say of their own. */
const takeTraces = (fields: Entries): { readonly fields: Entries; readonly more: readonly string[] } => {
  const traces = fields.flatMap(([name, value]) =>
    /stack(?:_?trace)?$/i.test(name) && typeof value === 'string' && value.includes('\n')
      ? [[name, value] as const]
      : [],
  );
  if (traces.length === 0) return { fields, more: [] };
  const isTold = (name: string, value: Value): boolean =>
    traces.some(
      ([trace, text]) =>
        name === trace ||
        (typeof value === 'string' &&
          text.includes(value) &&
          name.slice(0, name.lastIndexOf('.')) === trace.slice(0, trace.lastIndexOf('.'))),
    );
  return {
    fields: fields.filter(([name, value]) => !isTold(name, value)),
    more: traces.flatMap(([, text]) => text.trimEnd().split('\n')),
  };
};

/** For people. A line whose format is not known is its own message. */
export const shownLine = ({ text, line }: Unit, choice: FieldChoice): ShownLine => {
  const found = line();
  if (found === undefined) return { message: text, fields: [] };
  const record = shownRecord(text, found, choice);
  if (record !== undefined) return record;
  const { fields } = found;
  const by = who(fields);
  const used = new Set(by?.used);
  const isJournal = JOURNAL in fields;
  const rest = (): Entries =>
    flatten(Object.entries(fields))
      .filter(([name, value]) => !used.has(name) && !isHidden(name, choice) && !isSaid(name, value, found))
      .filter(([name]) => !isJournal || name === UNIT || !/^_|^[A-Z]/.test(name))
      .map(([name, value]) => [isJournal && name === UNIT ? 'unit' : name, value] as const);
  // Without a message the fields are all there is, or else the line itself.
  const { fields: shown, more } = takeTraces(chosen(found, choice) ?? rest());
  const message = found.message ?? (shown.length === 0 && choice.only === undefined ? text : undefined);
  return { ...found, message, who: by?.text, fields: shown, more };
};

/** All that a line says, for programs. */
export const jsonLine = ({ text, line }: Unit, choice: FieldChoice): ShownLine => {
  const found = line();
  if (found === undefined) return { message: text, fields: [] };
  const fields =
    chosen(found, choice) ?? Object.entries(found.fields).filter(([name]) => !choice.hide.has(name));
  return { ...found, message: found.message ?? text, fields };
};
