/** Lines of /proc/PID/stat for tests. */

export interface Line {
  readonly pid: number;
  readonly name: string;
  readonly state?: string;
  readonly userTicks?: number;
  readonly systemTicks?: number;
  readonly startTicks?: number;
  readonly pages?: number;
  readonly threads?: number;
}

/** proc_pid_stat(5), with -1 for the terminal's group as kernel threads have it. */
export const statLine = (line: Line): string => {
  const {
    pid,
    name,
    state = 'S',
    userTicks = 0,
    systemTicks = 0,
    startTicks = 100,
    pages = 10,
    threads = 1,
  } = line;
  return `${pid} (${name}) ${state} 1 ${pid} ${pid} 0 -1 4194560 1 2 3 4 ${userTicks} ${systemTicks} 9 9 20 0 ${threads} 0 ${startTicks} 8192 ${pages} 18446744073709551615 1 1 0\n`;
};

/** Files of a recorded machine with these processes, all of user 0's or whoever runs the test. */
export const withProcesses = (lines: readonly Line[], uptime = 1000): Record<string, string> => ({
  'proc/stat': 'cpu  1 2 3 4\nbtime 1700000000\n',
  'proc/uptime': `${uptime}.00 1.00\n`,
  'proc/meminfo': 'MemTotal: 4096 kB\n',
  ...Object.fromEntries(lines.map((line) => [`proc/${line.pid}/stat`, statLine(line)])),
});
