/** Every value that a threshold can name: its path, what it is now, and what that means. */

import { clean } from '../core/clean.js';
import { fieldOf } from '../core/group.js';
import { formatPath, type Path } from '../core/path.js';
import { type Row, rowsIn, type Sample } from '../core/sample.js';
import { formatValue } from '../core/units.js';

/** Rows that come and go, such as the processes at the top, are named together. */
const pathOf = (group: string, isList: boolean | undefined, { id }: Row, field: string): Path =>
  isList || id.length === 0 ? { group, field } : { group, id, field };

const cellsOf = (sample: Sample): readonly (readonly string[])[] =>
  [...sample.readings.values()].flatMap(({ group }) => {
    const rows = rowsIn(sample, group.name);
    return (group.list ? rows.slice(0, 1) : rows).flatMap((row) =>
      Object.entries(row.numbers).flatMap(([name, value]) => {
        const field = fieldOf(group, name);
        if (field === undefined) return [];
        const path = formatPath(pathOf(group.name, group.list, row, name));
        return [[path, formatValue(value, field.unit), field.help].map(clean)];
      }),
    );
  });

/** One line a path, never cut: it is to be searched and copied. */
export const formatPaths = async (sample: Sample): Promise<string> => {
  const { formatTable } = await import('./table.js');
  return formatTable(
    [{ title: 'path' }, { title: 'now', align: 'right' }, { title: 'what' }],
    cellsOf(sample),
  );
};
