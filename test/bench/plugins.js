/** A check beside the monitoring plugin of the same name: programs in C, which no program in Node comes near. For the table only. */

import { existsSync } from 'node:fs';
import { SYSMON } from './process.js';
import { race } from './start-up.js';

const FOLDERS = ['/usr/lib/nagios/plugins', '/usr/lib64/nagios/plugins', '/usr/lib/monitoring-plugins'];

const CHECKS = [
  { plugin: 'check_load', theirs: ['-w', '50', '-c', '90'], ours: ['--load', '50,90'] },
  { plugin: 'check_disk', theirs: ['-w', '1%', '-c', '1%', '-p', '/'], ours: ['--disk', '/=99,99'] },
];

export const measurePlugins = () =>
  CHECKS.map(({ plugin, theirs, ours }) => {
    const what = `check ${ours.join(' ')}, against ${plugin}`;
    const path = FOLDERS.map((folder) => `${folder}/${plugin}`).find(existsSync);
    if (path === undefined) return { what, ours: '', peer: 'not installed' };
    return {
      what,
      ...race([process.execPath, SYSMON, 'check', '--format', 'nagios', ...ours], [path, ...theirs]),
    };
  });
