/** The distribution. */

import { gauge, group, info } from '../core/group.js';
import type { Row } from '../core/sample.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';
import { whileSame } from './while-same.js';

const TEXTS = {
  id: 'short name of the distribution',
  id_like: 'distributions it is like',
  name: 'of the distribution',
  pretty_name: 'name with version',
  version: 'with its name',
  version_id: 'number of the version',
  version_codename: 'name of the version',
  variant: 'edition',
  variant_id: 'short name of the edition',
  build_id: 'of the image the system was made from',
  image_id: 'short name of the image',
  image_version: 'of the image',
};

export const os = group({
  name: 'os',
  help: 'The distribution, from os-release',
  texts: TEXTS,
  labels: Object.keys(TEXTS),
  fields: {
    info: info('The distribution', { name: 'node_os_info' }),
    version: gauge('count', 'Major and minor version', {
      digits: 6,
      due: 'detail',
      prometheus: { name: 'node_os_version', texts: ['id', 'id_like', 'name'] },
    }),
  },
});

/** os-release(5): assignments as in a shell, quotes and backslashes included. */
export const parseOsRelease = (text: string): Record<string, string> => {
  const out: Record<string, string> = {};
  for (const [, name, raw] of text.matchAll(/^\s*([A-Z0-9_]+)=(.*?)\s*$/gm)) {
    const value = raw as string;
    const quote = value.length > 1 && value.endsWith(value[0] as string) ? value[0] : '';
    if (quote === "'") out[(name as string).toLowerCase()] = value.slice(1, -1);
    else {
      const bare = quote === '"' ? value.slice(1, -1) : value;
      out[(name as string).toLowerCase()] = bare.replace(/\\(.)/g, '$1');
    }
  }
  return out;
};

const rowOf = (text: string): Row => {
  const found = parseOsRelease(text);
  const texts = Object.fromEntries(Object.keys(TEXTS).map((name) => [name, found[name] ?? '']));
  const version = /^[0-9]+\.?[0-9]*/.exec(found['version_id'] ?? '')?.[0];
  const numbers: Record<string, number> = version === undefined ? {} : { version: Number(version) };
  return row([], numbers, texts);
};

export const part: Part = {
  groups: [os],

  linux: (tree) => {
    const known = whileSame(rowOf);
    return () => {
      const text = tree.rootIfThere('etc/os-release') ?? tree.rootIfThere('usr/lib/os-release');
      return text === undefined ? [] : [{ group: os, rows: [known(text)] }];
    };
  },
};
