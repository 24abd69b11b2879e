export type { TextRow } from '../../helpers/board-days.ts';
import type { TableRow } from '../../../src/boards/table.ts';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import type { TextRow } from '../../helpers/board-days.ts';
import type { BoardReading } from '../../../src/boards/reading.ts';

/** What a page without a payload shows: every row was read. */
export function shownReading(rows: readonly TextRow[]): BoardReading {
  return {
    stated: { shown: null, total: null },
    loaded: null,
    loadedFrom: null,
    headers: Object.keys(rows[0] ?? {}),
    shown: rows.map((cells, index) => ({ identity: '', index, cells })),
    complete: true,
    filters: [],
    pageError: null,
  };
}

/** What a page with a payload loaded, and shows. */
export function loadedReading(rows: readonly TextRow[]): BoardReading {
  const loaded = rows.map(tableRowOf);
  return { ...shownReading(rows), loaded, loadedFrom: 'http://127.0.0.1/rows' };
}

export const tableRowOf = (row: TextRow): TableRow =>
  Object.fromEntries(Object.entries(row).map(([header, text]) => [header, { text }]));

/** The capture of a table that was loaded. */
export const tableSnapshot = (
  board: string,
  rows: readonly TextRow[],
  facts: Partial<BoardSnapshot> = {},
): BoardSnapshot => ({
  board,
  renderer: 'gradio',
  status: 'verified',
  stated: { shown: null, total: rows.length },
  filters: [],
  headers: Object.keys(rows[0] ?? {}),
  loadedFrom: 'http://127.0.0.1/rows',
  loaded: rows.map(tableRowOf),
  shown: [],
  shownChecked: 0,
  hidden: 0,
  seconds: 1,
  ...facts,
});
