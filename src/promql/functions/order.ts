/** The order of numbers. Of many it is found without comparing them: by 16 bits after another, from the lowest (an LSD radix sort). */

const DIGITS = 4;
const BITS = 16;
const VALUES = 2 ** BITS;

/** Bits that are ascending as the numbers are: of a negative one all are turned around, of others the sign alone. */
const keysOf = (values: Float64Array): readonly [low: Uint32Array, high: Uint32Array] => {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const upper = view.getUint32(index * 8 + 4, true);
    const lower = view.getUint32(index * 8, true);
    const isNegative = upper >= 0x8000_0000;
    high[index] = isNegative ? ~upper : upper | 0x8000_0000;
    low[index] = isNegative ? ~lower : lower;
  }
  return [low, high];
};

const byRadix = (values: Float64Array, indexes: Uint32Array): Uint32Array => {
  const [low, high] = keysOf(values);
  let order: Uint32Array = indexes;
  let next: Uint32Array = new Uint32Array(indexes.length);
  const starts = new Uint32Array(VALUES);
  for (let digit = 0; digit < DIGITS; digit++) {
    const keys = digit * BITS < 32 ? low : high;
    const shift = (digit * BITS) % 32;
    starts.fill(0);
    for (const index of order) {
      const key = ((keys[index] as number) >>> shift) & (VALUES - 1);
      starts[key] = (starts[key] as number) + 1;
    }
    // Whole numbers have no bits at the low end.
    if (starts.includes(order.length)) continue;
    let before = 0;
    for (let key = 0; key < VALUES; key++) {
      const count = starts[key] as number;
      starts[key] = before;
      before += count;
    }
    for (let place = 0; place < order.length; place++) {
      const index = order[place] as number;
      const key = ((keys[index] as number) >>> shift) & (VALUES - 1);
      const at = starts[key] as number;
      next[at] = index;
      starts[key] = at + 1;
    }
    [order, next] = [next, order];
  }
  return order;
};

/** Below it, counting 65,536 digits takes longer than comparing. */
const MANY = 2048;

/** The indexes of the values in ascending order, NaN left out. */
export const orderOf = (values: Float64Array): Uint32Array => {
  const indexes = new Uint32Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    if (Number.isNaN(values[index])) continue;
    indexes[count] = index;
    count++;
  }
  const numbers = indexes.subarray(0, count);
  if (count >= MANY) return byRadix(values, numbers);
  return numbers.sort((a, b) => {
    const [one, other] = [values[a] as number, values[b] as number];
    return one < other ? -1 : one > other ? 1 : 0;
  });
};
