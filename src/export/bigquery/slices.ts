import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';

/** A part of a table's history that new rows replace. */
export interface SliceColumn {
  name: string;
  /** Of a time, its day counts. */
  byDay: boolean;
}

/**
 * Columns that say which rows in production a new row replaces; none means that the new rows replace
 * the whole table. The same rule as in the DuckDB file: history by day, boards one by one, runs by run.
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

/** How a production table is laid out on creation: history by day, and by its id. */
export function layoutOf(table: Table): {
  timePartitioning?: { type: string; field: string };
  clustering?: { fields: string[] };
} {
  const strings = columnsOf(table).filter(
    ({ type, mode }) => type === 'STRING' && mode !== 'REPEATED',
  );
  const names = new Set(strings.map(({ name }) => name));
  const id = names.has('id') ? ['id'] : table.key.filter((it) => names.has(it)).slice(0, 2);
  return {
    ...(table.historyBy === undefined
      ? {}
      : { timePartitioning: { type: 'DAY', field: table.historyBy } }),
    ...(id.length === 0 ? {} : { clustering: { fields: id } }),
  };
}
