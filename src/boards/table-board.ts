import { columnValue, identityOf } from './table.ts';
import type { BoardColumn, BoardDefinition } from './definition.ts';

/** A board that is a table on its page, as data alone. */
export interface TableBoard extends Pick<
  BoardDefinition,
  | 'id'
  | 'title'
  | 'url'
  | 'renderer'
  | 'file'
  | 'licence'
  | 'minimumRows'
  | 'frozen'
  | 'onRequest'
  | 'unproved'
  | 'repeats'
  | 'tab'
  | 'records'
> {
  /** Names of the columns that tell rows apart. */
  identity: readonly string[];
  columns: readonly TableColumn[];
}

/** A column of such a board; `value` follows from its kind. */
export type TableColumn = Omit<BoardColumn, 'value'>;

/** A score. @param given unit, direction, range, aliases … */
export const score = (
  header: string,
  name: string,
  given: Partial<TableColumn> = {},
): TableColumn => ({ kind: 'number', score: true, ...given, header, name });

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
    columns: columns.map((it) => ({
      ...it,
      value: (row) => columnValue(row, it),
    })),
  };
}
