import type { ShownRow } from '../boards/snapshot.ts';
import { BoardDriftError, differs, type Difference } from '../boards/drift.ts';
import { foldSpace } from '../boards/text.ts';
import type { BoardDefinition } from '../boards/definition.ts';
import { checkIdentities } from '../boards/identities.ts';
import { checkValues } from './check-values.ts';
import { matchHeaders, type FoundColumn } from '../boards/headers.ts';
import { reconcileTable, type Reconciliation } from './reconcile-table.ts';

import type { BoardReading } from '../boards/reading.ts';

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
  const { stated, shown, virtualRows, complete } = reading;
  if (all === null || kept === null) return checkUnloadedCounts(reading);
  const found: [string, number, number | null][] = [
    ['stated total', all.length, stated.total],
    ['stated shown', kept.length, stated.shown],
  ];
  if (virtualRows !== null)
    found.push(['rows by the height of the table', kept.length, virtualRows]);
  if (complete) found.push(['rows on the page', kept.length, shown.length]);
  return unequal(found);
}

/** A page that loads no rows by itself: all must have been read, and as many as it states, if it does. */
function checkUnloadedCounts({ stated, shown, virtualRows, complete }: BoardReading): Difference[] {
  const diff = unequal([
    ['rows on the page', stated.shown ?? stated.total ?? shown.length, shown.length],
    ['rows by the height of the table', shown.length, virtualRows ?? shown.length],
  ]);
  return complete ? diff : [...diff, differs('rows read', 'all: nothing was loaded', shown.length)];
}

const unequal = (counts: [string, number, number | null][]): Difference[] =>
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
  if (reading.shown.length === 0) diff.push(differs('rows on the page', 'some', 'none'));
  if (kept === null) return checkUnloaded(definition, reading.shown, diff);
  const identify = definition.shownIdentity ?? definition.identity;
  return reading.shown.map((shown) => {
    const expected = kept[shown.index];
    const where = `row ${shown.index}`;
    const identity = expected && identify(expected.row);
    if (!expected || identity !== shown.identity) {
      diff.push({ ...differs('identity', identity ?? 'no such row', shown.identity), where });
      return shown;
    }
    for (const { header, column } of columns) {
      if (!column.text) continue;
      const text = foldSpace(column.text(expected.row, expected.rank));
      const found = shown.cells[header];
      if (found === text) continue;
      diff.push({ ...differs('cell', text, found ?? 'none'), where: `${where}, ${header}` });
    }
    return { ...shown, identity: definition.identity(expected.row) };
  });
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
