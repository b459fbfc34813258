/** What fields held, in the form that was asked for. */

import { unitOfName } from '../../core/quantity.js';
import { formatCounts, formatCountsJson, formatSummary, formatSummaryJson } from '../../formats/tally.js';
import type { Tallies } from '../../lines/search/read-lines.js';
import { rankCounts, summarizeTally } from '../../lines/tally/index.js';

export interface TallyRequest {
  readonly countBy?: string;
  readonly summary?: string;
  readonly json: boolean;
}

/** What was counted by one field and of another, whichever was asked for. */
export const talliesText = async (
  { counts, summary }: Tallies,
  { countBy = '', summary: of = '', json }: TallyRequest,
): Promise<string> => {
  const texts: string[] = [];
  if (counts !== undefined) {
    const table = { field: countBy, rows: rankCounts(counts), others: counts.others };
    texts.push(json ? formatCountsJson(table) : await formatCounts(table));
  }
  if (summary !== undefined) {
    const unit = unitOfName(of);
    const { others, absent } = summary;
    const table = {
      field: of,
      rows: summarizeTally(summary),
      others,
      absent,
      ...(unit !== undefined && { unit }),
    };
    texts.push(json ? formatSummaryJson(table) : await formatSummary(table));
  }
  return texts.join(json ? '' : '\n');
};
