// Loads the bundle together with V8's compiled form of it, which the build leaves beside it. Compiling is otherwise a large
// part of a short command's time. V8 refuses a cache that another version of it made; then it compiles as always.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const dist = join(__dirname, '..', 'dist');

/**
 * Commands that share what is compiled for them: those about lines of logs, and those about PromQL. It is of no use to the others,
 * and to read it would cost them.
 */
const SHARED = new Map([
  ['grep', 'lines.cache'],
  ['tail', 'lines.cache'],
  ['query', 'whole.cache'],
  ['rules', 'whole.cache'],
  ['whole', 'whole.cache'],
]);

/** Where what V8 compiled for a command is kept. */
const cacheFor = (command) => join(dist, SHARED.get(command) || 'main.cache');

/** PromQL is a third of everything: what does not need it has a bundle without it, which loads in less. */
const bundleFor = (command) => join(dist, SHARED.get(command) === 'whole.cache' ? 'whole.js' : 'main.js');

const readCache = (command) => {
  try {
    return readFileSync(cacheFor(command));
  } catch {
    return undefined;
  }
};

/** As the bundle's own would be. To make that one, Node loads a module that costs a millisecond. */
const requireBeside = (id) => require(id.startsWith('./') ? join(dist, id) : id);

/** The bundle's exports, and how to make the cache after some of its code has run. Throws where it is not built. */
exports.load = (command) => {
  const bundle = bundleFor(command);
  const cachedData = readCache(command);
  // The bundle is ASCII, and so the quickest to read.
  const script = new Script(readFileSync(bundle, 'latin1'), { filename: bundle, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireBeside, module, bundle, dist);
  return {
    sysmon: module.exports,
    compiled: () => script.createCachedData(),
    isCached: script.cachedDataRejected === false,
  };
};

exports.cacheFor = cacheFor;
