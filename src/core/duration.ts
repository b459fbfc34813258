/** Durations, sizes and counts as people type them. */

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** More digits than a number holds are no value. */
const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/** `90s`, `1h30m`, `500ms` → seconds; undefined for anything else. `bare` is the unit of a number without one. */
export const parseDuration = (text: string, bare?: 's'): number | undefined => {
  if (bare !== undefined && /^\d+(\.\d+)?$/.test(text)) return finite(Number(text));
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w|y))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, value, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g))
    seconds += unit === 'ms' ? Number(value) / 1000 : Number(value) * (SECONDS[unit as string] as number);
  return finite(seconds);
};

/** Seconds as `parseDuration` reads them, largest units first, in whole milliseconds: `1h30m`, `2.5s`, `0s`. */
export const formatDuration = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return String(seconds);
  let left = Math.round(Math.abs(seconds) * 1000) / 1000;
  const sign = seconds < 0 && left > 0 ? '-' : '';
  let out = '';
  for (const unit of ['d', 'h', 'm'] as const) {
    const size = SECONDS[unit] as number;
    const count = Math.floor(left / size);
    if (count > 0) out += `${count}${unit}`;
    left = Math.round((left - count * size) * 1000) / 1000;
  }
  if (left > 0 && left < 1 && out === '') out = `${Math.round(left * 1000)}ms`;
  else if (left > 0 || out === '') out += `${left}s`;
  return sign + out;
};

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  p: 1024 ** 5,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  pb: 1e15,
  eb: 1e18,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
  pib: 1024 ** 5,
  eib: 1024 ** 6,
};

/** `10MB`, `1GiB`, `512K`, `1000` → bytes; undefined for anything else. A lone K, M, G, T, P is binary, as in GNU tools. */
export const parseSize = (text: string): number | undefined => {
  const [, value, unit = ''] = /^(\d+(?:\.\d+)?)(?: *([A-Za-z]+))?$/.exec(text) ?? [];
  const name = unit.toLowerCase();
  if (value === undefined || !Object.hasOwn(BYTES, name)) return undefined;
  return finite(Math.round(Number(value) * (BYTES[name] as number)));
};
