/** What is read without the package is what the package reads: the same nodes at the same places. */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../src/yaml.js';
import { readPlainYaml } from '../src/yaml-plain.js';

const outcome = async (text: string): Promise<unknown> => {
  try {
    return await parseYaml(text, 'f.yml');
  } catch {
    return 'refused';
  }
};

/** Whether it was plain; then both have to agree. */
const isSame = async (text: string): Promise<boolean> => {
  const plain = readPlainYaml(text, 'f.yml');
  if (plain !== undefined) expect(await outcome(text), text).toEqual(plain);
  return plain !== undefined;
};

const RULES = `# Rules.
---
groups:
  - name: web   # of all
    interval: 30s
    limit: 10
    rules:
    - alert: Down
      expr: up{job="web"} == 0

      for: 5m
      labels:
        severity: critical
      annotations:
        summary: 'It''s {{ $labels.instance }}: down'
        text: "a # no comment"
    # Another one.
    - record: a:b
      expr: |
        sum by (job) (
          rate(x[5m])

        ) > 1
    - alert: Last
      expr: |-
        100 * a # a comment of PromQL
        or b
`;

const RUNS = 300;

describe('readPlainYaml', () => {
  it('reads rule files as people write them', async () => {
    expect(await isSame(RULES)).toBe(true);
    expect(await isSame(readFileSync(new URL('bench/node-rules.yml', import.meta.url), 'utf8'))).toBe(true);
  });

  it.each([
    'a: [1]\n',
    'a: {b: 1}\n',
    'a: &x 1\n',
    'a: *x\n',
    'a: !!str 1\n',
    'a: >\n  b\n',
    'a: |2\n   b\n',
    'a: "\\n"\n',
    'a: b\n  c\n',
    "a: 'b\n  c'\n",
    'a:\n',
    'a: 1.50\n',
    'a: ~\n',
    'a: true\n',
    'null: 1\n',
    'a: 1\na: 2\n',
    'a: b: c\n',
    'a:\tb\n',
    'a: 1\r\n',
    'a: 1',
    '- - 1\n',
    '-\n  a: 1\n',
    '? a\n: 1\n',
    '<<: 1\n',
    '"a": 1\n',
    'a: 1\n---\nb: 1\n',
    'a: 1\n...\n',
    '%YAML 1.2\n---\na: 1\n',
    'a: "x" y\n',
    'a:\n  b: 1\n c: 1\n',
    '- a: 1\n b: 1\n',
    'a\n',
    '',
    '# a\n',
  ])('leaves %j to the package', (text) => {
    expect(readPlainYaml(text, 'f.yml')).toBeUndefined();
  });

  it.each([
    'a: x y\n- b\n',
    'a:\n- 1\n- b # c\nd: e\n',
    'a: |\n  x\n\n\nb: 1\n',
    'a: |\n  x\n # y\nb: 1\n',
    'a: |-\n  x\n   y\n  \n',
    '- |\n x\n- a:   "x"   # y\n  b: 007 x\n',
    'a: x#y\nb: x:y\nc: a[1m] - {b}\n',
    'a: -x y\nb: - x\n',
    'a:   \n    - b:\n      - c\n',
    'a:\n # b\n  c: 1\n# d\n  e: 2\n',
    "a: ''\nb: \"\"\nc: ''''\n",
    'a: x \n\n   # y\nb: 1w\n',
  ])('agrees on %j', async (text) => {
    await isSame(text);
  });

  const PIECES = [
    ...['a: ', 'b: ', 'c:', '- ', '-', '  ', '    ', ' ', '\n', '\n', '\n  ', '\n    ', '\n- ', '\n  - '],
    ...[
      'x',
      'x y',
      "'x'",
      '"x"',
      '#',
      ' # x',
      '|',
      '|-',
      ':',
      '1',
      '0',
      '-1',
      '5m',
      '---',
      '{',
      '[',
      "''",
      '&',
      '?',
    ],
  ];

  it('agrees on whatever is made of such pieces', async () => {
    const texts = fc
      .array(fc.constantFrom(...PIECES), { maxLength: 14 })
      .map((parts) => `${parts.join('')}\n`);
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        if (await isSame(text)) plain++;
      }),
      { numRuns: RUNS * 10 },
    );
    expect(plain).toBeGreaterThan(RUNS / 10);
  });

  it('agrees on files of tests with a piece put in, or some cut out', async () => {
    const folder = new URL('.', import.meta.url);
    const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yml'))
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .filter((text) => text.length < 2000);
    expect(texts.length).toBeGreaterThan(20);
    const changes = fc.tuple(
      fc.constantFrom(RULES, ...texts),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(6),
      fc.constantFrom('', ...PIECES),
    );
    await fc.assert(
      fc.asyncProperty(changes, async ([text, where, cut, piece]) => {
        const at = Math.floor(where * text.length);
        await isSame(text.slice(0, at) + piece + text.slice(at + cut));
      }),
      { numRuns: RUNS },
    );
  });
});
