#!/usr/bin/env node
// Sets the exit code from main(); nothing else. CommonJS and old syntax, so that an old Node can say what is wrong.
const check = process.argv[2] === 'check';
const fail = (message) => {
  process.stderr.write(`sysmon: ${message}\n`);
  process.exitCode = check ? 3 : 1;
};

const run = () => {
  let sysmon;
  try {
    sysmon = require('./load.js').load().sysmon;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    fail('it is not built yet: run "npm install" in its folder');
    return;
  }
  sysmon.main(process.argv.slice(2), sysmon.realWorld(process)).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => fail(error.stack),
  );
};

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`needs Node.js 20 or later, and this is ${process.versions.node}: install a newer one`);
} else run();
