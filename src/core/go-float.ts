/** Numbers as Go writes them, so that texts made by Prometheus's own tools can be compared byte by byte. */

/** As Prometheus has them everywhere. */
const notFinite = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf');

/**
 * Go's `strconv.FormatFloat(value, 'g', -1, 64)` with Prometheus's words for what is not finite: the fewest digits that read back the
 * same, an exponent of at least two digits below 1e-4 and from 1e6 on.
 */
export const formatFloat = (value: number): string => {
  if (!Number.isFinite(value)) return notFinite(value);
  const size = Math.abs(value);
  // Between these both languages write plain digits; and zero has no sign in an exposition.
  if (size === 0) return '0';
  if (size >= 1e-4 && size < 1e6) return String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
};

const bits = new DataView(new ArrayBuffer(8));

/** Exactly what a finite double is: an integer times a power of ten. Only so can a tie be told from what is nearly one. */
const exactly = (value: number): { readonly digits: bigint; readonly power: number } => {
  bits.setFloat64(0, Math.abs(value));
  const raw = bits.getBigUint64(0);
  const stored = Number(raw >> 52n);
  const fraction = raw & ((1n << 52n) - 1n);
  const mantissa = stored === 0 ? fraction : fraction | (1n << 52n);
  const exponent = (stored === 0 ? 1 : stored) - 1075;
  if (exponent >= 0) return { digits: mantissa << BigInt(exponent), power: 0 };
  // m / 2^n = m * 5^n / 10^n
  return { digits: mantissa * 5n ** BigInt(-exponent), power: exponent };
};

/** The digits of a value in units of 10^power, half to even, as Go rounds and JavaScript does not. */
const roundedTo = (value: number, power: number): bigint => {
  const exact = exactly(value);
  if (exact.power >= power) return exact.digits * 10n ** BigInt(exact.power - power);
  const unit = 10n ** BigInt(power - exact.power);
  const whole = exact.digits / unit;
  const rest = (exact.digits % unit) * 2n;
  return rest > unit || (rest === unit && whole % 2n === 1n) ? whole + 1n : whole;
};

const isNegative = (value: number): boolean => value < 0 || Object.is(value, -0);

/** Most digits that are ever asked for: a double has no more than 1074 after its point. */
const MOST = 1100;

const fixed = (value: number, precision: number): string => {
  const digits = roundedTo(value, -precision)
    .toString()
    .padStart(precision + 1, '0');
  const point = digits.length - precision;
  return precision === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
};

const power = (exponent: number): string =>
  `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

/** Its first `count` digits, and the power of ten of the first of them. */
const significant = (value: number, count: number): { readonly digits: string; readonly first: number } => {
  if (value === 0) return { digits: '0'.repeat(count), first: 0 };
  const { digits, power: last } = exactly(value);
  let first = digits.toString().length - 1 + last;
  let found = roundedTo(value, first - count + 1).toString();
  // 9.99 became 10.0
  if (found.length > count) {
    first++;
    found = found.slice(0, count);
  }
  return { digits: found, first };
};

const scientific = (digits: string, first: number): string =>
  `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}${power(first)}`;

const plain = (digits: string, first: number): string => {
  if (first < 0) return `0.${'0'.repeat(-first - 1)}${digits}`;
  const whole = digits.slice(0, first + 1).padEnd(first + 1, '0');
  const rest = digits.slice(first + 1);
  return rest === '' ? whole : `${whole}.${rest}`;
};

/** The fewest digits that read back the same. */
const shortest = (value: number): { readonly digits: string; readonly first: number } => {
  const [digits, exponent] = Math.abs(value).toExponential().split('e') as [string, string];
  return { digits: digits.replace('.', ''), first: Number(exponent) };
};

const general = (value: number, precision: number, keepZeros: boolean): string => {
  const isShortest = precision < 0;
  const { digits, first } = isShortest ? shortest(value) : significant(value, Math.max(1, precision));
  const bare = keepZeros ? digits : digits.replace(/(?<=.)0+$/, '');
  const limit = isShortest ? 6 : Math.max(1, precision);
  return first < -4 || first >= limit ? scientific(bare, first) : plain(bare, first);
};

/**
 * Go's `%e`, `%f` and `%g` of a double, with so many decimals (`e`, `f`) or digits (`g`), or with the fewest that read back the
 * same where `precision` is negative. Of `%g`, strconv takes an exponent below 1e-4 and from 1e6 on where it has no precision.
 */
export const goFloat = (
  value: number,
  verb: 'e' | 'f' | 'g',
  precision = -1,
  { keepZeros = false }: { readonly keepZeros?: boolean } = {},
): string => {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = isNegative(value) ? '-' : '';
  const decimals = Math.min(precision, MOST);
  if (verb === 'g') return sign + general(value, decimals, keepZeros);
  if (precision < 0) {
    const { digits, first } = shortest(value);
    return sign + (verb === 'e' ? scientific(digits, first) : plain(digits, first));
  }
  if (verb === 'f') return sign + fixed(value, decimals);
  const { digits, first } = significant(value, decimals + 1);
  return sign + scientific(digits, first);
};
