import { createHash } from 'node:crypto';
import type { ShownRow } from '../capture.ts';
import { BoardDriftError, type Difference } from './board-drift.ts';
import { foldSpace, normalHeader } from './board-text.ts';
import type { BoardColumn, BoardDefinition } from './boards/definition.ts';
import type { BoardReading } from './renderers/renderer.ts';

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

/** A loaded row where it should stand on the page. */
interface Expected {
  row: unknown;
  rank: number;
}

/** A column of the page that the definition knows, under the header that the page gives it. */
interface FoundColumn {
  header: string;
  column: BoardColumn;
}

/**
 * Compares what the page states, what it loaded and what it shows. Pure; the one place that decides
 * whether a board may be used.
 *
 * @throws {BoardDriftError} BOARD_DRIFT with the differences; nothing of the board may be used then.
 */
export function reconcile(definition: BoardDefinition, reading: BoardReading): Reconciliation {
  const warnings: string[] = [];
  const diff = [...checkLoaded(definition, reading.loaded)];
  if (reading.pageError !== null && reading.loaded !== null) {
    if (diff.length > 0) throw new BoardDriftError(definition.id, diff);
    warnings.push(`The page shows an error instead of its rows: ${reading.pageError}`);
    return { status: 'loaded_only', shown: [], shownChecked: 0, hidden: 0, warnings };
  }
  const found = matchHeaders(definition, reading.headers);
  diff.push(...found.diff);
  warnings.push(...found.warnings);
  const all = arrange(definition, reading.loaded);
  const kept = all?.filter(({ row }) => keptBy(definition, reading.filters, row)) ?? null;
  diff.push(...checkFilters(definition, reading.filters), ...checkCounts(reading, all, kept));
  const shown = checkShown({ definition, reading, kept, columns: found.columns, diff });
  if (diff.length > 0) throw new BoardDriftError(definition.id, diff);
  const hidden = (all?.length ?? 0) - (kept?.length ?? 0);
  return { status: 'verified', shown, shownChecked: shown.length, hidden, warnings };
}

/** Hash of a board's identities, whatever their order: how a frozen board is known again. */
export const identitiesSha256 = (identities: readonly string[]): string =>
  createHash('sha256').update(identities.toSorted().join('\n')).digest('hex');

function checkLoaded(definition: BoardDefinition, loaded: unknown[] | null): Difference[] {
  if (loaded === null) return [];
  const diff: Difference[] = [];
  const identities = loaded.map((row) => definition.identity(row));
  const nameless = identities.filter((identity) => identity === '').length;
  const distinct = new Set(identities).size;
  if (nameless > 0) diff.push(differs('loaded rows without identity', 0, nameless));
  if (distinct !== loaded.length) {
    diff.push(differs('distinct identities of loaded rows', loaded.length, distinct));
  }
  if (loaded.length < definition.minimumRows) {
    diff.push(differs('loaded rows', `at least ${definition.minimumRows}`, loaded.length));
  }
  const { frozen } = definition;
  if (!frozen) return diff;
  if (loaded.length !== frozen.rows) {
    diff.push(differs(`loaded rows, frozen since ${frozen.since}`, frozen.rows, loaded.length));
  } else if (identitiesSha256(identities) !== frozen.identitiesSha256) {
    const found = identitiesSha256(identities);
    diff.push(differs('sha256 of the frozen identities', frozen.identitiesSha256, found));
  }
  return diff;
}

function matchHeaders(
  definition: BoardDefinition,
  headers: readonly string[],
): { columns: FoundColumn[]; diff: Difference[]; warnings: string[] } {
  const unknown = new Map(headers.map((header) => [normalHeader(header), header]));
  const columns: FoundColumn[] = [];
  const missing: BoardColumn[] = [];
  for (const column of definition.columns) {
    const names = [column.header, ...(column.aliases ?? [])].map(normalHeader);
    const name = names.find((it) => unknown.has(it));
    const header = name === undefined ? undefined : unknown.get(name);
    if (name === undefined || header === undefined) {
      if (column.required !== false) missing.push(column);
      continue;
    }
    unknown.delete(name);
    columns.push({ header, column });
  }
  const news = [...unknown.values()].map((header) => `"${header}"`).join(', ');
  const instead = news === '' ? 'no such header' : `no such header, but new: ${news}`;
  const diff = missing.map(({ header }) => differs('header', header, instead));
  const repeated = headers.length - new Set(headers.map(normalHeader)).size;
  if (repeated > 0) diff.push(differs('headers that occur twice', 0, repeated));
  const warnings = news === '' ? [] : [`The page has new columns: ${news}`];
  return { columns, diff, warnings };
}

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

const keptBy = (definition: BoardDefinition, filters: readonly string[], row: unknown): boolean =>
  inForce(definition, filters).every(({ keeps }) => keeps(row));

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

const differs = (what: string, expected: string | number, found: string | number): Difference => ({
  what,
  expected: String(expected),
  found: String(found),
});
