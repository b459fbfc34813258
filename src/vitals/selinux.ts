/** Whether SELinux is on, and how strict it is. */

import { gauge, group } from '../core/group.js';
import { known } from '../core/rates.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';
import type { Tree } from './tree.js';

export const selinux = group({
  name: 'selinux',
  help: 'Whether SELinux is on, and how strict it is',
  fields: {
    enabled: gauge('boolean', 'Whether SELinux is on', {
      due: 'detail',
      prometheus: 'node_selinux_enabled',
    }),
    current_mode: gauge('count', 'Mode now: 1 enforcing, 0 permissive', {
      due: 'detail',
      prometheus: 'node_selinux_current_mode',
    }),
    config_mode: gauge('count', 'Mode after the next boot: 1 enforcing, 0 permissive, -1 disabled', {
      due: 'detail',
      prometheus: 'node_selinux_config_mode',
    }),
  },
});

const configMode = (tree: Tree): number => {
  const mode = /^SELINUX=\s*(\w+)/m.exec(tree.rootIfThere('etc/selinux/config') ?? '')?.[1]?.toLowerCase();
  return mode === 'enforcing' ? 1 : mode === 'permissive' ? 0 : -1;
};

/** Compiled in but without a policy, every process bears the label "kernel". */
const isWithoutPolicy = (tree: Tree): boolean =>
  tree.procIfThere('self/attr/current')?.replace(/[\0\n]+$/, '') === 'kernel';

export const part: Part = {
  groups: [selinux],

  linux: (tree) => () => {
    const current = tree.sysNumber('fs/selinux/enforce');
    const enabled = current !== undefined && !isWithoutPolicy(tree);
    const numbers = enabled
      ? known({ enabled: 1, current_mode: current, config_mode: configMode(tree) })
      : { enabled: 0 };
    return [{ group: selinux, rows: [row([], numbers)] }];
  },
};
