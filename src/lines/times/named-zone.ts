/** Zones of the time zone database by their names, as PHP writes them: `Europe/Berlin`. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Shower = (time: number) => string;

/** ISO's form of what a zone's clocks show; undefined for a name that the database does not have. */
const openShower = (name: string): Shower | undefined => {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      ...({ year: 'numeric', month: '2-digit', day: '2-digit' } as const),
      ...({ hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
    });
    return (time) => {
      const shown = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
      const { year = '', month, day, hour, minute, second } = shown;
      return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`;
    };
  } catch {
    return undefined;
  }
};

const showers = new Map<string, Shower | undefined>();

const showerOf = (name: string): Shower | undefined => {
  if (!showers.has(name)) showers.set(name, openShower(name));
  return showers.get(name);
};

/** What was found out for the hour of the last line. */
const last = { name: '', hour: Number.NaN, ahead: Number.NaN };

/**
 * How far such a zone's clocks are ahead when they show a wall time, ms; NaN for a zone that is not known. Of a time that comes twice the
 * first is meant; one that is skipped is read by the clocks before the change, so that it is moved on.
 */
export const aheadOfNamed = (name: string, wall: number): number => {
  const hour = Math.floor(wall / HOUR);
  if (last.name === name && last.hour === hour) return last.ahead;
  const show = showerOf(name);
  if (show === undefined || !Number.isFinite(wall)) return Number.NaN;
  const aheadAt = (time: number): number => Date.parse(show(time)) - Math.floor(time / 1000) * 1000;
  // Zones change their offset by less than a day, and not twice within two.
  const before = aheadAt(wall - DAY);
  const after = aheadAt(wall + DAY);
  const isAfter = aheadAt(wall - before) !== before && aheadAt(wall - after) === after;
  const ahead = isAfter ? after : before;
  if (before === after) Object.assign(last, { name, hour, ahead });
  return ahead;
};
