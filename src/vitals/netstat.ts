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

/** Pairs of lines, names and then values, each after the protocol: /proc/net/netstat and /proc/net/snmp. */
export const parseNetstat = (text: string): Record<string, number> => {
  const out: Record<string, number> = {};
  const lines = text.split('\n');
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [protocol = '', ...names] = (lines[at] as string).split(' ');
    const [again, ...values] = (lines[at + 1] as string).split(' ');
    if (again !== protocol) continue;
    names.forEach((name, index) => {
      const key = `${protocol.slice(0, -1)}_${name}`;
      if (values[index] !== undefined && WANTED.test(key)) out[key] = Number(values[index]);
    });
  }
  return out;
};

/** Lines such as `Ip6InOctets 128`: /proc/net/snmp6. The protocol's name ends with its 6. */
export const parseSnmp6 = (text: string): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const [, protocol, name, value] of text.matchAll(/^([^\s6]*6)(\S+)\s+(\d+)$/gm)) {
    const key = `${protocol}_${name}`;
    if (WANTED.test(key)) out[key] = Number(value);
  }
  return out;
};

export const part: Part = {
  groups: [netstat],

  linux: (tree) => () => {
    const files = ['netstat', 'snmp', 'snmp6'].map((file) => tree.procIfThere(`net/${file}`));
    if (files.every((text) => text === undefined)) return [];
    const [extended = '', snmp = '', snmp6 = ''] = files;
    const numbers = { ...parseNetstat(extended), ...parseNetstat(snmp), ...parseSnmp6(snmp6) };
    return [{ group: netstat, rows: [row([], numbers)] }];
  },
};
