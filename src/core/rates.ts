/** From counters to what people read. Everything here answers undefined rather than invent a number. */

/** How much a counter grew; undefined where a side is missing or it went back, which is a reset. */
export const increase = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined || !(now >= before) ? undefined : now - before;

/** Growth of a counter per second; undefined where it cannot be known. */
export const rate = (
  now: number | undefined,
  before: number | undefined,
  seconds: number,
): number | undefined => {
  const grown = seconds > 0 ? increase(now, before) : undefined;
  return grown === undefined ? undefined : grown / seconds;
};

/** `part` of `whole` in percent, kept between 0 and 100; undefined where there is no whole. */
export const percent = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || !(whole > 0)
    ? undefined
    : Math.min(100, Math.max(0, (part / whole) * 100));

/** The record without its undefined values. */
export const known = (values: Readonly<Record<string, number | undefined>>): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) out[name] = value;
  }
  return out;
};
