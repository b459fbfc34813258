/** Every value that a threshold can name: its path, what it is now, and what that means. */

import { clean } from '../core/clean.js';
import { fieldOf, type Unit } from '../core/group.js';
import { toJson } from '../core/json-text.js';
import { formatPath, type Path } from '../core/path.js';
import { type Row, rowsIn, type Sample } from '../core/sample.js';
import { formatValue } from '../core/units.js';
import { jsonNumber } from './check-json.js';

/** Rows that come and go, such as the processes at the top, are named together. */
const pathOf = (group: string, isList: boolean | undefined, { id }: Row, field: string): Path =>
  isList || id.length === 0 ? { group, field } : { group, id, field };

interface Named {
  readonly path: string;
  readonly value: number;
  readonly unit: Unit;
  readonly help: string;
}

const allIn = (sample: Sample): readonly Named[] =>
  [...sample.readings.values()].flatMap(({ group }) => {
    const rows = rowsIn(sample, group.name);
    return (group.list ? rows.slice(0, 1) : rows).flatMap((row) =>
      Object.entries(row.numbers).flatMap(([name, value]) => {
        const field = fieldOf(group, name);
        const path = formatPath(pathOf(group.name, group.list, row, name));
        return field === undefined ? [] : [{ path, value, unit: field.unit, help: field.help }];
      }),
    );
  });

/** One line a path, never cut: it is to be searched and copied. */
export const formatPaths = async (sample: Sample): Promise<string> => {
  const { formatTable } = await import('./table.js');
  const cells = allIn(sample).map(({ path, value, unit, help }) =>
    [path, formatValue(value, unit), help].map(clean),
  );
  return formatTable([{ title: 'path' }, { title: 'now', align: 'right' }, { title: 'what' }], cells);
};

/** The same as one JSON array. */
export const formatPathsJson = (sample: Sample): string =>
  `${toJson(allIn(sample).map(({ value, ...rest }) => ({ ...rest, value: jsonNumber(value) })))}\n`;
