import { parseRange } from '../../src/core/range.js';

export interface Datum {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly warning: string;
  readonly critical: string;
  readonly least: string;
  readonly most: string;
}

/**
 * A strict reading of the guidelines: space-separated 'label'=value[UOM];[warn];[crit];[min];[max]; quotes optional without
 * blanks in the label, doubled within it, no equals sign; numbers of [-0-9.] only; trailing semicolons may be left out.
 */
export const parsePerformanceData = (text: string): Datum[] => {
  const out: Datum[] = [];
  const number = /-?\d+(?:\.\d+)?/y;
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`${why} at ${at} of ${JSON.stringify(text)}`);
  };
  const label = (): string => {
    if (text[at] !== "'") {
      const [found] = /^[^\s'=|]+/.exec(text.slice(at)) ?? fail('no label');
      at += found.length;
      return found;
    }
    let found = '';
    for (at++; ; at++) {
      const character = text[at] ?? fail('unfinished label');
      if (character === '=' || character === '|' || character < ' ') fail('bad character in a label');
      if (character === "'") {
        if (text[at + 1] !== "'") break;
        at++;
      }
      found += character;
    }
    at++;
    return found === '' ? fail('empty label') : found;
  };
  const digits = (): string => {
    number.lastIndex = at;
    const [found] = number.exec(text) ?? fail('no number');
    at += found.length;
    return found;
  };
  while (at < text.length) {
    if (at > 0 && text[at++] !== ' ') fail('no blank between data');
    const name = label();
    if (text[at++] !== '=') fail('no equals sign');
    const value = Number(digits());
    const [unit = ''] = /^(?:us|ms|s|%|KB|MB|GB|TB|B|c)?/.exec(text.slice(at)) ?? [];
    at += unit.length;
    const parts: string[] = [];
    while (text[at] === ';') {
      const [part = ''] = /^[^; ]*/.exec(text.slice(++at)) ?? [];
      parts.push(part);
      at += part.length;
    }
    if (parts.length > 4) fail('too many parts');
    if (at < text.length && text[at] !== ' ') fail('something behind the unit');
    const [warning = '', critical = '', least = '', most = ''] = parts;
    for (const range of [warning, critical]) if (range !== '') parseRange(range);
    for (const bound of [least, most]) if (bound !== '' && !/^-?\d+(\.\d+)?$/.test(bound)) fail('bad bound');
    out.push({ label: name, value, unit, warning, critical, least, most });
  }
  return out;
};
