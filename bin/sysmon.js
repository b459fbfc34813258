#!/usr/bin/env node
// Sets the exit code from main(); nothing else. CommonJS and old syntax, so that an old Node can say what is wrong.
const check = process.argv[2] === 'check';
const fail = (message) => {
  process.stderr.write(`sysmon: ${message}\n`);
  process.exitCode = check ? 3 : 1;
};

const load = () => {
  try {
    return require('../dist/main.js');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    fail('it is not built yet: run "npm install" in its folder');
    return undefined;
  }
};

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`needs Node.js 20 or later, and this is ${process.versions.node}: install a newer one`);
} else {
  const sysmon = load();
  if (sysmon !== undefined) {
    sysmon.main(process.argv.slice(2), sysmon.realWorld(process)).then(
      (code) => {
        process.exitCode = code;
      },
      (error) => fail(error.stack),
    );
  }
}
