import { EtlError } from '../errors.ts';
import { tables } from '../tables/index.ts';
import type { Table } from '../tables/table.ts';
import type { Asked } from './manifest.ts';

/** Tables of boards that the leaderboards of the Hub's benchmarks fill too. */
const OF_BENCHMARKS = new Set(['leaderboard_entries', 'leaderboard_scores', 'board_models']);

/** What a part of the tables must say of itself. */
const ALWAYS = new Set(['completeness', 'runs']);

/** Names of the datasets of a run, and its sources; null or nothing for one that was left out. */
interface Sourced {
  datasets: Partial<Record<Feeding, string | null>>;
  asked: Pick<Asked, 'sources'>;
}
type Feeding = 'models' | 'datasets' | 'spaces' | 'tags' | 'boards' | 'benchmarks' | 'missed';

/** Tables that were asked for and that the run has a source for, in the order of the index. */
export function wantedTables(
  { datasets, asked }: Sourced,
  names: readonly string[] | undefined,
): Table[] {
  checkTables(names);
  const has = (it: Feeding): boolean => (datasets[it] ?? null) !== null;
  const hasRecords = { model: has('models'), dataset: has('datasets'), space: has('spaces') };
  const hasSource: Record<Table['origin'], boolean> = {
    ...hasRecords,
    crawl: Object.values(hasRecords).some(Boolean) || has('missed'),
    list: Object.values(hasRecords).some(Boolean),
    tags: has('tags'),
    owner: asked.sources.includes('authors') && Object.values(hasRecords).some(Boolean),
    board: has('boards'),
    benchmark: has('benchmarks'),
    run: true,
    // Of the command of that name, never of a run.
    backfill: false,
  };
  if (!Object.entries(hasSource).some(([origin, is]) => is && origin !== 'run')) {
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
    throw new EtlError(
      'CONFIG_INVALID',
      `There is no table ${unknown.join(', ')}; there are ${tables.map(({ name }) => name).join(', ')}`,
    );
}
