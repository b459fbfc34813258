/** Counters of IP, ICMP, TCP and UDP. */

import { counter, group } from '../core/group.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';

export const netstat = group({
  name: 'netstat',
  help: 'Counters of the network protocols, from /proc/net/netstat, snmp and snmp6',
  fields: {
    '*': counter('count', 'Counter of a network protocol, named as in the kernel', {
      due: 'detail',
      prometheus: { name: 'node_netstat_*', type: 'untyped' },
    }),
  },
});

/** What node_exporter gives by default of the several hundred counters. */
const WANTED = new RegExp(
  [
    '^(?:.*_(?:InErrors|InErrs)',
    'Ip_Forwarding',
    'Ip(?:6|Ext)_(?:InOctets|OutOctets)',
    'Icmp6?_(?:InMsgs|OutMsgs)',
    'TcpExt_(?:Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts)',
    'Tcp_(?:ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)',
    'Udp6?_(?:InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$',
  ].join('|'),
);

/** Lines of snmp6 that can be wanted, by the ends of their names: a fourth of them. */
const MAYBE_WANTED =
  /^([^\s6]*6)(In(?:Errors|Errs|Octets|Msgs|Datagrams)|Out(?:Octets|Msgs|Datagrams)|NoPorts|(?:Rcv|Snd)bufErrors)\s+(\d+)$/gm;

interface Column {
  /** After the protocol and as many values. */
  readonly at: number;
  readonly key: string;
}

/** A line of names → the wanted ones. It stays the same as long as the kernel does, and is most of the file. */
const wantedOf = (header: string): readonly Column[] => {
  const [protocol = '', ...names] = header.split(' ');
  return names
    .map((name, index) => ({ at: index + 1, key: `${protocol.slice(0, -1)}_${name}` }))
    .filter(({ key }) => WANTED.test(key));
};

/** By their headers, of which a kernel has a dozen. */
const known = new Map<string, readonly Column[]>();
const MOST_KNOWN = 100;

const columnsOf = (header: string): readonly Column[] => {
  let columns = known.get(header);
  if (columns === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    columns = wantedOf(header);
    known.set(header, columns);
  }
  return columns;
};

/** Pairs of lines, names and then values, each after the protocol: /proc/net/netstat and /proc/net/snmp. */
const addNetstat = (out: Record<string, number>, text: string): void => {
  const lines = text.split('\n');
  for (let line = 0; line + 1 < lines.length; line += 2) {
    const header = lines[line] as string;
    const columns = columnsOf(header);
    if (columns.length === 0) continue;
    const values = (lines[line + 1] as string).split(' ');
    if (!header.startsWith(`${values[0]} `)) continue;
    for (let index = 0; index < columns.length; index++) {
      const { at, key } = columns[index] as Column;
      const value = values[at];
      if (value !== undefined) out[key] = Number(value);
    }
  }
};

/** Lines such as `Ip6InOctets 128`: /proc/net/snmp6. The protocol's name ends with its 6. */
const addSnmp6 = (out: Record<string, number>, text: string): void => {
  for (const [, protocol, name, value] of text.matchAll(MAYBE_WANTED)) {
    const key = `${protocol}_${name}`;
    if (WANTED.test(key)) out[key] = Number(value);
  }
};

export const part: Part = {
  groups: [netstat],

  linux: (tree) => () => {
    const extended = tree.procIfThere('net/netstat');
    const snmp = tree.procIfThere('net/snmp');
    const snmp6 = tree.procIfThere('net/snmp6');
    if (extended === undefined && snmp === undefined && snmp6 === undefined) return [];
    const numbers: Record<string, number> = {};
    addNetstat(numbers, extended ?? '');
    addNetstat(numbers, snmp ?? '');
    addSnmp6(numbers, snmp6 ?? '');
    return [{ group: netstat, rows: [row([], numbers)] }];
  },
};
