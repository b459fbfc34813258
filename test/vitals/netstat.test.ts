import { expect, test } from 'vitest';
import { rowsOf } from '../../src/core/sample.js';
import { part } from '../../src/vitals/netstat.js';
import { openMachines, readerOf, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

test('takes the counters that node_exporter takes, by protocol', async () => {
  const { tree } = machine({
    'proc/net/netstat':
      'TcpExt: SyncookiesSent ListenOverflows TCPTimeouts TCPSackRecovery\nTcpExt: 1 2 3 4\nIpExt: InNoRoutes InOctets OutOctets\nIpExt: 5 6 7\n',
    'proc/net/snmp':
      'Ip: Forwarding DefaultTTL\nIp: 2 64\nIcmp: InMsgs InErrors\nIcmp: 8 9\nIcmpMsg: InType3\nIcmpMsg: 1\nTcp: MaxConn CurrEstab InErrs\nTcp: -1 10 11\nUdp: InDatagrams InErrors\nUdp: 12 13\nUdpLite: InDatagrams InErrors\nUdpLite: 14 15\n',
    'proc/net/snmp6':
      'Ip6InReceives                   \t1\nIp6InOctets                     \t16\nIcmp6InErrors                   \t17\nUdp6NoPorts                     \t18\nUdpLite6InErrors                \t19\n',
  });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.numbers).toEqual({
    TcpExt_SyncookiesSent: 1,
    TcpExt_ListenOverflows: 2,
    TcpExt_TCPTimeouts: 3,
    IpExt_InOctets: 6,
    IpExt_OutOctets: 7,
    Ip_Forwarding: 2,
    Icmp_InMsgs: 8,
    Icmp_InErrors: 9,
    Tcp_CurrEstab: 10,
    Tcp_InErrs: 11,
    Udp_InDatagrams: 12,
    Udp_InErrors: 13,
    UdpLite_InErrors: 15,
    Ip6_InOctets: 16,
    Icmp6_InErrors: 17,
    Udp6_NoPorts: 18,
    UdpLite6_InErrors: 19,
  });
});

test('counters are told by the names above them, also where these change from one reading to the next', async () => {
  const { tree, write } = machine({ 'proc/net/snmp': 'Icmp: InMsgs InErrors\nIcmp: 1 2\n' });
  const read = readerOf(part, tree);
  const numbers = async () => rowsOf(await read(DETAIL), 'netstat')[0]?.numbers;
  expect(await numbers()).toEqual({ Icmp_InMsgs: 1, Icmp_InErrors: 2 });
  write('proc/net/snmp', 'Icmp: InMsgs InErrors\nIcmp: 3 4\n');
  expect(await numbers()).toEqual({ Icmp_InMsgs: 3, Icmp_InErrors: 4 });
  write('proc/net/snmp', 'Icmp: New InErrors InMsgs\nIcmp: 9 5 6\n');
  expect(await numbers()).toEqual({ Icmp_InMsgs: 6, Icmp_InErrors: 5 });
});

test('a line of values that is not of the names above it, or is too short, tells nothing of them', async () => {
  const { tree } = machine({ 'proc/net/snmp': 'Icmp: InMsgs\nTcp: 1\nTcp: InErrs CurrEstab\nTcp: 2\n' });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.numbers).toEqual({ Tcp_InErrs: 2 });
});

test('a machine without IPv6 has only the others', async () => {
  const { tree } = machine({ 'proc/net/snmp': 'Tcp: CurrEstab\nTcp: 3\n' });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.numbers).toEqual({ Tcp_CurrEstab: 3 });
});

test('is absent where there is no network', async () => {
  expect(await rowsFrom(part, machine({ 'proc/stat': '' }).tree, DETAIL)).toEqual([]);
});
