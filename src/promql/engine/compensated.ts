/** Sums that lose nothing to rounding: Kahan's summation as Neumaier improved it. */

/** Adds to a sum; `lost` is what the roundings of it come to, to be added at the end. */
export const addTo = (sums: Float64Array, lost: Float64Array, at: number, value: number): void => {
  const sum = sums[at] as number;
  const total = sum + value;
  if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) lost[at] = 0;
  else if (Math.abs(sum) >= Math.abs(value)) lost[at] = (lost[at] as number) + (sum - total + value);
  else lost[at] = (lost[at] as number) + (value - total + sum);
  sums[at] = total;
};
