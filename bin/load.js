// Loads the bundle together with V8's compiled form of it, which the build leaves beside it. Compiling is otherwise a large
// part of a short command's time. V8 refuses a cache that another version of it made; then it compiles as always.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const dist = join(__dirname, '..', 'dist');

/**
 * The bundle of each command, and what V8 compiled for it: commands about lines of logs share theirs, and those about PromQL do. What
 * is not here is in the smallest one: a check, which cron starts every minute, and what the program says of itself.
 */
const PARTS = new Map([
  ['log', ['main.js', 'main.cache']],
  ['watch', ['main.js', 'main.cache']],
  ['export', ['main.js', 'main.cache']],
  ['grep', ['main.js', 'lines.cache']],
  ['tail', ['main.js', 'lines.cache']],
  ['query', ['whole.js', 'whole.cache']],
  ['rules', ['whole.js', 'whole.cache']],
  ['whole', ['whole.js', 'whole.cache']],
]);

const partFor = (command) =>
  (PARTS.get(command) || ['check.js', 'check.cache']).map((name) => join(dist, name));

const readCache = (path) => {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
};

/** As the bundle's own would be. To make that one, Node loads a module that costs a millisecond. */
const requireBeside = (id) => require(id.startsWith('./') ? join(dist, id) : id);

/** The bundle's exports, and how to make the cache after some of its code has run. Throws where it is not built. */
exports.load = (command) => {
  const [bundle, cache] = partFor(command);
  const cachedData = readCache(cache);
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

exports.cacheFor = (command) => partFor(command)[1];
