import { columnValue, identityOf } from './table.ts';
import type { BoardColumn, BoardDefinition, TableBoard, TableColumn } from './definition.ts';

export type { TableBoard, TableColumn } from './definition.ts';

/** A score. @param given unit, direction, range, aliases … */
export const score = (
  header: string,
  name: string,
  given: Partial<TableColumn> = {},
): TableColumn => ({ kind: 'number', score: true, ...given, header, name });

/** A score in percent of what could be had. */
export const percent = (
  header: string,
  name: string,
  given: Partial<TableColumn> = {},
): TableColumn => score(header, name, { unit: 'percent', range: [0, 100], ...given });

/** The column that names the model. */
export const model = (header = 'Model', given: Partial<TableColumn> = {}): TableColumn => ({
  ...given,
  kind: 'model',
  header,
  name: 'model',
});

/** Any other column. */
export const column = (
  header: string,
  name: string,
  given: Partial<TableColumn> = {},
): TableColumn => ({ kind: 'text', ...given, header, name });

/** The definition of a board whose rows are `TableRow`s, whatever draws them. */
export function tableBoard({ identity, columns, ...board }: TableBoard): BoardDefinition {
  const identifying = identity.map((name) => {
    const found = columns.find((it) => it.name === name);
    if (found) return found;
    throw new TypeError(`Board ${board.id} has no column ${name}`);
  });
  return {
    ...board,
    identity: (row) => identityOf(row, identifying),
    table: { identity },
    columns: columns.map(typed),
  };
}

/** A column with how its value is read, which follows from its kind. */
export const typed = (given: TableColumn): BoardColumn => ({
  ...given,
  value: (row) => columnValue(row, given),
});
