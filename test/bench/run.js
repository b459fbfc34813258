/**
 * What sysmon costs, side by side with its peers in one run. Prints a table; exit code 1 where a bound was missed.
 *
 *     npm run bench -- [--quick | --full] [--write] [cpu] [memory] [log-size] [start-up] [plugins] [replay] [screen] [follow] [grep]
 *         [queries] [rules] [scraped]
 *
 * --quick  shorter runs, for a first look; without it replay makes a year of archives, 4 GB in the temporary folder
 * --full   the log's size from ten real minutes instead of quick ticks of the same mix
 * --write  puts the rows into README.md's table, in place of those that the same benchmarks made before
 */

import { writeFileSync } from 'node:fs';
import { measureCpu } from './cpu.js';
import { measureFollow } from './follow.js';
import { measureGrep } from './grep.js';
import { measureLogSize } from './log-size.js';
import { measureMemory } from './memory.js';
import { measurePlugins } from './plugins.js';
import { measureQueries } from './queries.js';
import { measureReplay } from './replay.js';
import { measureRules } from './rules.js';
import { measureScraped } from './scraped.js';
import { measureScreen } from './screen.js';
import { measureStartUp } from './start-up.js';
import { describeMachine, formatTable, putTable, readIfThere } from './table.js';

const BENCHMARKS = {
  cpu: measureCpu,
  memory: measureMemory,
  'log-size': measureLogSize,
  'start-up': measureStartUp,
  plugins: measurePlugins,
  replay: measureReplay,
  screen: measureScreen,
  follow: measureFollow,
  grep: measureGrep,
  queries: measureQueries,
  rules: measureRules,
  scraped: measureScraped,
};
const README = new URL('../../README.md', import.meta.url);

const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith('--'));
const names = words.filter((word) => !word.startsWith('--'));
const unknown =
  flags.find((flag) => !['--quick', '--full', '--write'].includes(flag)) ??
  names.find((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown !== undefined) throw new Error(`bench: "${unknown}" is neither an option nor a benchmark`);
const options = { quick: flags.includes('--quick'), full: flags.includes('--full') };

const measured = new Map();
for (const [name, measure] of Object.entries(BENCHMARKS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  process.stderr.write(`bench: ${name}\n`);
  measured.set(name, await measure(options));
}
const rows = [...measured.values()].flat();
const text = `${formatTable(rows)}\n\n${describeMachine()}.`;
process.stdout.write(`${text}\n`);
process.exitCode = rows.some(({ holds }) => holds === false) ? 1 : 0;

if (flags.includes('--write')) {
  const { text: readme, problem } = putTable(
    readIfThere(README) ?? '',
    measured,
    Object.keys(BENCHMARKS),
    describeMachine(),
  );
  if (problem === undefined) writeFileSync(README, readme);
  else {
    process.stderr.write(`bench: README.md is as it was: ${problem}\n`);
    process.exitCode = 1;
  }
}
