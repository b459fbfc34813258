/** What a printed number says: its value, and how far the value itself can be from it. */

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  '%': 1,
  B: 1,
  k: 1e3,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
  P: 1024 ** 5,
  E: 1024 ** 6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
};

export interface Printed {
  readonly value: number;
  /** Half a step of its last digit. */
  readonly slack: number;
}

/** Reads `1.2K`, `34.5%`, `120µs`, `0:03.12`, `12:04` or `12345h`; undefined where it is no number, such as `-`. */
export const readPrinted = (text: string): Printed | undefined => {
  const time = /^(\d+):(\d\d)(\.\d\d)?$/.exec(text);
  if (time !== null)
    return {
      value: Number(time[1]) * 60 + Number(`${time[2]}${time[3] ?? ''}`),
      slack: time[3] ? 0.005 : 0.5,
    };
  const hours = /^(\d+)h(\d\d)m$/.exec(text);
  if (hours !== null) return { value: Number(hours[1]) * 3600 + Number(hours[2]) * 60, slack: 30 };
  const whole = /^(\d+)h$/.exec(text);
  if (whole !== null) return { value: Number(whole[1]) * 3600, slack: 1800 };
  const [, sign, digits, decimals = '', unit = ''] = /^(-?)(\d+)(\.\d+)?([^\d/]*)(?:\/s)?$/.exec(text) ?? [];
  const scale = UNITS[unit];
  if (digits === undefined || scale === undefined) return undefined;
  const value = Number(`${sign}${digits}${decimals}`) * scale;
  return { value, slack: (scale * 10 ** -Math.max(0, decimals.length - 1)) / 2 };
};

/** Whether a value can be printed so. */
export const isPrintedAs = (value: number, text: string): boolean => {
  const printed = readPrinted(text);
  return printed !== undefined && Math.abs(value - printed.value) <= printed.slack * (1 + 1e-9);
};
