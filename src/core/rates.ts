/** From counters to what people read. Everything here answers undefined rather than invent a number. */

type Numbers = Readonly<Record<string, number>>;

/** How much a counter grew; undefined where a side is missing or it went back, which is a reset. */
export const increase = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined || !(now >= before) ? undefined : now - before;

/**
 * Growth per second of each counter in `fields` (name of the rate → name of the counter), times `scale`.
 * A rate that cannot be known is left out.
 */
export const rates = (
  now: Numbers,
  before: Numbers | undefined,
  seconds: number,
  fields: Readonly<Record<string, string>>,
  scale = 1,
): Record<string, number> => {
  const out: Record<string, number> = {};
  if (before === undefined || !(seconds > 0)) return out;
  for (const name in fields) {
    const counter = fields[name] as string;
    const grown = increase(now[counter], before[counter]);
    if (grown !== undefined) out[name] = (grown / seconds) * scale;
  }
  return out;
};

/** `part` of `whole` in percent, kept between 0 and 100; undefined where there is no whole. */
export const percent = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || !(whole > 0)
    ? undefined
    : Math.min(100, Math.max(0, (part / whole) * 100));

/** Puts the raw numbers of these names after what was derived. */
export const addRaw = (
  derived: Record<string, number | undefined>,
  raw: Numbers,
  names: readonly string[],
): Record<string, number | undefined> => {
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    derived[name] = raw[name];
  }
  return derived;
};

/** The record without its undefined values. */
export const known = (values: Readonly<Record<string, number | undefined>>): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) out[name] = value;
  }
  return out;
};
