// Part of the build: runs what short commands run, and keeps what V8 compiled for it.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { cache, load } = require('./load.js');

const warm = async () => {
  rmSync(cache, { force: true });
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
  try {
    const file = join(folder, 'sysmon.log');
    const recorder = load().sysmon;
    const { sysmon, compiled } = load();
    // Where there is no procfs other programs would be started: their answers are not worth a build's time.
    if (process.platform === 'linux') {
      const options = ['--config', '/dev/null', '--file', file];
      await recorder.main(
        ['log', ...options, '--interval', '20ms', '--count', '3'],
        recorder.realWorld(process),
      );
      // What the recorder ran is not kept: a cache of what short commands run is read faster.
      await sysmon.main(['check', ...options], sysmon.realWorld(process));
      await sysmon.main(['check', ...options, '--over', '100ms', '--cpu'], sysmon.realWorld(process));
    }
    writeFileSync(cache, compiled());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

warm();
