export type { TextRow } from '../../helpers/board-days.ts';
import type { TableRow } from '../../../src/boards/table.ts';
import { inferBoard } from '../../../src/boards/infer.ts';
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
export const loadedReading = (rows: readonly TextRow[]): BoardReading =>
  loadedRows(rows.map(tableRowOf));

/** The same, where what is loaded may be other than its text. */
export const loadedRows = (loaded: readonly TableRow[]): BoardReading => ({
  ...shownReading(loaded.map(textsOf)),
  ...{ loaded: [...loaded], loadedFrom: 'http://127.0.0.1/rows' },
});

const textsOf = (row: TableRow): TextRow =>
  Object.fromEntries(Object.entries(row).map(([header, { text }]) => [header, text]));

export const tableRowOf = (row: TextRow): TableRow =>
  Object.fromEntries(Object.entries(row).map(([header, text]) => [header, { text }]));

/** The capture of a table that was only shown, with what was found out of it. */
export function shownSnapshot(id: string, rows: readonly TextRow[]): BoardSnapshot {
  const reading = shownReading(rows);
  const inferred = inferBoard({ id, url: 'http://127.0.0.1/' }, 'html', reading);
  return tableSnapshot(id, rows, { loaded: null, shown: reading.shown, inferred });
}

/** The capture of a table that was loaded. */
export const tableSnapshot = (
  board: string,
  rows: readonly TextRow[],
  facts: Partial<BoardSnapshot> = {},
): BoardSnapshot => ({
  board,
  renderer: 'gradio',
  ...{ status: 'verified', proof: 'payload' },
  stated: { shown: null, total: rows.length },
  ...{ filters: [], controls: [], variant: '' },
  headers: Object.keys(rows[0] ?? {}),
  loadedFrom: 'http://127.0.0.1/rows',
  loaded: rows.map(tableRowOf),
  shown: [],
  shownChecked: 0,
  hidden: 0,
  seconds: 1,
  ...facts,
});
