import { describe, expect, it } from 'vitest';
import { thresholdRules, withDefaults } from '../../src/core/threshold.js';
import { widthOf } from '../../src/core/width.js';
import { formatCheckText } from '../../src/formats/check-text.js';
import { openPalette } from '../../src/formats/palette.js';
import { formatRules } from '../../src/formats/rules-text.js';
import { GROUPS, sample } from '../core/judging.js';
import { reportOn, troubled } from './reporting.js';

const typed = thresholdRules({
  options: [
    { name: 'cpu', value: '80,95' },
    { name: 'memory', value: '85,95' },
    { name: 'swap' },
    { name: 'disk', value: '80,90' },
  ],
});
const healthy = sample(1_795_232_000, {
  cpu: { used_percent: 12 },
  memory: { used_percent: 41.2 },
  swap: { total_bytes: 0 },
  filesystem: [],
});

const report = reportOn(typed, troubled);

describe('the text', () => {
  it('says who it is, then shows what is wrong', async () => {
    expect(await formatCheckText(report)).toMatchInlineSnapshot(`
      "CRITICAL - cpu 96.2 %: postgres 71 %; disk /srv/data/data/data/data/data/data/data/data/data/data/data/data/db 93.3 %; memory 91.5 %: java\\x1b[31m 5.59 GiB; and 1 more (log, 3s ago)

      state     what                                       value  threshold
      CRITICAL  CPU in use                                96.2 %  above 95 %
      CRITICAL  disk in use                               93.3 %  above 90 %
                /srv/data/data/data/data/data/data/data/
                data/data/data/data/data/db
      WARNING   memory in use                             91.5 %  above 85 %
      UNKNOWN   disk in use /mnt/nfs                           -  it could not be read
      "
    `);
  });

  it('shows all when asked', async () => {
    expect(await formatCheckText(report, { verbose: true })).toMatchInlineSnapshot(`
      "CRITICAL - cpu 96.2 %: postgres 71 %; disk /srv/data/data/data/data/data/data/data/data/data/data/data/data/db 93.3 %; memory 91.5 %: java\\x1b[31m 5.59 GiB; and 1 more (log, 3s ago)

      state     what                             value  threshold
      CRITICAL  CPU in use                      96.2 %  above 95 %
      CRITICAL  disk in use                     93.3 %  above 90 %
                /srv/data/data/data/data/data/
                data/data/data/data/data/data/
                data/db
      WARNING   memory in use                   91.5 %  above 85 %
      UNKNOWN   disk in use /mnt/nfs                 -  it could not be read
      OK        swap in use                          -  there is no swap
      OK        disk in use /                   22.1 %  warning above 80 %, critical
                                                        above 90 %
      "
    `);
  });

  it('is one line, and what was not judged, where nothing is wrong', async () => {
    expect(await formatCheckText(reportOn(withDefaults([]), healthy))).toMatchInlineSnapshot(`
      "OK - both judged are fine: memory 41.2 %, swap: there is no swap; 1 not judged yet (log, 3s ago)

      not judged: too little was recorded; needed are 1h30m for cpu (12 % now)
      "
    `);
  });

  it.each([60, 80, 100])('fits in %d columns', async (width) => {
    const text = await formatCheckText(report, { verbose: true, width });
    // The first line is a sentence, for a mail's subject and a log.
    for (const line of text.split('\n').slice(1)) expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  it('leaves out no part of a name, and takes one line for each where it is not for a terminal', async () => {
    const place = `/srv/${'data/'.repeat(12)}db`;
    const narrow = await formatCheckText(report, { width: 60 });
    expect(narrow).not.toContain('…');
    const table = (text: string): string => text.split('\n').slice(3).join('').replace(/\s+/g, '');
    const wide = await formatCheckText(report, { width: Number.POSITIVE_INFINITY });
    expect(wide.split('\n').slice(3, -1)).toHaveLength(4);
    expect(wide).toContain(`disk in use ${place}  93.3 %`);
    expect(table(narrow)).toHaveLength(table(wide).length);
  });

  it('says the first line again at the end of what does not fit on the screen', async () => {
    const [first, ...rest] = (await formatCheckText(report, { height: 9 })).split('\n');
    expect(rest.slice(-3)).toEqual(['', first, '']);
    expect(await formatCheckText(report, { height: 10 })).toBe(await formatCheckText(report));
  });

  it('has colours only when told, and then says the same', async () => {
    const plain = await formatCheckText(report, { verbose: true });
    expect(plain).not.toContain('\u001b');
    const coloured = await formatCheckText(report, { verbose: true, palette: await openPalette(1) });
    expect(coloured).toContain('\u001b[31mCRITICAL');
    const bare = coloured.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '');
    expect(bare).toBe(plain);
  });

  it('never acts on the terminal with a name', async () => {
    const text = await formatCheckText(
      reportOn(thresholdRules({ options: [{ name: 'memory', value: '1' }] }), troubled),
    );
    expect(text).toContain('java\\x1b[31m');
    expect(text).not.toContain('\u001b');
  });
});

it('lists rules', async () => {
  expect(await formatRules(typed, new Map(Object.entries(GROUPS)))).toMatchInlineSnapshot(`
    "rule    path                     alerts
    cpu     cpu.used_percent         warning above 80 %, critical above 95 %
    memory  memory.used_percent      warning above 85 %, critical above 95 %
    swap    swap.used_percent        warning above 90 %, critical above 98 %
    disk    filesystem.used_percent  warning above 80 %, critical above 90 %
    "
  `);
});

it.each([60, 80])('lists rules in %d columns', async (width) => {
  const rules = withDefaults([
    ...thresholdRules({
      options: [{ name: 'disk', value: '/srv/databases/postgres=80' }],
      warning: ['network[eth1].receive_bytes_per_second=1MB'],
    }),
  ]);
  const groups = new Map(Object.entries(GROUPS));
  const text = await formatRules(rules, groups, width);
  for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
  // What is over several lines is broken at blanks and signs.
  expect(text).not.toMatch(/warnin$|critica$|aver$/m);
  expect((await formatRules(rules, groups)).trimEnd().split('\n')).toHaveLength(rules.length + 1);
});
