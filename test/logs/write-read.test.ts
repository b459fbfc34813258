/** Both sides of the log together: what was written is read, at every moment and through every rotation. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLogWriter } from '../../src/logs/log-writer.js';
import { openLog } from '../../src/logs/reader.js';
import { archivesOf, handClock, recordAt, temporaryFolder, writerOptions } from './bench-log.js';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

it('every line written is read once, while archives come and are compressed', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const clock = handClock();
  const begun = clock.now();
  const writer = await openLogWriter(writerOptions(path, clock, { maxSize: 20_000, keep: 1000 }));
  const problems: string[] = [];
  const read = (): number[] => {
    const log = openLog(path, new Map(), (text) => problems.push(text));
    try {
      const forwards = Array.from(log.records(), ({ seq = 0 }) => seq);
      expect(Array.from(log.newestFirst(), ({ seq }) => seq).reverse()).toEqual(forwards);
      const since = begun + Math.floor((clock.now() - begun) / 2);
      const late = Array.from(log.records(), ({ time, seq }) => (time >= since ? seq : undefined));
      expect(Array.from(log.records({ since }), ({ seq }) => seq)).toEqual(
        late.filter((seq) => seq !== undefined),
      );
      return forwards;
    } finally {
      log.close();
    }
  };
  for (let count = 1; count <= 600; count++) {
    clock.set(clock.now() + 1000);
    writer.write(recordAt(clock.now(), 500));
    // Lets the compressor go on by a step.
    await new Promise((resolve) => setImmediate(resolve));
    if (count % 15 === 0) {
      const found = read();
      expect(found).toEqual(upTo(found.length));
      expect(found.length).toBeGreaterThan(count);
    }
  }
  expect(archivesOf(path).length).toBeGreaterThan(10);
  await writer.close({ finish: true });
  expect(archivesOf(path).every(({ form }) => form === 'gzip')).toBe(true);
  const found = read();
  // Each file begins with a schema.
  expect(found).toEqual(upTo(600 + archivesOf(path).length + 1));
  expect(problems).toEqual([]);
});
