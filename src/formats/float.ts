/** Numbers as Prometheus's own tools write them, so that two expositions can be compared byte by byte. */

/**
 * Go's `strconv.FormatFloat(value, 'g', -1, 64)` with Prometheus's words for what is not finite: the fewest digits that read back the
 * same, an exponent of at least two digits below 1e-4 and from 1e6 on.
 */
export const formatFloat = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  // Between these both languages write plain digits; and zero has no sign in an exposition.
  if (size === 0) return '0';
  if (size >= 1e-4 && size < 1e6) return String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
};
