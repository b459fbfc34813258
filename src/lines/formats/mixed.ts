/** Several formats tried in turn for each line: a file that two programs write, and what stands inside another line. */

import type { LineContext, LineFormat } from '../format.js';
import type { LogLine } from '../line.js';
import { isRecordFormat, parseRecord } from './record.js';
import { isWrapper, type Wrapper } from './wrapper.js';

/** What the first of the formats that takes a line makes of it. JSON is parsed once for all of them. */
export const firstThatFits = (formats: readonly LineFormat[]): LineFormat['parse'] => {
  const ofRecords = formats.filter(isRecordFormat);
  const ofText = formats.flatMap((format) =>
    isRecordFormat(format) ? (format.readText ?? []) : format.parse,
  );
  return (line: string, context: LineContext): LogLine | undefined => {
    const record = ofRecords.length === 0 ? undefined : parseRecord(line);
    if (record !== undefined)
      for (const format of ofRecords) {
        const found = format.read(record, context, line);
        if (found !== undefined) return found;
      }
    for (const parse of ofText) {
      const found = parse(line, context);
      if (found !== undefined) return found;
    }
    return undefined;
  };
};

/** One format of several, the first of them tried first. */
export const inTurn = (formats: readonly LineFormat[]): LineFormat | Wrapper => {
  const wrappers = formats.filter(isWrapper);
  const mixed: LineFormat = {
    name: formats.map(({ name }) => name).join('+'),
    title: formats.map(({ title }) => title).join('; '),
    parse: firstThatFits(formats),
  };
  if (wrappers.length === 0) return mixed;
  const first = <T>(ask: (wrapper: Wrapper) => T | undefined): T | undefined => {
    for (const wrapper of wrappers) {
      const found = ask(wrapper);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    ...mixed,
    unwrap: (line) => first((wrapper) => wrapper.unwrap(line)),
    parseAs: (line, text, context) => first((wrapper) => wrapper.parseAs(line, text, context)),
  };
};
