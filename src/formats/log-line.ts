/** A line of a log as people read it: time, level in a word, who, message, then fields. */

import { clean } from '../core/clean.js';
import { toJson } from '../core/json-text.js';
import { widthOf } from '../core/width.js';
import type { Paint, Palette } from './palette.js';

/** What is shown of a line. Texts are as they came: they are made safe here. */
export interface ShownLine {
  /** ms since 1970. */
  readonly time?: number | undefined;
  readonly level?: string | undefined;
  /** The program, the client: `sshd[812]`, `203.0.113.9`. */
  readonly who?: string | undefined;
  readonly message?: string | undefined;
  readonly fields: readonly (readonly [name: string, value: unknown])[];
  /** Lines that continue it, as a stack trace. */
  readonly more?: readonly string[];
}

/** A file's name in front of its lines. */
export interface LineName {
  readonly text: string;
  /** Cells that the longest of the names takes. */
  readonly width: number;
  /** Which of the palette's hues it has. */
  readonly hue: number;
}

export interface LineLook {
  readonly palette: Palette;
  /** Cells of the terminal; Infinity where lines are not to be broken. */
  readonly width: number;
  /** Minutes that the clock shown is ahead of UTC at a moment. */
  readonly offset: (time: number) => number;
  /** The day whose date goes without saying: `dayOf` of today. */
  readonly today: string;
}

const DAY_LENGTH = '2026-11-21'.length;

/** `2026-11-21T14:00:05.123` on the clock that is shown; undefined for a time that no calendar has. */
const onClock = (time: number, offset: LineLook['offset']): string | undefined => {
  const date = new Date(Math.floor(time) + offset(time) * 60_000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, -1);
};

/** The day of a moment, `2026-11-21`; empty where there is none. */
export const dayOf = (time: number, offset: LineLook['offset']): string =>
  onClock(time, offset)?.slice(0, -'T14:00:05.123'.length) ?? '';

const formatTime = (time: number, { offset, today }: LineLook, before: string | undefined): string => {
  const text = onClock(time, offset);
  if (text === undefined) return String(time);
  const day = text.slice(0, text.indexOf('T', DAY_LENGTH - 1));
  const clock = text.slice(day.length + 1);
  return day === today && (before === undefined || before === today) ? clock : `${day} ${clock}`;
};

const LEVEL_WIDTH = 'error'.length;

const paintOf = (level: string, palette: Palette): Paint => {
  switch (level) {
    case 'fatal':
    case 'error':
      return palette.critical;
    case 'warn':
      return palette.warning;
    case 'info':
      return palette.ok;
    default:
      return palette.faint;
  }
};

/** Bare where that leaves no doubt where the value ends, else as JSON. */
const formatValue = (value: unknown): string => {
  if (typeof value !== 'string') return clean(JSON.stringify(value) ?? '');
  const safe = clean(value);
  return safe !== '' && !/[\s"=]/u.test(safe) ? safe : `"${safe.replaceAll('"', '\\"')}"`;
};

const formatName = (name: string): string =>
  /^[^\s"=]+$/u.test(name) ? clean(name) : JSON.stringify(clean(name));

const formatField = ([name, value]: ShownLine['fields'][number]): string =>
  `${formatName(name)}=${formatValue(value)}`;

/** `name=value` after `name=value`, on one line. */
export const formatFields = (fields: ShownLine['fields']): string => fields.map(formatField).join(' ');

/** A word and how it is painted; words are put side by side with a space between. */
interface Word {
  readonly text: string;
  readonly paint: Paint | undefined;
}

const wordsOf = (text: string, paint?: Paint): Word[] =>
  clean(text)
    .split(' ')
    .map((word) => ({ text: word, paint }));

/** Words in lines of at most `room` cells. A word that is longer goes on where the line ends. */
const fill = (words: readonly Word[], first: number, room: number): Word[][] => {
  const lines: Word[][] = [[]];
  let left = first;
  for (const { text, paint } of words) {
    const line = lines.at(-1) as Word[];
    const width = widthOf(text);
    if (width + (line.length > 0 ? 1 : 0) <= left) {
      left -= width + (line.length > 0 ? 1 : 0);
      line.push({ text, paint });
      continue;
    }
    if (width <= room) {
      lines.push([{ text, paint }]);
      left = room - width;
      continue;
    }
    // Broken wherever the line ends: half a page of base64 has no better place.
    let piece = '';
    let used = line.length > 0 ? 1 : 0;
    const give = (): void => {
      (lines.at(-1) as Word[]).push({ text: piece, paint });
      piece = '';
    };
    for (const character of text) {
      const cells = widthOf(character);
      if (used + cells > left && (piece !== '' || used > 0)) {
        if (piece !== '') give();
        lines.push([]);
        left = room;
        used = 0;
      }
      piece += character;
      used += cells;
    }
    give();
    left -= used;
  }
  return lines;
};

/** Neighbours of one colour are painted together: fewer bytes, and they can be copied as one. */
const paintLine = (words: readonly Word[]): string => {
  const runs: { text: string; readonly paint: Paint | undefined }[] = [];
  for (const { text, paint } of words) {
    const last = runs.at(-1);
    if (last !== undefined && last.paint === paint) last.text += ` ${text}`;
    else runs.push({ text, paint });
  }
  return runs.map(({ text, paint }) => (paint === undefined || text === '' ? text : paint(text))).join(' ');
};

const formatNameOf = (name: LineName | undefined, palette: Palette): string => {
  if (name === undefined) return '';
  const text = clean(name.text);
  const hue = palette.hues[name.hue % palette.hues.length] as Paint;
  return `${hue(text)}${' '.repeat(Math.max(0, name.width - widthOf(text)))} `;
};

/** Narrower than this what goes on is not put below the message. */
const LEAST_ROOM = 40;

const tabless = (text: string): string => text.replaceAll('\t', '  ');

/** How far lines of a trace stand in. */
const INDENT = 2;

/**
 * A line, over as many lines as it needs, with newlines. `before` is the day of the line shown before it: a date is shown where
 * the day is not today, and where it changes.
 */
export const formatLogLine = (
  line: ShownLine,
  look: LineLook,
  { name, before }: { readonly name?: LineName | undefined; readonly before?: string | undefined } = {},
): string => {
  const { palette, width } = look;
  const time = line.time === undefined ? undefined : formatTime(line.time, look, before);
  const head: Word[] = [];
  if (time !== undefined) head.push({ text: time, paint: palette.faint });
  if (line.level !== undefined)
    head.push({ text: clean(line.level).padEnd(LEVEL_WIDTH), paint: paintOf(line.level, palette) });
  const lead = formatNameOf(name, palette);
  const leadWidth = name === undefined ? 0 : name.width + 1;
  const headWidth = head.reduce((sum, { text }) => sum + widthOf(text) + 1, 0);
  // A tab is room between words, and what a trace stands in with: nobody reads it as an escape.
  const [first = '', ...rest] = tabless(line.message ?? '').split('\n');
  const words = [
    ...(line.who === undefined ? [] : wordsOf(`${line.who}:`, palette.strong)),
    ...(first === '' ? [] : wordsOf(first)),
    ...line.fields.map((field) => ({ text: formatField(field), paint: palette.faint })),
  ];
  // A value may hold spaces of its own: it is broken there like a message.
  const broken = words.flatMap(({ text, paint }) => text.split(' ').map((text) => ({ text, paint })));
  const hang = width - leadWidth - headWidth >= LEAST_ROOM ? headWidth : INDENT;
  const room = Math.max(1, width - leadWidth - hang);
  const [top = [], ...below] = fill(broken, Math.max(0, width - leadWidth - headWidth), room);
  const out = [`${lead}${head.length === 0 ? '' : `${paintLine(head)} `}${paintLine(top)}`.trimEnd()];
  for (const words of below) out.push(`${lead}${' '.repeat(hang)}${paintLine(words)}`);
  for (const more of [...rest, ...(line.more ?? [])]) {
    const space = Math.max(1, width - leadWidth - INDENT);
    for (const words of fill(wordsOf(tabless(more)), space, space))
      out.push(`${lead}${' '.repeat(INDENT)}${paintLine(words)}`.trimEnd());
  }
  return `${out.join('\n')}\n`;
};

/** The same as JSON on one line. What a line does not say is absent. */
export const formatLogJson = (line: ShownLine, file?: string): string => {
  const { time, level, message, fields } = line;
  const date = time === undefined ? undefined : new Date(Math.floor(time));
  return `${toJson({
    ...(file !== undefined && { file }),
    ...(date !== undefined && !Number.isNaN(date.getTime()) && { time: date.toISOString() }),
    ...(level !== undefined && { level }),
    ...(message !== undefined && { message }),
    fields: Object.fromEntries(fields),
  })}\n`;
};
