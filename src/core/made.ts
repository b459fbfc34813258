/** Short lists, which every sample has dozens of. */

/**
 * What `make` makes of each, in their order; what it makes nothing of is left out. An array that things are pushed to begins with room
 * for seventeen: of lists that have one or two that would be most of what they take.
 */
export const madeOf = <T, Made>(
  list: readonly T[],
  make: (one: T, index: number) => Made | undefined,
): Made[] => {
  const made = new Array<Made>(list.length);
  let count = 0;
  for (let index = 0; index < list.length; index++) {
    const one = make(list[index] as T, index);
    if (one !== undefined) made[count++] = one;
  }
  if (count < made.length) made.length = count;
  return made;
};
