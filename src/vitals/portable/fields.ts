/** What can be believed of systeminformation's answers: they are plain JSON, and 0 often stands for not known. */

export type Fields = Readonly<Record<string, unknown>>;

/** The objects of a list. Throws where the answer is not one. */
export const objectsOf = (answer: unknown): readonly Fields[] => {
  if (!Array.isArray(answer)) throw new Error('the reader gave no list');
  return answer.filter((one): one is Fields => typeof one === 'object' && one !== null);
};

/** The answer as one object. Throws where it is none. */
export const objectOf = (answer: unknown): Fields => {
  if (typeof answer !== 'object' || answer === null) throw new Error('the reader gave nothing');
  return answer as Fields;
};

/** A finite number, or undefined for whatever else stands there. */
export const numberAt = (fields: Fields, name: string): number | undefined => {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

/** Text, or undefined where there is none. */
export const textAt = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
