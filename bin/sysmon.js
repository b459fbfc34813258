#!/usr/bin/env node
// Sets the exit code from main(), also where main() cannot; nothing else. CommonJS and old syntax, so that an old Node can
// say what is wrong.
const name = process.argv.slice(2).find((word) => !word.startsWith('-'));

/** What commands end with that cannot say why, where it is not 1: as the registry has it (src/commands/index.ts). */
const FAILED = new Map([
  ['check', 3],
  ['grep', 2],
]);
const failed = FAILED.get(name) || 1;

/** Commands that end with none but their own codes. */
const check = name === 'check';

/** Options that take more than the bundle of the command has, and a command whose bundle has it. */
const MORE = [
  [/^--(rules|prometheus-config|scrape)(=|$)/, 'whole'],
  [/^--grep(=|$)/, 'grep'],
];
const [, loaded] = MORE.find(([option]) => process.argv.some((word) => option.test(word))) || [null, name];

// Until main() gives another, and for good if it never does: what nobody answered is not well.
process.exitCode = failed;

const fail = (message) => {
  process.stderr.write(`sysmon: ${message}\n`);
  process.exitCode = failed;
};

/**
 * Whether a read has not come back. Node waits for it at its end, whatever ends it, and where a driver hangs that is for
 * good; only a signal does not wait.
 */
const isHeld = () => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));

/** How long such a read may take when all is done and said, ms. */
const GRACE = 1000;

/**
 * Closes what a terminal that has died has left of the standard streams. Node puts back at its end how they were set, and
 * where that fails it aborts (node::ResetStdio); what is closed it leaves alone.
 */
const closeDead = () => {
  const MEMORY_DEVICES = 1;
  const { closeSync, fstatSync, writeSync } = require('node:fs');
  for (const fd of [0, 1, 2])
    try {
      // Writing nothing fails on a dead terminal; it also does on what is only read, and that error takes its time.
      const stat = fstatSync(fd);
      if (stat.isCharacterDevice() && stat.rdev >>> 8 !== MEMORY_DEVICES) writeSync(fd, '');
    } catch (error) {
      if (error.code === 'EIO') closeSync(fd);
    }
};

/** Ends at once where nothing is on its way out any more; else with the last of it. */
const end = (code, isSettled) => {
  process.exitCode = code;
  closeDead();
  if (!isHeld()) {
    if (isSettled()) process.exit();
    return;
  }
  // A check has read nothing that could hang, and ends with none but its own codes.
  if (check) return;
  const timer = setTimeout(() => {
    if (isHeld() && process.stdout.writableLength + process.stderr.writableLength > 0) timer.refresh();
    else if (isHeld()) stop(code === 130 ? 'SIGINT' : 'SIGTERM');
  }, GRACE).unref();
};

/** As if nobody listened. */
const stop = (signal) => {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
};

// What is thrown outside of every promise. The exit is at once: nothing can be relied on any more.
process.on('uncaughtException', (error) => {
  fail(`this is a bug in sysmon\n${error instanceof Error ? error.stack : error}`);
  process.exit();
});

// A check ends with 0 to 3, whatever ends it: a terminal, a supervisor, a timer, a limit of the shell.
const SIGNALS = ['HUP', 'INT', 'QUIT', 'TERM', 'ALRM', 'USR1', 'USR2', 'XCPU', 'XFSZ'];
let stopCheck = (why) => {
  fail(`check: ${why}`);
  process.exit();
};
if (check)
  for (const signal of SIGNALS.map((name) => `SIG${name}`))
    process.on(signal, () => stopCheck(`stopped by ${signal}, nothing was judged`));

const run = () => {
  let sysmon;
  let load;
  try {
    load = require('./load.js').load;
    sysmon = load(loaded).sysmon;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    fail('it is not built yet: run "npm install" in its folder');
    return;
  }
  const world = sysmon.realWorld(process);
  // From now on main() can say it, in the form that the caller wants; but whoever does not read holds nobody.
  let isStopped = false;
  const takeStop = (stop) => {
    stopCheck = (why) => {
      isStopped = true;
      stop(why);
      setTimeout(() => process.exit(), GRACE).unref();
    };
  };
  const words = process.argv.slice(2);
  sysmon
    .main(words, world, takeStop)
    .catch((error) => {
      if (!error.needsWhole) throw error;
      // An option from a file, say, that nobody could see in the words.
      return load('whole').sysmon.main(words, world, takeStop);
    })
    .then((code) => {
      if (isStopped) process.exit(code);
      end(code, world.isSettled);
    });
};

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`needs Node.js 20 or later, and this is ${process.versions.node}: install a newer one`);
} else run();
