import type { z } from 'zod';
import { rawModel } from '../tables/raw-model.ts';
import { coreModel } from '../tables/core-model.ts';
import { modelCard } from '../tables/model-card.ts';
import { modelLicenses } from '../tables/model-licenses.ts';
import { licenseFamilies } from '../tables/license-families.ts';
import { parameters } from '../tables/parameters.ts';
import { tasks } from '../tables/tasks.ts';
import { metrics } from '../tables/metrics.ts';
import { datasets } from '../tables/datasets.ts';
import { results } from '../tables/results.ts';
import { usage } from '../tables/usage.ts';
import { baseModels } from '../tables/base-models.ts';
import { leaderboard } from '../tables/leaderboard.ts';
import { leaderboardEntries } from '../tables/leaderboard-entries.ts';
import { leaderboardScores } from '../tables/leaderboard-scores.ts';
import { evalResults } from '../tables/eval-results.ts';
import { benchmarks } from '../tables/benchmarks.ts';
import { tags } from '../tables/tags.ts';
import { missed } from '../tables/missed.ts';
import { aliases } from '../tables/aliases.ts';
import { repairs } from '../tables/repairs.ts';
import { completeness } from '../tables/completeness.ts';
import { runs } from '../tables/runs.ts';

/** Every table by its name: its description, key and columns (`row`, a zod object). */
export const tables = {
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
  base_models: baseModels,
  leaderboard,
  leaderboard_entries: leaderboardEntries,
  leaderboard_scores: leaderboardScores,
  eval_results: evalResults,
  benchmarks,
  tags,
  missed,
  aliases,
  repairs,
  completeness,
  runs,
};

export type TableName = keyof typeof tables;

/** A row of a table, as its schema says. */
export type Row<Name extends TableName> = z.output<(typeof tables)[Name]['row']>;
