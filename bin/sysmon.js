#!/usr/bin/env node
// Sets the exit code from main(); nothing else. Kept to old syntax, so that an old Node can say what is wrong.
const check = process.argv[2] === 'check';
if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(
    `sysmon: needs Node.js 20 or later, and this is ${process.versions.node}: install a newer one from nodejs.org or your distribution\n`,
  );
  process.exitCode = check ? 3 : 1;
} else {
  import('../dist/main.js')
    .then((module) => module.main(process.argv.slice(2), module.realWorld(process)))
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error) => {
      const missing = error && error.code === 'ERR_MODULE_NOT_FOUND' && /dist.main\.js/.test(error.message);
      process.stderr.write(
        missing
          ? 'sysmon: not built yet: run "npm install" in its folder\n'
          : `${(error && error.stack) || error}\n`,
      );
      process.exitCode = check ? 3 : 1;
    });
}
