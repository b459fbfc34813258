import { expect, test } from 'vitest';
import { openFormat } from '../../../src/lines/formats/index.js';
import { recognise } from '../../../src/lines/recognise.js';
import { readCases } from './cases.js';

const expected = (text: string | null): number | undefined => {
  if (text === null) return undefined;
  const [, whole = '', fraction = '', zone = ''] = /^([^.]*)(\.\d+)?(.*)$/.exec(text) ?? [];
  return Date.parse(whole + zone) + Number(`0${fraction}`) * 1000;
};

for (const [name, cases] of readCases())
  test.each(cases)(`${name}: $source`, (one) => {
    const context = { notAfter: Date.parse(one.notAfter ?? '2026-11-21T12:00:00Z'), zone: one.zone ?? 0 };
    const line = openFormat(name).parse(one.line, context);
    const time = expected(one.time);
    if (time === undefined) expect(line?.time).toBeUndefined();
    else expect(line?.time).toBeCloseTo(time, 2);
    expect({ level: line?.level ?? null, message: line?.message ?? null }).toEqual({
      level: one.level,
      message: one.message,
    });
    expect(line?.fields).toMatchObject(one.fields);
    expect(recognise([one.line], context).format.name).toBe(one.recognised ?? name);
  });
