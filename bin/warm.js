// Part of the build: runs what short commands run, and keeps what V8 compiled for it.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { cache, load } = require('./load.js');

const warm = async () => {
  rmSync(cache, { force: true });
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
  try {
    const { sysmon, compiled } = load();
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
      await sysmon.main(['check', ...options], world);
      await sysmon.main(['check', ...options, '--over', '100ms', '--cpu'], world);
      await sysmon.main(['grep', '--config', '/dev/null', '-n', 'sample', join(folder, 'sysmon.log')], world);
    }
    writeFileSync(cache, compiled());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

warm();
