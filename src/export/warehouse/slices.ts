import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';

/** A column by which new rows replace a part of a table's history. */
export interface SliceColumn {
  name: string;
  /** Of a time, its day counts. */
  byDay: boolean;
}

/**
 * Columns that say which of the rows before a new row replaces; none means that the new rows replace the
 * whole table. History goes by day, boards one by one, runs by run: a second run on the same day does
 * not replace the first.
 */
export function sliceColumns(table: Table): SliceColumn[] {
  const columns = new Map(columnsOf(table).map(({ name, type }) => [name, type]));
  if (table.origin === 'run') return columns.has('run') ? [{ name: 'run', byDay: false }] : [];
  const board = table.origin === 'board' && columns.has('board');
  const { historyBy } = table;
  return [
    ...(board ? [{ name: 'board', byDay: false }] : []),
    ...(historyBy === undefined
      ? []
      : [{ name: historyBy, byDay: columns.get(historyBy) === 'TIMESTAMP' }]),
  ];
}
