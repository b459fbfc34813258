import { expect, test } from 'vitest';
import { parseOsRelease, part } from '../../src/vitals/os.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

test('quotes and backslashes as in a shell', () => {
  const text =
    '# a comment\nNAME="Debian \\"GNU\\"/Linux"\nID=debian\nVERSION_ID=\'12\'\nPRETTY_NAME=""\nVARIANT="a # b"  \nnot an assignment\n';
  expect(parseOsRelease(text)).toEqual({
    name: 'Debian "GNU"/Linux',
    id: 'debian',
    version_id: '12',
    pretty_name: '',
    variant: 'a # b',
  });
});

test('every label is there, empty where the file does not tell', async () => {
  const { tree } = machine({ 'root/etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\n' });
  const [only] = await rowsFrom(part, tree, DETAIL);
  expect(only?.numbers).toEqual({ version: 22.04 });
  expect(only?.texts).toMatchObject({ id: 'ubuntu', version_id: '22.04', id_like: '', image_version: '' });
  expect(Object.keys(only?.texts ?? {})).toHaveLength(12);
});

test('the file in /usr/lib stands in; a rolling distribution has no version', async () => {
  const { tree } = machine({ 'root/usr/lib/os-release': 'ID=arch\n' });
  const [only] = await rowsFrom(part, tree, DETAIL);
  expect(only?.texts['id']).toBe('arch');
  expect(only?.numbers).toEqual({});
  expect(await rowsFrom(part, machine({ 'proc/stat': '' }).tree, DETAIL)).toEqual([]);
});
