import { expect, test } from 'vitest';
import { parseSockstat, part } from '../../src/vitals/sockstat.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

test('counts by protocol, with pages of memory as bytes too', async () => {
  const { tree } = machine({
    'proc/net/sockstat':
      'sockets: used 19\nTCP: inuse 4 orphan 0 tw 1 alloc 4 mem 117\nFRAG: inuse 0 memory 12\n',
    'proc/net/sockstat6': 'TCP6: inuse 2\nFRAG6: inuse 0 memory 0\n',
  });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.numbers).toEqual({
    sockets_used: 19,
    TCP_inuse: 4,
    TCP_orphan: 0,
    TCP_tw: 1,
    TCP_alloc: 4,
    TCP_mem: 117,
    TCP_mem_bytes: 117 * tree.constants().pageSize,
    FRAG_inuse: 0,
    FRAG_memory: 12,
    TCP6_inuse: 2,
    FRAG6_inuse: 0,
    FRAG6_memory: 0,
  });
});

test('pages are as large as the machine has them', () => {
  expect(parseSockstat('UDP: inuse 1 mem 2\n', 65536)).toMatchObject({ UDP_mem: 2, UDP_mem_bytes: 131072 });
});
