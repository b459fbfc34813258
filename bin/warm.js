// Part of the build: runs what short commands run, and keeps what V8 compiled for it. Its argument is one of the commands
// that share what is kept.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { cacheFor, load } = require('./load.js');

const command = process.argv[2];
const cache = cacheFor(command);

const NO_CONFIG = ['--config', '/dev/null'];

/** What rule files mostly have: matchers, rates, matching, aggregations, lines through hours, and something that fires. */
const RULES = `groups:
  - name: warm
    rules:
      - record: instance:used:ratio
        expr: 1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes
      - alert: Full
        expr: |
          node_filesystem_avail_bytes{fstype!="",mountpoint=~"/.*"} / node_filesystem_size_bytes < 2
          and predict_linear(node_filesystem_avail_bytes[6h], 3600) < 0 and node_filesystem_readonly == 0
        for: 1h
        labels:
          severity: warning
      - alert: Busy
        expr: sum without (mode) (avg without (cpu) (rate(node_cpu_seconds_total{mode!~"idle|iowait"}[2m]))) * 100 > 90
        for: 15m
      - alert: Errors
        expr: increase(node_network_receive_errs_total[2m]) / increase(node_network_receive_packets_total[2m]) > 1
      - alert: Loaded
        expr: node_load1 / count without (cpu, mode) (node_cpu_seconds_total{mode="idle"}) >= 0
        annotations:
          summary: '{{ $labels.instance }} has {{ printf "%.1f" $value }}'
`;

const QUERIES = [
  ['avg by (mode) (rate(node_cpu_seconds_total[5m]))', '--format', 'json'],
  ['quantile_over_time(0.9, node_load1[1h]) > bool 1 or max_over_time(deriv(node_load5[1m])[5m:1m])'],
];

const CALLS = {
  query: (options, log) => {
    const file = `${log}.rules.yml`;
    writeFileSync(file, RULES);
    return [
      ['check', ...options, '--rules', file],
      ['query', ...options, 'last_over_time(node_load1[1m])'],
      ...QUERIES.map((words) => ['query', ...options, ...words, '--since', '2s ago', '--step', '10ms']),
    ];
  },
  check: (options) => [
    ['check', ...options],
    ['check', ...options, '--over', '100ms', '--cpu'],
  ],
  export: (options) => [
    ['export', ...options, '--last'],
    ['watch', ...options, '--plain', '--count', '1'],
  ],
  grep: (_, log) => [
    ['grep', ...NO_CONFIG, '-n', 'sample', log],
    ['grep', ...NO_CONFIG, '--where', 'cpu.used_percent > 101', log],
    ['tail', ...NO_CONFIG, '-n', '2', log],
  ],
};

/** What is recorded for them besides. */
const RECORDING = { query: ['--detail-interval', '20ms'], check: ['--detail-interval', '20ms'] };

/** How long a past the log of a check is given, minutes: as far as rules look back. */
const PAST = 150;
const MINUTE = 60_000;

/** Lays the newest sample over the minutes before, as if it had been recorded in each of them. */
const layOut = (log) => {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  const newest = lines.findLast((line) => line.includes('"detail":true'));
  if (newest === undefined) return;
  const before = (minutes) =>
    newest
      .replace(/"time":(\d+)/, (_, time) => `"time":${Number(time) - minutes * MINUTE}`)
      .replace(/"uptime_seconds":([\d.]+)/, (_, seconds) => `"uptime_seconds":${seconds - minutes * 60}`);
  const past = Array.from({ length: PAST }, (_, index) => before(PAST - index));
  const head = lines.findIndex((line) => line.includes('"msg":"sample"'));
  writeFileSync(log, `${[...lines.slice(0, head), ...past, ...lines.slice(head)].join('\n')}\n`);
};

const warm = async () => {
  rmSync(cache, { force: true });
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
  try {
    const { sysmon, compiled } = load(command);
    // Where there is no procfs other programs would be started: their answers are not worth a build's time.
    if (process.platform === 'linux') {
      const options = ['--config', '/dev/null', '--file', join(folder, 'sysmon.log')];
      // In a process of its own: the recorder changes V8's settings, and V8 refuses a cache made under other ones.
      const recording = [
        join(__dirname, 'sysmon.js'),
        'log',
        ...options,
        '--interval',
        '20ms',
        '--count',
        '3',
        ...(RECORDING[command] || []),
      ];
      spawnSync(process.execPath, recording, { stdio: 'ignore' });
      if (command === 'check') layOut(join(folder, 'sysmon.log'));
      const world = sysmon.realWorld(process);
      for (const words of CALLS[command](options, join(folder, 'sysmon.log')))
        await sysmon.main(words, world);
    }
    writeFileSync(cache, compiled());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

warm();
