/** A plan at work: pattern, selection and output put together, for one text after the other. */

import { openFormat } from '../formats/index.js';
import type { Matcher } from '../matcher.js';
import type { UnitOptions } from '../multiline.js';
import { compilePattern } from '../pattern/index.js';
import { openSelector } from '../selection.js';
import { parseWhere } from '../where/index.js';
import type { Collector } from './collect.js';
import type { Feed } from './feed.js';
import { findAll, findSelected } from './find.js';
import { openJsonPrinter } from './json.js';
import type { SearchPlan, Traits } from './plan.js';
import { openPrinter, type TextPrinter } from './print.js';
import { openFieldsPrinter, openTallies, openTallyPrinter, type Tallies } from './read-lines.js';
import { lineRecords } from './records.js';
import { type Find, openScan, type ScanOptions } from './scan.js';
import { newView, search } from './search.js';
import { unitRecords } from './units.js';

export interface Engine {
  /** Searches a text, from offset `origin` on. `traits` where the plan asks what lines say. */
  readonly search: (feed: Feed, name: string, traits?: Traits, origin?: number) => Promise<void>;
  /** How many records of the last text were selected, as far as it came. */
  readonly count: () => number;
  /** What was counted of fields so far, where that is the output. */
  readonly tallies: Tallies;
  /** All texts are over. */
  readonly finish: () => void;
}

export interface EngineOptions {
  readonly out: Collector;
  /** Asked now and then; gives whether to go on. */
  readonly between: (feed: Feed) => Promise<boolean> | boolean;
}

const printerFor = (
  { output, print }: SearchPlan,
  matcher: Matcher | undefined,
  out: Collector,
  tallies: Tallies,
): TextPrinter & { readonly summary?: () => void } => {
  switch (output.kind) {
    case 'lines':
      return openPrinter(out, matcher, print);
    case 'json':
      return openJsonPrinter(out, matcher, print);
    case 'fields': {
      const { json } = output;
      return openFieldsPrinter(out, output.names, {
        json,
        isSafe: print.safe,
        lineBuffered: print.lineBuffered,
      });
    }
    case 'tally':
      return openTallyPrinter(out, tallies, output);
  }
};

const NEWLINE = 10;

/** Throws a UserError for a pattern or an expression that is none. */
export const openEngine = (plan: SearchPlan, options: EngineOptions): Engine => {
  const { selection, multiline, scan: scanOptions } = plan;
  const { eol } = scanOptions;
  const { out, between } = options;
  const matcher = plan.pattern && compilePattern(plan.pattern);
  const where = selection?.where === undefined ? undefined : parseWhere(selection.where);
  const view = newView();
  const tallies = openTallies(plan.output.kind === 'tally' ? plan.output : {});
  const printer = printerFor(plan, matcher, out, tallies);
  const isSelecting = selection !== undefined;
  // With a selection, what is found is selected: inverting is the finder's part then.
  const scanned: ScanOptions = isSelecting ? { ...scanOptions, invert: false } : scanOptions;
  const scan = openScan(view, printer, scanned);
  const lines = lineRecords(eol);
  // What is not found is passed over: it is counted nowhere, and is nobody's context.
  const skips = !isSelecting && !multiline && scanned.quiet && !scanned.invert;

  const unitOptions = (traits: Traits | undefined): UnitOptions | undefined =>
    traits && { format: openFormat(traits.format), context: traits.context, stamped: traits.stamped };

  return {
    search: async (feed, name, traits, origin) => {
      const reading = unitOptions(traits);
      const records = multiline && reading !== undefined ? unitRecords(eol, reading) : lines;
      let find: Find = matcher?.next ?? findAll;
      if (isSelecting && reading !== undefined) {
        const { where: _text, ...wanted } = selection;
        const { format, context } = reading;
        const selector = openSelector({ ...wanted, ...(where && { where }), format, context });
        // It looks for newlines.
        const known = eol === NEWLINE ? selector : { accept: selector.accept };
        find = findSelected(known, matcher, scanOptions.invert, view, records);
      }
      scan.begin(find, records);
      printer.begin(name, reading);
      await search(feed, view, scan, records, {
        eol,
        ...(origin !== undefined && { origin }),
        ...(skips && matcher?.needed !== undefined && { needed: matcher.needed }),
        settle: (end) => printer.settle(view, end),
        between: () => between(feed),
      });
      printer.end?.();
    },
    count: scan.count,
    tallies,
    finish: () => printer.summary?.(),
  };
};
