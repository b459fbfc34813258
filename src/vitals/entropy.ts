/** Randomness that the kernel has gathered. */

import { gauge, group } from '../core/group.js';
import { known } from '../core/rates.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';

export const entropy = group({
  name: 'entropy',
  help: 'Randomness that the kernel has gathered',
  fields: {
    available_bits: gauge('count', 'Bits available', {
      due: 'detail',
      prometheus: 'node_entropy_available_bits',
    }),
    pool_size_bits: gauge('count', 'Bits that the pool holds', {
      due: 'detail',
      prometheus: 'node_entropy_pool_size_bits',
    }),
  },
});

export const part: Part = {
  groups: [entropy],

  linux: (tree) => () => {
    const number = (file: string): number | undefined => {
      const text = tree.procIfThere(`sys/kernel/random/${file}`);
      return text === undefined ? undefined : Number(text);
    };
    const numbers = known({ available_bits: number('entropy_avail'), pool_size_bits: number('poolsize') });
    return Object.keys(numbers).length === 0 ? [] : [{ group: entropy, rows: [row([], numbers)] }];
  },
};
