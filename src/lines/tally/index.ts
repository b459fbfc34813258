/** `--count-by` and `--summary`. */

export { addToCounts, type Count, type Counts, mergeCounts, openCounts, rankCounts } from './counts.js';
export { addToTally, mergeTally, openTally, type Summary, summarizeTally, type Tally } from './summary.js';
