import { aliases } from './aliases.ts';
import { baseModels } from './base-models.ts';
import { benchmarks } from './benchmarks.ts';
import { boardModels } from './board-models.ts';
import { completeness } from './completeness.ts';
import { coreModel } from './core-model.ts';
import { datasets } from './datasets.ts';
import { evalResults } from './eval-results.ts';
import { leaderboard } from './leaderboard.ts';
import { leaderboardEntries } from './leaderboard-entries.ts';
import { leaderboardScores } from './leaderboard-scores.ts';
import { licenseFamilies } from './license-families.ts';
import { metrics } from './metrics.ts';
import { missed } from './missed.ts';
import { modelCard } from './model-card.ts';
import { modelLicenses } from './model-licenses.ts';
import { parameters } from './parameters.ts';
import { rawModel } from './raw-model.ts';
import { repairs } from './repairs.ts';
import { results } from './results.ts';
import { runs } from './runs.ts';
import type { Table } from './table.ts';
import { tags } from './tags.ts';
import { tasks } from './tasks.ts';
import { usage } from './usage.ts';

/**
 * Raised with each change of a table's columns: a warehouse that knows a higher one is not loaded into.
 * 1 is every table from before it was counted.
 */
export const SCHEMA_VERSION = 2;

/** Every table, in the order of docs/tables.md. A new table is its file and its line here. */
export const tables: readonly Table[] = [
  rawModel,
  coreModel,
  modelCard,
  modelLicenses,
  licenseFamilies,
  parameters,
  tasks,
  metrics,
  datasets,
  results,
  usage,
  baseModels,
  leaderboard,
  leaderboardEntries,
  leaderboardScores,
  boardModels,
  evalResults,
  benchmarks,
  tags,
  missed,
  aliases,
  repairs,
  completeness,
  runs,
];

/** A table that is made from a model alone, and how. */
export interface ModelTable {
  table: Table;
  rows: NonNullable<Table['project']>;
}

/** Every table with a projection, in the same order. */
export const modelTables: readonly ModelTable[] = tables.flatMap((table) =>
  table.project === undefined ? [] : [{ table, rows: table.project }],
);

const byName = new Map(tables.map((table) => [table.name, table]));

/** The table of that name, or undefined. */
export const tableNamed = (name: string): Table | undefined => byName.get(name);
