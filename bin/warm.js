// Part of the build: runs what short commands run, and keeps what V8 compiled for it. Its argument is one of the commands
// that share what is kept.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { cacheFor, load } = require('./load.js');

const command = process.argv[2];
const cache = cacheFor(command);

const NO_CONFIG = ['--config', '/dev/null'];

const CALLS = {
  check: (options) => [
    ['check', ...options],
    ['check', ...options, '--over', '100ms', '--cpu'],
  ],
  grep: (_, log) => [
    ['grep', ...NO_CONFIG, '-n', 'sample', log],
    ['grep', ...NO_CONFIG, '--where', 'cpu.used_percent > 101', log],
    ['tail', ...NO_CONFIG, '-n', '2', log],
  ],
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
      ];
      spawnSync(process.execPath, recording, { stdio: 'ignore' });
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
