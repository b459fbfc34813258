/** Kernel and name of the machine. */

import { machine } from 'node:os';
import { group, info } from '../core/group.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';
import type { Tree } from './tree.js';

const TEXTS = {
  sysname: 'name of the kernel',
  release: 'of the kernel',
  version: 'of the kernel: when and how it was built',
  machine: 'kind of hardware',
  nodename: 'name of the machine',
  domainname: 'NIS domain',
};

export const uname = group({
  name: 'uname',
  help: 'Kernel and name of the machine, as uname tells them',
  texts: TEXTS,
  labels: Object.keys(TEXTS),
  fields: { info: info('Kernel and name of the machine', { name: 'node_uname_info' }) },
});

const kernelText = (tree: Tree, file: string): string | undefined =>
  tree.procIfThere(`sys/kernel/${file}`)?.trimEnd();

/** Name of the machine whose files these are; undefined where it is not told. */
export const readHost = (tree: Tree): string | undefined => kernelText(tree, 'hostname') || undefined;

export const part: Part = {
  groups: [uname],

  linux: (tree) => () => {
    const texts = {
      sysname: kernelText(tree, 'ostype'),
      release: kernelText(tree, 'osrelease'),
      version: kernelText(tree, 'version'),
      // A file since Linux 6.1; before, what this process runs on: the same kernel, whatever tree is looked at.
      machine: kernelText(tree, 'arch') ?? machine(),
      nodename: kernelText(tree, 'hostname'),
      domainname: kernelText(tree, 'domainname'),
    };
    if (texts.release === undefined) return [];
    const told = Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return [{ group: uname, rows: [row([], {}, Object.fromEntries(told))] }];
  },
};
