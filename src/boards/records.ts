import type { BoardRecords } from './definition.ts';
import type { TableRow } from './table.ts';

/** Places of records in the order of the board. */
function orderOf({ order }: BoardRecords, records: readonly unknown[]): number[] {
  const keys = records.map(order);
  return [...keys.keys()].sort((a, b) => (keys[b] ?? 0) - (keys[a] ?? 0) || a - b);
}

/** The rows that a page makes of records, in their order of loading. Pure. */
export function rowsOfRecords(board: BoardRecords, records: readonly unknown[]): TableRow[] {
  const rows: TableRow[] = [];
  for (const [index, place] of orderOf(board, records).entries()) {
    rows[place] = board.row(records[place], index + 1);
  }
  return rows;
}

/** Places of the records that filters keep, in the board's order; null where one is not known. Pure. */
export function keptRecords(
  board: BoardRecords,
  records: readonly unknown[],
  filters: readonly string[],
): number[] | null {
  const known = board.filters.filter(({ name, value }) => filters.includes(`${name}=${value}`));
  if (known.length !== filters.length) return null;
  return orderOf(board, records).filter((place) => known.every((it) => it.keeps(records[place])));
}
