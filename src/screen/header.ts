/** The first line: which machine, how it stands, of when, and where that comes from. */

import { clean } from '../core/clean.js';
import { widthOf } from '../core/width.js';
import { type Area, put } from './cells.js';
import { type Frame, numberIn, rowsIn } from './frame.js';
import { markedStyle, markOf, severityOf } from './mark.js';
import { shortBytes, shortDuration, shortPercent, UNKNOWN } from './numbers.js';
import type { Scene } from './panel.js';
import { STYLE } from './style.js';
import { fitName } from './table.js';
import type { Piece } from './title.js';

/** A part of the line; where there is no room those with the highest rank go first. */
interface Part extends Piece {
  readonly rank: number;
}

/** Groups that the line is made of, besides those of panels. */
export const HEADER_GROUPS: readonly string[] = [
  'cpu',
  'memory',
  'load',
  'processes',
  'system',
  'uname',
  'os',
];

const GAP = 2;
const LONGEST_HOST = 24;
const LONGEST_LIMIT = 28;
/** A log that has had no record for this many intervals is no longer written, and for at least so many seconds. */
const SILENT_INTERVALS = 3;
const SILENT_SECONDS = 30;

const two = (value: number): string => String(value).padStart(2, '0');

/** A moment on the clock of where it is looked at. */
const clockText = (time: number, utcOffset: number): string => {
  const date = new Date(time + utcOffset * 60_000);
  return Number.isNaN(date.getTime())
    ? UNKNOWN
    : `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
};

const dayText = (time: number, utcOffset: number): string => {
  const date = new Date(time + utcOffset * 60_000);
  return Number.isNaN(date.getTime())
    ? UNKNOWN
    : `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
};

const load = ({ frame }: Scene): Part | undefined => {
  if (!frame.readings.has('load')) return undefined;
  let text = 'load';
  let style: number = STYLE.plain;
  for (const field of ['load1', 'load5', 'load15']) {
    const severity =
      severityOf(frame, 'load', [], field) ?? severityOf(frame, 'load', [], `${field}_per_core`);
    text += ` ${numberIn(frame, 'load', field)?.toFixed(2) ?? UNKNOWN}${markOf(severity)}`;
    if (style !== STYLE.critical) style = markedStyle(severity, style);
  }
  return { text, style, rank: 4 };
};

const tasks = (frame: Frame): Part | undefined => {
  const total = numberIn(frame, 'processes', 'total');
  const running = numberIn(frame, 'processes', 'running');
  if (total === undefined) return undefined;
  return { text: `${total} tasks${running === undefined ? '' : `, ${running} running`}`, rank: 11 };
};

/** The control group whose limits the numbers are shares of. */
const limit = (scene: Scene): Part | undefined => {
  const { frame } = scene;
  const cpu = rowsIn(frame, 'cpu')[0]?.texts['limited_by'];
  const memory = rowsIn(frame, 'memory')[0]?.texts['limited_by'];
  const by = cpu ?? memory;
  if (by === undefined) return undefined;
  const what = [
    ...(cpu === undefined ? [] : [`${Number((numberIn(frame, 'cpu', 'limit_cores') ?? 0).toFixed(2))} CPU`]),
    ...(memory === undefined ? [] : [shortBytes(numberIn(frame, 'memory', 'total_bytes'))]),
  ].join(', ');
  const text = `limit ${what} (${fitName(by, LONGEST_LIMIT, scene)})`;
  return { text, style: STYLE.label, rank: 5 };
};

const system = ({ frame }: Scene): readonly Part[] => {
  const os = rowsIn(frame, 'os')[0]?.texts['pretty_name'];
  const { sysname, release } = rowsIn(frame, 'uname')[0]?.texts ?? {};
  return [
    ...(sysname === undefined && release === undefined
      ? []
      : [{ text: clean(`${sysname ?? ''} ${release ?? ''}`.trim()), style: STYLE.dim, rank: 9 }]),
    ...(os === undefined || os === '' ? [] : [{ text: clean(os), style: STYLE.dim, rank: 10 }]),
  ];
};

const logState = ({ frame }: Scene): Part => {
  const { origin } = frame;
  switch (origin.kind) {
    case 'live': {
      if (origin.logAge === undefined) return { text: 'no log', style: STYLE.dim, rank: 2 };
      const old = origin.logAge > Math.max(SILENT_SECONDS, SILENT_INTERVALS * frame.interval);
      const age = shortDuration(origin.logAge);
      return old
        ? { text: `! last log ${age} ago`, style: STYLE.warning, rank: 2 }
        : { text: `log ${age} ago`, style: STYLE.dim, rank: 2 };
    }
    case 'replay': {
      const how = origin.playing ? `playing ${origin.speed}x` : 'replay';
      return { text: ` ${how.toUpperCase()} `, style: STYLE.notice, rank: 1 };
    }
    case 'pipe': {
      if (origin.ended) return { text: '! input ended', style: STYLE.warning, rank: 2 };
      const silent = origin.silence > Math.max(SILENT_SECONDS, SILENT_INTERVALS * frame.interval);
      return silent
        ? { text: `! silent for ${shortDuration(origin.silence)}`, style: STYLE.warning, rank: 2 }
        : { text: 'from input', style: STYLE.dim, rank: 2 };
    }
  }
};

const gapPart = ({ frame: { origin } }: Scene): readonly Part[] =>
  origin.kind === 'replay' && origin.gap !== undefined
    ? [
        {
          text: `! ${shortDuration(origin.gap.seconds)} gap${origin.gap.reason === '' ? '' : `: ${clean(origin.gap.reason)}`}`,
          style: STYLE.warning,
          rank: 3,
        },
      ]
    : [];

const timePart = ({ frame }: Scene): Part => {
  const { sample, origin, now, utcOffset } = frame;
  if (sample === undefined) return { text: clockText(now, utcOffset), rank: 1 };
  const far = dayText(sample.time, utcOffset) !== dayText(now, utcOffset);
  const day = origin.kind === 'replay' || far ? `${dayText(sample.time, utcOffset)} ` : '';
  return { text: `${day}${clockText(sample.time, utcOffset)}`, rank: 1 };
};

const ownPart = ({ frame: { own } }: Scene): readonly Part[] =>
  own === undefined
    ? []
    : [
        {
          text: `sysmon ${own.cpuPercent === undefined ? UNKNOWN : `${shortPercent(own.cpuPercent)}%`} ${shortBytes(own.memoryBytes)}`,
          style: STYLE.dim,
          rank: 6,
        },
      ];

const leftParts = (scene: Scene): readonly Part[] => {
  const { frame } = scene;
  if (frame.sample === undefined) {
    const over = frame.origin.kind === 'pipe' && frame.origin.ended;
    const text = over ? 'no samples came through the pipe' : 'waiting for the first reading';
    return [{ text, style: over ? STYLE.warning : STYLE.dim, rank: 0 }];
  }
  const parts: Part[] = [
    { text: fitName(frame.sample.host, LONGEST_HOST, scene), style: STYLE.title, rank: 0 },
  ];
  const uptime = numberIn(frame, 'system', 'uptime_seconds');
  const cores = numberIn(frame, 'cpu', 'cores');
  const add = (part: Part | undefined): void => {
    if (part !== undefined) parts.push(part);
  };
  add(load(scene));
  if (uptime !== undefined) add({ text: `up ${shortDuration(uptime)}`, rank: 5 });
  if (cores !== undefined) add({ text: `${cores} ${cores === 1 ? 'core' : 'cores'}`, rank: 8 });
  add(limit(scene));
  add(tasks(frame));
  return [...parts, ...system(scene)];
};

const rightParts = (scene: Scene): readonly Part[] => [
  ...ownPart(scene),
  ...gapPart(scene),
  ...(scene.view.paused ? [{ text: ' PAUSED ', style: STYLE.notice, rank: 0 }] : []),
  logState(scene),
  timePart(scene),
];

const widthOfParts = (parts: readonly Part[]): number =>
  parts.reduce((sum, { text }) => sum + widthOf(text) + GAP, -GAP);

/** The parts that have room: the most important first, and of the others what still fits. */
const keepImportant = (parts: readonly Part[], width: number): readonly Part[] => {
  const kept: Part[] = [];
  let left = width + GAP;
  for (const part of [...parts].sort((a, b) => a.rank - b.rank)) {
    const wanted = widthOf(part.text) + GAP;
    if (kept.length > 0 && wanted > left) continue;
    kept.push(part);
    left -= wanted;
  }
  return kept;
};

/** Draws the line: the machine at the left, the moment at the right. */
export const drawHeader = (area: Area, scene: Scene): void => {
  const left = leftParts(scene);
  const right = rightParts(scene);
  const kept = keepImportant([...left, ...right], area.width);
  let x = 0;
  for (const part of left) if (kept.includes(part)) x += put(area, x, 0, part.text, part.style) + GAP;
  const shown = right.filter((part) => kept.includes(part));
  x = Math.max(x, area.width - widthOfParts(shown));
  for (const part of shown) x += put(area, x, 0, part.text, part.style) + GAP;
};
