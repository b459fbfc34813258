/** Traffic counters of the interfaces through systeminformation; its own rates are left alone. */

import type { Group } from '../../core/group.js';
import { letIn } from '../../core/pattern.js';
import { known } from '../../core/rates.js';
import type { Row } from '../../core/sample.js';
import { row } from '../../core/sample.js';
import type { Ask, Filter } from '../../core/vital.js';
import type { Portable } from '../portable.js';
import { type Fields, numberAt, objectsOf, textAt } from './fields.js';

/** Interfaces whose packets stay inside the machine, or belong to its own services, by their names elsewhere than on Linux. */
const INSIDE: Readonly<Record<string, RegExp>> = {
  darwin: /^(lo|gif|stf|anpi|ap|awdl|llw|p2p|XHC|feth|vmnet|vmenet)\d*$/,
  win32: /loopback|^vEthernet/i,
};

/** Why interfaces do not count, as the part itself knows from what is known of them. */
export type AsidesOf = (
  links: readonly { readonly device: string; readonly physical: undefined; readonly master: undefined }[],
) => ReadonlyMap<string, string>;

/** Counters of one interface. macOS has one number of drops, which is of packets to be sent (netstat(1)). */
const countersOf = (stats: Fields, platform: string): Record<string, number> =>
  known({
    receive_bytes: numberAt(stats, 'rx_bytes'),
    receive_errs: numberAt(stats, 'rx_errors'),
    receive_drop: platform === 'darwin' ? undefined : numberAt(stats, 'rx_dropped'),
    transmit_bytes: numberAt(stats, 'tx_bytes'),
    transmit_errs: numberAt(stats, 'tx_errors'),
    transmit_drop: numberAt(stats, 'tx_dropped'),
  });

/** Not a byte either way: nothing has passed, or it could not be read. The answer is the same for both. */
const isSilent = (stats: Fields): boolean =>
  (numberAt(stats, 'rx_bytes') ?? 0) === 0 && (numberAt(stats, 'tx_bytes') ?? 0) === 0;

/**
 * Result of `networkStats('*')` → raw rows of the interfaces that are let in and of which something is known. Throws
 * where there is none at all: even a machine without a network has a loopback.
 */
export const networkRows = (
  answer: unknown,
  platform: string,
  filter: Filter | undefined,
  asidesOf: AsidesOf,
): readonly Row[] => {
  const all = objectsOf(answer).filter((stats) => textAt(stats, 'iface') !== undefined);
  if (all.length === 0) throw new Error('the system lists no network interface');
  const devices = all.map((stats) => textAt(stats, 'iface') as string);
  const asides = asidesOf(devices.map((device) => ({ device, physical: undefined, master: undefined })));
  const asideOf = (device: string): string | undefined =>
    INSIDE[platform]?.test(device) ? 'inside' : asides.get(device);
  const isIn = letIn(filter);
  return all.flatMap((stats, index) => {
    const device = devices[index] as string;
    if (!isIn(device) || isSilent(stats)) return [];
    const aside = filter?.only === undefined ? asideOf(device) : undefined;
    return row([device], countersOf(stats, platform), aside === undefined ? {} : { aside });
  });
};

export const portableNetwork =
  (network: Group, asidesOf: AsidesOf) =>
  ({ ask, platform }: Portable) =>
  async ({ filters }: Ask) => [
    { group: network, rows: networkRows(await ask('networkStats'), platform, filters.network, asidesOf) },
  ];
