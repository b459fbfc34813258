/** YAML into nodes with their places. */

import { describe, expect, it } from 'vitest';
import { placeInScalar, readYaml, type YamlScalar, yamlToJson, yamlValue } from '../src/yaml.js';

const read = (text: string) => readYaml(text, 'f.yml');
const plain = async (text: string) => yamlToJson((await read(text)).root);

describe('readYaml', () => {
  it('tells where each node stands', async () => {
    const { root } = await read('a:\n  - b: 1\n    c: [x, "y"]\n');
    const list = yamlValue(root, 'a');
    if (list?.kind !== 'list') throw new Error('no list');
    expect(list.items[0]).toMatchObject({ kind: 'map', at: { line: 2, column: 5 } });
    expect(yamlValue(list.items[0], 'b')).toMatchObject({ value: 1, text: '1', at: { line: 2, column: 8 } });
    expect(yamlValue(list.items[0], 'c')).toMatchObject({
      items: [{ at: { column: 9 } }, { text: 'y', style: 'quoted', at: { column: 12 } }],
    });
  });

  it('keeps what a number, a truth and nothing look like', async () => {
    const { root } = await read('a: 1.50\nb: true\nc:\nd: yes\ne: 0x10\n');
    if (root?.kind !== 'map') throw new Error('no map');
    expect(root.entries.map(({ value }) => (value as YamlScalar).text)).toEqual([
      '1.50',
      'true',
      '',
      'yes',
      '0x10',
    ]);
    expect(yamlToJson(root)).toEqual({ a: 1.5, b: true, c: null, d: 'yes', e: 16 });
  });

  it('follows aliases and merges maps', async () => {
    const text = 'a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: [*a]\n';
    expect(await plain(text)).toEqual({ a: { x: 1, y: 2 }, b: { y: 3, x: 1 }, c: [{ x: 1, y: 2 }] });
  });

  it('has no root where nothing is written', async () => {
    expect((await read('')).root).toBeUndefined();
    expect((await read('# nothing\n')).root).toBeUndefined();
  });

  it('reads the first document, and says where a second one begins', async () => {
    const { root, second } = await read('a: 1\n---\nb: 2\n');
    expect(yamlToJson(root)).toEqual({ a: 1 });
    expect(second?.line).toBe(2);
  });

  it.each([
    ['a: 1\na: 2\n', /^f\.yml:2:1: Map keys must be unique/],
    ['a: [1, 2\nb: 3\n', /^f\.yml:\d:\d+: .*/],
    ['? [a]\n: 1\n', /^f\.yml:1:3: a key is a word/],
    ['a: *b\n', /^f\.yml:1:4: /],
    ['a: &a [*a]\n', /^f\.yml:1:\d+: nested deeper/],
    ['<<: 1\n', /^f\.yml:1:\d: "<<" wants a map/],
    ['a: "x\n', /^f\.yml:\d:\d+: /],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toHaveProperty('name', 'Error');
  });

  it('refuses what is nested without end', async () => {
    await expect(read('['.repeat(100_000))).rejects.toThrow(/^f\.yml:1:201: nested deeper than 200 levels/);
    await expect(read(`${'- '.repeat(10_000)}x`)).rejects.toThrow(/^f\.yml:1:1: nested deeper/);
    await expect(read(`${'? '.repeat(300)}x`)).rejects.toThrow(/^f\.yml:1:1: nested deeper/);
    const stairs = Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
    await expect(read(stairs)).rejects.toThrow(/^f\.yml:201:1: nested deeper/);
  });

  it('does not let aliases grow without end', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level++)
      lines.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`)}]`);
    await expect(read(lines.join('\n'))).rejects.toThrow(/aliases make too much/);
  });
});

describe('placeInScalar', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['expr: up == 0\n', '1:10'],
    ['expr: "up == 0"\n', '1:11'],
    ['expr: |\n  up\n    == 0\n', '3:5'],
    ['expr: >-\n  up == 0\n', '2:6'],
    // Joined lines and escapes: where it begins is what is known.
    ['expr: >\n  up\n  == 0\n', '1:7'],
    ['expr: "up\\x20== 0"\n', '1:7'],
  ];
  it.each(cases)('finds == in %j', async (text, expected) => {
    const document = await read(text);
    const node = yamlValue(document.root, 'expr') as YamlScalar;
    const { line, column, offset } = placeInScalar(document, node, node.text.indexOf('=='));
    expect(`${line}:${column}`).toBe(expected);
    if (expected !== '1:7') expect(text.slice(offset, offset + 2)).toBe('==');
  });
});
