/** The points of a series in a script: `0+10x5 _ stale {{…}}`. */

export type Point = number | 'none' | 'stale' | 'histogram';

const NUMBER = String.raw`(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[iI][nN][fF]|[nN][aA][nN])`;
const HISTOGRAM = String.raw`\{\{.*?\}\}`;
const ITEM = new RegExp(
  [
    String.raw`_(?:x(?<blanks>\d+))?`,
    String.raw`stale(?:x(?<stales>\d+))?`,
    String.raw`${HISTOGRAM}(?:[+-]${HISTOGRAM})?(?:x(?<histograms>\d+))?`,
    String.raw`(?<first>[+-]?${NUMBER})(?:(?<step>[+-]${NUMBER})?x(?<times>\d+))?`,
  ]
    .map((one) => `(?:${one})`)
    .join('|'),
  'y',
);

/** As Go reads numbers, infinities and NaN included. */
export const readNumber = (text: string): number => {
  const match = /^([+-]?)(?:(inf)|(nan))$/i.exec(text);
  if (match === null) return text.trim() === '' ? Number.NaN : Number(text);
  return match[3] !== undefined
    ? Number.NaN
    : match[1] === '-'
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY;
};

export const isNumber = (text: string): boolean => new RegExp(`^[+-]?${NUMBER}$`).test(text);

const repeated = (point: Point, count: number): Point[] => new Array<Point>(count).fill(point);

const pointsOf = (groups: Readonly<Record<string, string | undefined>>, item: string): Point[] => {
  const { blanks, stales, histograms, first, step, times } = groups;
  if (item.startsWith('_')) return repeated('none', Number(blanks ?? 1));
  // But for `_`, what is repeated n times also stands at the beginning.
  if (item.startsWith('stale')) return repeated('stale', Number(stales ?? 0) + 1);
  if (item.startsWith('{{')) return repeated('histogram', Number(histograms ?? 0) + 1);
  let value = readNumber(first as string);
  const points: Point[] = [];
  for (let index = 0; index <= Number(times ?? 0); index++) {
    points.push(value);
    value += step === undefined ? 0 : readNumber(step);
  }
  return points;
};

export const readPoints = (text: string): Point[] => {
  const points: Point[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] as string)) {
      at++;
      continue;
    }
    ITEM.lastIndex = at;
    const match = ITEM.exec(text);
    if (match === null) throw new Error(`no points: ${text.slice(at)}`);
    points.push(...pointsOf(match.groups ?? {}, match[0]));
    at = ITEM.lastIndex;
  }
  return points;
};
