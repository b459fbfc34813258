/** What the machine's clock on the wall shows: the TZif file of RFC 8536, which /etc/localtime is. */

export interface LocalTime {
  /** Letters such as `CET`. */
  readonly name: string;
  /** East of Greenwich, s. */
  readonly offset: number;
}

const HEADER = 44;

/** Bytes of a TZif file → local time at a moment (s since 1970); undefined for what is not such a file. */
export const localTimeAt = (file: Buffer, moment: number): LocalTime | undefined => {
  if (file.length < HEADER || file.toString('latin1', 0, 4) !== 'TZif') return undefined;
  const countsAt = (start: number) => {
    const count = (index: number): number => file.readUInt32BE(start + 20 + index * 4);
    return {
      isut: count(0),
      isstd: count(1),
      leap: count(2),
      times: count(3),
      types: count(4),
      chars: count(5),
    };
  };
  const sizeOf = (c: ReturnType<typeof countsAt>, wide: 4 | 8): number =>
    c.times * (wide + 1) + c.types * 6 + c.chars + c.leap * (wide + 4) + c.isstd + c.isut;

  // From version 2 on the first block, of 32-bit times, is followed by one of 64-bit times and a rule for later.
  const isWide = (file[4] as number) >= 0x32;
  const start = isWide ? HEADER + sizeOf(countsAt(0), 4) : 0;
  const counts = countsAt(start);
  const wide = isWide ? 8 : 4;
  const times = start + HEADER;
  const indexes = times + counts.times * wide;
  const types = indexes + counts.times;
  const chars = types + counts.types * 6;

  const timeAt = (index: number): number =>
    isWide ? Number(file.readBigInt64BE(times + index * 8)) : file.readInt32BE(times + index * 4);
  const typeAt = (index: number): LocalTime => {
    const at = types + index * 6;
    const name = chars + (file[at + 5] as number);
    return { name: file.toString('latin1', name, file.indexOf(0, name)), offset: file.readInt32BE(at) };
  };

  let past = counts.times;
  while (past > 0 && timeAt(past - 1) > moment) past--;
  if (past === counts.times && isWide) {
    const rule = file.toString('latin1', start + HEADER + sizeOf(counts, 8)).trim();
    const found = rule === '' ? undefined : localTimeByRule(rule, moment);
    if (found !== undefined) return found;
  }
  return typeAt(past === 0 ? 0 : (file[indexes + past - 1] as number));
};

const NAME = '(<[^>]+>|[A-Za-z]+)';
const TIME = '([+-]?\\d+(?::\\d+(?::\\d+)?)?)';
const DAY = `(?:M(\\d+)\\.(\\d+)\\.(\\d+)|(J?)(\\d+))(?:/${TIME})?`;
const RULE = new RegExp(`^${NAME}${TIME}(?:${NAME}${TIME}?(?:,${DAY},${DAY})?)?$`);

const secondsOf = (text: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
};

const daysTo = (year: number, month: number, day: number): number => Date.UTC(year, month, day) / 86_400_000;

/** When a rule's day and time come in a year, in s of the local clock. `parts` are the groups of DAY. */
const changeIn = (year: number, parts: readonly (string | undefined)[]): number => {
  const [month, week, weekday, julian, number, time] = parts;
  let day: number;
  if (month !== undefined) {
    const first = daysTo(year, Number(month) - 1, 1);
    // 1970-01-01, day 0, was a Thursday: 4.
    day = first + ((Number(weekday) - ((((first + 4) % 7) + 7) % 7) + 7) % 7) + (Number(week) - 1) * 7;
    // Week 5 is the last one that the month has.
    while (day >= daysTo(year, Number(month), 1)) day -= 7;
  } else {
    const isLeap = daysTo(year, 2, 1) - daysTo(year, 0, 1) === 60;
    // J60 is always 1 March: 29 February is not counted.
    const offset =
      julian === 'J' ? Number(number) - 1 + (isLeap && Number(number) >= 60 ? 1 : 0) : Number(number);
    day = daysTo(year, 0, 1) + offset;
  }
  return day * 86_400 + secondsOf(time ?? '2');
};

/** Local time by a rule as in the TZ variable (POSIX 8.3), such as `CET-1CEST,M3.5.0,M10.5.0/3`. */
const localTimeByRule = (rule: string, moment: number): LocalTime | undefined => {
  const found = RULE.exec(rule);
  if (found === null) return undefined;
  const bare = (name: string): string => name.replace(/[<>]/g, '');
  const standard = { name: bare(found[1] as string), offset: -secondsOf(found[2] as string) };
  if (found[3] === undefined) return standard;
  const summer = {
    name: bare(found[3]),
    offset: found[4] === undefined ? standard.offset + 3600 : -secondsOf(found[4]),
  };
  if (found[5] === undefined && found[9] === undefined) return standard;
  const year = new Date((moment + standard.offset) * 1000).getUTCFullYear();
  const begins = changeIn(year, found.slice(5, 11)) - standard.offset;
  const ends = changeIn(year, found.slice(11, 17)) - summer.offset;
  const isSummer = begins < ends ? moment >= begins && moment < ends : !(moment >= ends && moment < begins);
  return isSummer ? summer : standard;
};
