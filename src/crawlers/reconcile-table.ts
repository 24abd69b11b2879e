import { cellOf, tableRow, type TableCell, type TableRow } from '../boards/table.ts';
import type { ShownRow } from '../boards/snapshot.ts';
import { BoardDriftError, differs, type Difference } from '../boards/drift.ts';
import type { BoardDefinition } from '../boards/definition.ts';
import { checkIdentities, identitiesOf } from '../boards/identities.ts';
import { checkValues } from './check-values.ts';
import { matchHeaders, tableHeaders, type HeaderMatch } from '../boards/headers.ts';
import type { BoardReading } from '../boards/reading.ts';

export interface Reconciliation {
  /** `loaded_only`: the page showed its own error although its rows arrived. */
  status: 'verified' | 'loaded_only';
  /** Shown rows with the board's full identity. */
  shown: ShownRow[];
  shownChecked: number;
  /** Loaded rows that the filters hide. */
  hidden: number;
  warnings: string[];
}

/** What the rows of a table say by themselves, whatever the page shows of them. */
export interface JudgedTable {
  headers: readonly string[];
  match: HeaderMatch;
  /** Of each row; empty where columns are missing, without which nothing can be said of it. */
  identities: string[];
  diff: Difference[];
}

/** The part of `reconcileTable` that needs no page: it may be done while the page still draws. Pure. */
export function judgeTable(
  definition: BoardDefinition,
  rows: readonly TableRow[],
  headers: readonly string[],
): JudgedTable {
  const match = matchHeaders(definition, headers);
  if (match.diff.length > 0) return { headers, match, identities: [], diff: [] };
  const identities = identitiesOf(definition, rows);
  const columns = match.columns.map(({ column }) => column);
  const diff = [...checkIdentities(definition, identities), ...checkValues(columns, rows)];
  return { headers, match, identities, diff };
}

/**
 * The same for a board that is a table: each shown cell must be the loaded one, and where nothing was
 * loaded all rows must have been read. Pure.
 *
 * @param foreseen what its rows and headers say; left out, that is found out here
 * @throws {BoardDriftError} BOARD_DRIFT with the differences
 */
export function reconcileTable(
  definition: BoardDefinition,
  reading: BoardReading,
  foreseen?: JudgedTable,
): Reconciliation {
  // Loaded rows are of the renderer's making, which are tables' rows for such a board.
  const loaded = reading.loaded as TableRow[] | null;
  const rows = loaded ?? reading.shown.map(tableRow);
  const { match, identities, ...judged } =
    foreseen ?? judgeTable(definition, rows, tableHeaders(reading.headers, loaded));
  const missing = [...match.diff];
  if (reading.shown.length === 0 && !reading.pageless)
    missing.push(differs('rows on the page', 'some', 'none'));
  // Without its columns every row would differ, and hide what happened.
  if (missing.length > 0) throw new BoardDriftError(definition.id, missing);
  const kept = reading.kept ?? rows.map((_row, place) => place);
  const diff = [
    ...judged.diff,
    ...checkFilters(reading),
    ...checkCounts(reading, { all: rows.length, kept: kept.length }),
  ];
  const shown = reading.shown.map((row, position) => {
    const place = loaded === null ? position : kept[row.index];
    diff.push(...(loaded === null ? [] : checkRow(row, loaded[place ?? -1], reading)));
    return { ...row, identity: identities[place ?? -1] ?? '' };
  });
  if (diff.length > 0) throw new BoardDriftError(definition.id, diff);
  const hidden = rows.length - kept.length;
  const { warnings } = match;
  return { status: 'verified', shown, shownChecked: shown.length, hidden, warnings };
}

/** What a filter hides can only be checked where the renderer knows which rows it keeps. */
const checkFilters = ({ filters, kept }: BoardReading): Difference[] =>
  kept ? [] : filters.map((filter) => differs('filter in force', 'none', filter));

function checkCounts(
  { stated, shown, virtualRows, complete, loaded, pageless }: BoardReading,
  rows: { all: number; kept: number },
): Difference[] {
  const expected: [string, number, number | null][] = [
    ['stated total', rows.all, stated.total],
    ['stated shown', rows.kept, stated.shown],
    ['rows by the height of the table', rows.kept, virtualRows],
    ['rows on the page', rows.kept, complete ? shown.length : null],
  ];
  const places = new Set(shown.map(({ index }) => index)).size;
  if (places !== shown.length) expected.push(['places of rows read', shown.length, places]);
  const diff = expected
    .filter(([, count, found]) => found !== null && found !== count)
    .map(([what, count, found]) => differs(what, count, found ?? 'none'));
  if (pageless === true && stated.total === null) {
    diff.push(differs('stated total', rows.all, 'none'));
  }
  if (loaded === null && !complete) {
    diff.push(differs('rows read', 'all: nothing was loaded', shown.length));
  }
  return diff;
}

const equalTexts = (loaded: TableCell, shown: TableCell): boolean => loaded.text === shown.text;

function checkRow(
  shown: ShownRow,
  row: TableRow | undefined,
  { agrees = equalTexts }: BoardReading,
): Difference[] {
  const where = `row ${shown.index}`;
  if (!row) return [{ ...differs('row', 'as many as loaded', 'one more'), where }];
  return Object.entries(tableRow(shown)).flatMap(([header, cell]) => {
    const loaded = cellOf(row, { header });
    if (loaded && agrees(loaded, cell)) return [];
    const expected = loaded?.text ?? 'no such column';
    return [{ ...differs('cell', expected, cell.text), where: `${where}, ${header}` }];
  });
}
