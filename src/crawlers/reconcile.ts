import type { BoardDefinition } from '../boards/definition.ts';
import { BoardDriftError, differs, type Difference } from '../boards/drift.ts';
import { matchHeaders } from '../boards/headers.ts';
import { checkIdentities, identitiesOf } from '../boards/identities.ts';
import type { BoardReading } from '../boards/reading.ts';
import type { BoardStatus, Proof, ShownRow } from '../boards/snapshot.ts';
import { cellOf, tableRow, type TableRow } from '../boards/table.ts';
import { checkValues } from './check-values.ts';

export interface Reconciliation {
  status: BoardStatus;
  proof: Proof | null;
  /** Shown rows with the board's full identity. */
  shown: ShownRow[];
  shownChecked: number;
  /** Loaded rows that the filters hide. */
  hidden: number;
  warnings: string[];
}

/**
 * Compares what the page states, what it loaded and what it shows. Pure; the one place that decides
 * whether a board may be used. Each shown cell must be the loaded one, and where nothing was loaded all
 * rows must have been read.
 *
 * @throws {BoardDriftError} BOARD_DRIFT with the differences; nothing of the board may be used then.
 */
export function reconcile(definition: BoardDefinition, reading: BoardReading): Reconciliation {
  const { loaded, pageError } = reading;
  const rows = loaded ?? reading.shown.map(tableRow);
  if (pageError !== null && loaded !== null) return loadedOnly(definition, loaded, pageError);
  const match = matchHeaders(definition, reading.headers);
  const missing = [...match.diff];
  if (reading.shown.length === 0 && reading.pageless !== true) {
    missing.push(differs('rows on the page', 'some', 'none'));
  }
  const identities = identitiesOf(definition, rows);
  if (missing.length > 0) {
    // Without its columns every row would differ, and hide what happened.
    const known = definition.records ? checkIdentities(definition, identities) : [];
    throw new BoardDriftError(definition.id, [...known, ...missing]);
  }
  const kept = reading.kept ?? rows.map((_row, place) => place);
  const { hidden: uncounted = 0 } = reading;
  const columns = match.columns.map(({ column }) => column);
  const diff = [
    ...checkIdentities(definition, identities),
    ...checkValues(columns, rows),
    ...checkFilters(reading),
    ...checkCounts(reading, { all: rows.length + uncounted, kept: kept.length }),
  ];
  const shown = reading.shown.map((row, position) => {
    const place = loaded === null ? position : kept[row.index];
    if (loaded !== null) {
      const cells = definition.records ? knownCells(row, loaded) : row;
      diff.push(...checkRow(cells, loaded[place ?? -1], reading));
    }
    return { ...row, identity: identities[place ?? -1] ?? '' };
  });
  if (diff.length > 0) throw new BoardDriftError(definition.id, diff);
  const hidden = rows.length + uncounted - kept.length;
  const { notes = [] } = reading;
  const warnings = [...match.warnings, ...hiddenWarning(uncounted), ...notes];
  return { ...proofOf(definition, reading), shown, shownChecked: shown.length, hidden, warnings };
}

/** What the rows agreed with. */
function proofOf(
  { frozen }: BoardDefinition,
  { loaded, loadedFrom, stated, pageless = false }: BoardReading,
): Pick<Reconciliation, 'status' | 'proof'> {
  const status = 'verified';
  if (pageless) return { status, proof: 'file' };
  if (loaded !== null || loadedFrom !== null) return { status, proof: 'payload' };
  const isCounted = stated.total !== null || stated.shown !== null || frozen !== undefined;
  return isCounted ? { status, proof: 'counted' } : { status: 'at_rest', proof: 'at_rest' };
}

const hiddenWarning = (rows: number): string[] =>
  rows === 0 ? [] : [`The page loaded ${rows} rows that it does not show: these are not taken`];

/** Rows that arrived whole although their page shows an error instead of them. */
function loadedOnly(
  definition: BoardDefinition,
  loaded: readonly TableRow[],
  pageError: string,
): Reconciliation {
  const diff = [
    ...checkIdentities(definition, identitiesOf(definition, loaded)),
    ...checkValues(definition.columns, loaded),
  ];
  if (diff.length > 0) throw new BoardDriftError(definition.id, diff);
  const warnings = [`The page shows an error instead of its rows: ${pageError}`];
  return { status: 'loaded_only', proof: null, shown: [], shownChecked: 0, hidden: 0, warnings };
}

/** What a filter hides can only be checked where it is known which rows it keeps. */
const checkFilters = ({ filters, kept }: BoardReading): Difference[] =>
  kept ? [] : filters.map((filter) => differs('filter in force', 'none', filter));

function checkCounts(
  { stated, shown, complete, loaded, pageless }: BoardReading,
  rows: { all: number; kept: number },
): Difference[] {
  const expected: [string, number, number | null][] = [
    ['stated total', rows.all, stated.total],
    ['stated shown', rows.kept, stated.shown],
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

/** A page that makes its rows of records may have columns that nobody knows: these are only warned of. */
function knownCells(shown: ShownRow, [first]: readonly TableRow[]): ShownRow {
  const known = Object.entries(shown.cells).filter(([header]) => cellOf(first, { header }));
  return { ...shown, cells: Object.fromEntries(known) };
}

function checkRow(
  shown: ShownRow,
  row: TableRow | undefined,
  { agrees = (a, b) => a.text === b.text }: BoardReading,
): Difference[] {
  const where = `row ${shown.index}`;
  if (!row) return [{ ...differs('row', 'as many as loaded', 'one more'), where }];
  return Object.entries(tableRow(shown)).flatMap(([header, cell]) => {
    const loaded = cellOf(row, { header });
    if (loaded && agrees(loaded, cell, header)) return [];
    const expected = loaded?.text ?? 'no such column';
    return [{ ...differs('cell', expected, cell.text), where: `${where}, ${header}` }];
  });
}
