import { EtlError } from '../errors.ts';
import { tables } from '../tables/index.ts';
import type { Table } from '../tables/table.ts';
import type { ExportInput } from './export-session.ts';

/** Tables of boards that the leaderboards of the Hub's benchmarks fill too. */
const OF_BENCHMARKS = new Set(['leaderboard_entries', 'leaderboard_scores', 'board_models']);

/** What a part of the tables must say of itself. */
const ALWAYS = new Set(['completeness', 'runs']);

/** Tables that were asked for and that the run has a source for, in the order of the index. */
export function wantedTables(
  { datasets, asked }: ExportInput,
  names: readonly string[] | undefined,
): Table[] {
  checkTables(names);
  const hasRecords = {
    model: datasets.models !== null,
    dataset: (datasets.datasets ?? null) !== null,
    space: (datasets.spaces ?? null) !== null,
  };
  const hasSource: Record<Table['origin'], boolean> = {
    ...hasRecords,
    crawl: Object.values(hasRecords).some(Boolean) || datasets.missed !== null,
    list: Object.values(hasRecords).some(Boolean),
    tags: datasets.tags !== null,
    owner: asked.sources.includes('authors') && Object.values(hasRecords).some(Boolean),
    board: datasets.boards !== null,
    benchmark: (datasets.benchmarks ?? null) !== null,
    run: true,
    // Of the command of that name, never of a run.
    backfill: false,
  };
  if (!Object.entries(hasSource).some(([origin, has]) => has && origin !== 'run')) {
    throw new EtlError('EXPORT_MISSING', 'the run has no captures');
  }
  const isFed = ({ name, origin }: Table): boolean =>
    hasSource[origin] || (hasSource.benchmark && OF_BENCHMARKS.has(name));
  return tables.filter(
    (table) =>
      isFed(table) && (names === undefined || names.includes(table.name) || ALWAYS.has(table.name)),
  );
}

/** @throws {EtlError} CONFIG_INVALID for a name that no table has */
export function checkTables(names: readonly string[] | undefined): void {
  const unknown = names?.filter((name) => !tables.some((table) => table.name === name)) ?? [];
  if (unknown.length > 0)
    throw new EtlError('CONFIG_INVALID', `no such table: ${unknown.join(', ')}`);
}
