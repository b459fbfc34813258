/** What JSON.parse gives, looked at with suspicion: a log can hold anything. */

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Inherits from an object that inherits nothing. V8 makes a hash table of what inherits from null itself, which is dearer in all. */
class Bare {}
Object.setPrototypeOf(Bare.prototype, null);
Reflect.deleteProperty(Bare.prototype, 'constructor');

/** An object without inherited names, so that `__proto__` and `constructor` are names like any other. */
export const bare = <T>(): Record<string, T> => new Bare() as Record<string, T>;

/** The parsed text when it is a JSON object, else undefined. Never throws. */
export const parseObject = (text: string): JsonObject | undefined => {
  // Most lines of other programs are told by their first character.
  if (text.charCodeAt(0) !== 0x7b) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
