/** Numbers as other programs read them. */

/** The shortest decimal that reads back as the same number, without an exponent; `NaN`, `+Inf`, `-Inf` for the others. */
export const decimal = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = String(value + 0);
  const [, sign, whole, fraction = '', power] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? ([] as (string | undefined)[]);
  if (power === undefined) return text;
  const digits = `${whole}${fraction}`;
  const point = 1 + Number(power);
  return point > 0 ? `${sign}${digits.padEnd(point, '0')}` : `${sign}0.${'0'.repeat(-point)}${digits}`;
};
