// Part of the build: runs what short commands run, and keeps what V8 compiled for it.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { cache, load } = require('./load.js');

const warm = async () => {
  rmSync(cache, { force: true });
  const { sysmon, compiled } = load();
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
  try {
    const file = join(folder, 'sysmon.log');
    const world = sysmon.realWorld(process);
    // Where there is no procfs other programs would be started: their answers are not worth a build's time.
    if (process.platform === 'linux') {
      await sysmon.main(['log', '--file', file, '--interval', '20ms', '--count', '3'], world);
      await sysmon.main(['check', '--file', file, '--over', '100ms', '--cpu', '--disk'], world);
      await sysmon.main(['check', '--file', file], world);
    }
    writeFileSync(cache, compiled());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

warm();
