import { aliases } from './aliases.ts';
import { authors } from './authors.ts';
import { baseModels } from './base-models.ts';
import { benchmarks } from './benchmarks.ts';
import { boardModels } from './board-models.ts';
import { completeness } from './completeness.ts';
import { coreModel } from './core-model.ts';
import { datasetEvents } from './dataset-events.ts';
import { datasetUsage } from './dataset-usage.ts';
import { datasets } from './datasets.ts';
import { evalResults } from './eval-results.ts';
import { eventsBackfill } from './events-backfill.ts';
import { hubDatasets } from './hub-datasets.ts';
import { hubSpaces } from './hub-spaces.ts';
import { leaderboard } from './leaderboard.ts';
import { leaderboardEntries } from './leaderboard-entries.ts';
import { leaderboardScores } from './leaderboard-scores.ts';
import { licenseFamilies } from './license-families.ts';
import { metrics } from './metrics.ts';
import { missed } from './missed.ts';
import { modelCard } from './model-card.ts';
import { modelDatasets } from './model-datasets.ts';
import { modelDetails } from './model-details.ts';
import { modelEvents } from './model-events.ts';
import { modelLicenses } from './model-licenses.ts';
import { parameters } from './parameters.ts';
import { rawModel } from './raw-model.ts';
import { repairs } from './repairs.ts';
import { results } from './results.ts';
import { runs } from './runs.ts';
import { spaceDatasets } from './space-datasets.ts';
import { spaceEvents } from './space-events.ts';
import { spaceModels } from './space-models.ts';
import { spaceUsage } from './space-usage.ts';
import type { CleanRecords, ModelContext, RecordOrigin, Table } from './table.ts';
import { tags } from './tags.ts';
import { tasks } from './tasks.ts';
import { usage } from './usage.ts';
import { usageBackfill } from './usage-backfill.ts';

/** Raised with each release that changes a table's columns: a warehouse that knows a higher one is not loaded into. */
export const SCHEMA_VERSION = 5;

/** Every table by its name, in the order of docs/tables.md. A new table is its file and its line here. */
export const tablesByName = {
  raw_model: rawModel,
  core_model: coreModel,
  model_card: modelCard,
  model_licenses: modelLicenses,
  license_families: licenseFamilies,
  parameters,
  tasks,
  metrics,
  datasets,
  results,
  usage,
  model_events: modelEvents,
  model_details: modelDetails,
  base_models: baseModels,
  model_datasets: modelDatasets,
  hub_datasets: hubDatasets,
  dataset_usage: datasetUsage,
  dataset_events: datasetEvents,
  hub_spaces: hubSpaces,
  space_usage: spaceUsage,
  space_events: spaceEvents,
  space_models: spaceModels,
  space_datasets: spaceDatasets,
  authors,
  leaderboard,
  leaderboard_entries: leaderboardEntries,
  leaderboard_scores: leaderboardScores,
  board_models: boardModels,
  eval_results: evalResults,
  benchmarks,
  tags,
  missed,
  usage_backfill: usageBackfill,
  events_backfill: eventsBackfill,
  aliases,
  repairs,
  completeness,
  runs,
};

export const tables: readonly Table[] = Object.values(tablesByName);

/** A table that is made from one kind of record alone, and how. */
export interface RecordTable<Origin extends RecordOrigin> {
  table: Table;
  rows: (record: CleanRecords[Origin], context: ModelContext) => Record<string, unknown>[];
}

/** Every table with a projection of such a record, in the same order. */
export const tablesOf = <Origin extends RecordOrigin>(
  origin: Origin,
): readonly RecordTable<Origin>[] =>
  tables.flatMap(
    (table) =>
      table.origin !== origin || table.project === undefined
        ? []
        : [{ table, rows: table.project as RecordTable<Origin>['rows'] }], // defineTable has looked
  );

const byName = new Map(tables.map((table) => [table.name, table]));

/** The table of that name, or undefined. */
export const tableNamed = (name: string): Table | undefined => byName.get(name);
