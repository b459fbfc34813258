/** Durations as Prometheus writes and reads them: `1h30m`. All in ms. */

const UNITS: readonly (readonly [unit: string, ms: number, whole: boolean])[] = [
  ['y', 365 * 86_400_000, true],
  ['w', 7 * 86_400_000, true],
  ['d', 86_400_000, false],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1000, false],
  ['ms', 1, false],
];

/** The longest that Go's nanoseconds hold. */
const LONGEST_MS = Math.floor(2 ** 63 / 1e6);

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Of what is no duration: why, in Prometheus's words. */
export const parseDuration = (text: string): number | string => {
  if (text === '0') return 0;
  if (text === '') return 'empty duration string';
  const parts = DURATION.exec(text);
  if (parts === null) return `not a valid duration string: ${JSON.stringify(text)}`;
  let ms = 0;
  UNITS.forEach(([, unit], index) => {
    ms += Number(parts[index + 1] ?? 0) * unit;
  });
  return ms > LONGEST_MS ? 'duration out of range' : ms;
};

/** `1h30m`; years and weeks only where nothing is left over, since 90d is easier to read than 12w6d. */
export const formatDuration = (ms: number): string => {
  let left = Math.trunc(Math.abs(ms));
  if (left === 0) return '0s';
  let text = ms < 0 ? '-' : '';
  for (const [unit, size, whole] of UNITS) {
    if (left < size || (whole && left % size !== 0)) continue;
    text += `${Math.floor(left / size)}${unit}`;
    left %= size;
  }
  return text;
};
