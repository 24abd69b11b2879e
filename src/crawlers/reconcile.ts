import type { ShownRow } from '../boards/snapshot.ts';
import { BoardDriftError, differs, type Difference } from '../boards/drift.ts';
import { foldSpace } from '../boards/text.ts';
import type { BoardDefinition } from '../boards/definition.ts';
import { checkIdentities } from '../boards/identities.ts';
import { checkValues } from './check-values.ts';
import { matchHeaders, type FoundColumn } from '../boards/headers.ts';
import { reconcileTable, type Reconciliation } from './reconcile-table.ts';

import type { BoardReading, ShownRun } from '../boards/reading.ts';

/** A loaded row where it should stand on the page. */
interface Expected {
  row: unknown;
  rank: number;
}

/**
 * Compares what the page states, what it loaded and what it shows. Pure; the one place that decides
 * whether a board may be used.
 *
 * @throws {BoardDriftError} BOARD_DRIFT with the differences; nothing of the board may be used then.
 */
export function reconcile(
  definition: BoardDefinition,
  reading: BoardReading,
  loaded = judgeLoaded(definition, reading.loaded),
): Reconciliation {
  if (definition.table) return reconcileTable(definition, reading);
  const diff = [...loaded.diff];
  if (reading.pageError !== null && reading.loaded !== null) {
    if (diff.length > 0) throw new BoardDriftError(definition.id, diff);
    const warnings = [`The page shows an error instead of its rows: ${reading.pageError}`];
    return { status: 'loaded_only', shown: [], shownChecked: 0, hidden: 0, warnings };
  }
  const found = matchHeaders(definition, reading.headers);
  diff.push(...found.diff);
  const { all } = loaded;
  const kept = all && keptOf(definition, reading.filters, all);
  diff.push(...checkFilters(definition, reading.filters), ...checkCounts(reading, all, kept));
  const shown = checkShown({ definition, reading, kept, columns: found.columns, diff });
  if (diff.length > 0) throw new BoardDriftError(definition.id, diff);
  const hidden = (all?.length ?? 0) - (kept?.length ?? 0);
  return {
    status: 'verified',
    shown,
    shownChecked: shown.length,
    hidden,
    warnings: found.warnings,
  };
}

/** What the loaded rows say by themselves, whatever the page shows of them. */
export interface JudgedRows {
  diff: Difference[];
  all: Expected[] | null;
}

/** The part of `reconcile` that needs no page: it may be done while the page still draws. Pure. */
export function judgeLoaded(definition: BoardDefinition, loaded: unknown[] | null): JudgedRows {
  // Rows of a table are judged with its headers.
  if (definition.table) return { diff: [], all: null };
  return { diff: checkLoaded(definition, loaded), all: arrange(definition, loaded) };
}

const checkLoaded = (definition: BoardDefinition, loaded: unknown[] | null): Difference[] =>
  loaded === null
    ? []
    : [
        ...checkIdentities(
          definition,
          loaded.map((row) => definition.identity(row)),
        ),
        ...checkValues(definition.columns, loaded),
      ];

/** Loaded rows in the board's order, each with its rank; null where nothing was loaded. */
function arrange(definition: BoardDefinition, loaded: unknown[] | null): Expected[] | null {
  if (loaded === null) return null;
  const { order } = definition;
  const rows = loaded.map((row) => ({ row, key: order?.(row) ?? 0 }));
  if (order) rows.sort((a, b) => (a.key < b.key ? 1 : 0) - (a.key > b.key ? 1 : 0));
  return rows.map(({ row }, index) => ({ row, rank: index + 1 }));
}

const inForce = (definition: BoardDefinition, filters: readonly string[]) =>
  (definition.filters ?? []).filter(({ name, value }) => filters.includes(`${name}=${value}`));

const keptOf = (
  definition: BoardDefinition,
  filters: readonly string[],
  all: readonly Expected[],
): Expected[] => {
  const known = inForce(definition, filters);
  return all.filter(({ row }) => known.every(({ keeps }) => keeps(row)));
};

/** A filter that we do not know hides rows for a reason that we cannot check. */
function checkFilters(definition: BoardDefinition, filters: readonly string[]): Difference[] {
  const known = inForce(definition, filters).map(({ name, value }) => `${name}=${value}`);
  return filters
    .filter((filter) => !known.includes(filter))
    .map((filter) => differs('filter in force', 'none but the known ones', filter));
}

function checkCounts(
  reading: BoardReading,
  all: Expected[] | null,
  kept: Expected[] | null,
): Difference[] {
  if (all === null || kept === null) return checkUnloadedCounts(reading);
  return unequal([
    ['stated total', all.length, reading.stated.total],
    ['stated shown', kept.length, reading.stated.shown],
  ]);
}

/** A page that loads no rows by itself: all must have been read, and as many as it states, if it does. */
function checkUnloadedCounts({ stated, shown, complete }: BoardReading): Difference[] {
  const count = stated.shown ?? stated.total ?? shown.length;
  const diff = unequal([['rows on the page', count, shown.length]]);
  return complete ? diff : [...diff, differs('rows read', 'all: nothing was loaded', shown.length)];
}

/** What is counted, how much it should be, and how much it is. */
type Count = [what: string, expected: number, found: number | null];

const unequal = (counts: Count[]): Difference[] =>
  counts
    .filter(([, expected, found]) => found !== expected)
    .map(([what, expected, found]) => differs(what, expected, found ?? 'none'));

interface ShownCheck {
  definition: BoardDefinition;
  reading: BoardReading;
  kept: Expected[] | null;
  columns: FoundColumn[];
  diff: Difference[];
}

function checkShown({ definition, reading, kept, columns, diff }: ShownCheck): ShownRow[] {
  const { complete } = reading;
  const runs = reading.runs ?? [{ rows: reading.shown, isStart: complete, isEnd: complete }];
  if (runs.every(({ rows }) => rows.length === 0)) {
    diff.push(differs('rows on the page', 'some', 'none'));
  }
  if (kept === null) return checkUnloaded(definition, reading.shown, diff);
  const rankHeader = columns.find(({ column }) => column.name === 'rank')?.header;
  if (rankHeader === undefined) {
    diff.push(differs('column that ranks the rows', 'one', 'none'));
    return [];
  }
  const placeOf = new Map(kept.map(({ rank }, place) => [String(rank), place]));
  const placed = runs.map(({ rows, ...run }) => ({
    ...run,
    rows: rows.map((row) => ({ ...row, index: placeOf.get(row.cells[rankHeader] ?? '') ?? -1 })),
  }));
  diff.push(...checkRuns(placed, kept.length));
  // Windows overlap: what a row shows the same in two of them is compared once.
  const all = placed.flatMap(({ rows }) => rows);
  const byPlace = new Map(all.map((row) => [row.index, row]));
  const different = [...new Map(all.map((row) => [JSON.stringify(row), row])).values()];
  diff.push(...different.flatMap((row) => checkRow({ definition, columns }, row, kept[row.index])));
  const shown = kept.flatMap(({ row }, index): ShownRow[] => {
    const found = byPlace.get(index);
    return found ? [{ ...found, identity: definition.identity(row) }] : [];
  });
  if (complete) diff.push(...unequal([['rows on the page', kept.length, shown.length]]));
  return shown;
}

/** That a shown row is the loaded one of its place, in each cell. */
function checkRow(
  { definition, columns }: Pick<ShownCheck, 'definition' | 'columns'>,
  shown: ShownRow,
  expected: Expected | undefined,
): Difference[] {
  const where = `row ${shown.index}`;
  const identify = definition.shownIdentity ?? definition.identity;
  const identity = expected && identify(expected.row);
  if (!expected || identity !== shown.identity) {
    return [{ ...differs('identity', identity ?? 'no such row', shown.identity), where }];
  }
  return columns.flatMap(({ header, column }) => {
    if (!column.text) return [];
    const text = foldSpace(column.text(expected.row, expected.rank));
    const found = shown.cells[header];
    if (found === text) return [];
    return [{ ...differs('cell', text, found ?? 'none'), where: `${where}, ${header}` }];
  });
}

/** A run whose rows have the places of their ranks; -1 where no row that should be shown has it. */
interface PlacedRun extends ShownRun {
  rows: ShownRow[];
}

/** That the rows of each run follow each other on the board too, and that the board begins and ends. */
function checkRuns(runs: readonly PlacedRun[], total: number): Difference[] {
  const steps = runs.flatMap(({ rows }) =>
    rows.slice(1).map(({ index }, at): Count => {
      const before = rows[at]?.index ?? -1;
      return [`row after row ${before}`, before + 1, index];
    }),
  );
  const starts = runs.flatMap(({ isStart, rows }) => (isStart ? (rows[0]?.index ?? -1) : []));
  const ends = runs.flatMap(({ isEnd, rows }) => (isEnd ? (rows.at(-1)?.index ?? -1) : []));
  const orNone = (places: number[]): (number | null)[] => (places.length > 0 ? places : [null]);
  return unequal([
    ...steps,
    ...orNone(starts).map((found): Count => ['first row', 0, found]),
    ...orNone(ends).map((found): Count => ['last row', total - 1, found]),
  ]);
}

function checkUnloaded(
  definition: BoardDefinition,
  shown: ShownRow[],
  diff: Difference[],
): ShownRow[] {
  const distinct = new Set(shown.map(({ identity }) => identity)).size;
  if (distinct !== shown.length) diff.push(differs('distinct identities', shown.length, distinct));
  if (shown.length < definition.minimumRows) {
    diff.push(differs('rows on the page', `at least ${definition.minimumRows}`, shown.length));
  }
  return shown;
}
