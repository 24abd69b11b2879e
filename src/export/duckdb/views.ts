import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal } from '../../tables/duckdb.ts';
import { tables } from '../../tables/index.ts';
import { releaseChecks, releases } from '../warehouse/releases.ts';
import { nameOf } from './session.ts';

/** An answer to a question that is asked again and again, kept in the file beside the tables. */
export interface View {
  name: string;
  /** What one row is, and what a reader would guess wrong. */
  description: string;
  /** Meaning of each column, in their order. */
  columns: Readonly<Record<string, string>>;
  sql: string;
}

// A month or a day is one of UTC, whatever the time zone of the reader's session.

const modelsByMonth: View = {
  name: 'models_by_month',
  description:
    'Models by the month in which their repository was made. All that are older than the Hub’s own count are in 2022-03.',
  columns: {
    month: 'First day of the month, UTC.',
    models: 'Repositories made in it that still exist.',
    authors: 'Users and organisations that made them.',
    gated: 'Those for which access must be asked.',
  },
  sql: `SELECT CAST(date_trunc('month', createdAt AT TIME ZONE 'UTC') AS DATE) AS month,
  count(*) AS models, count(DISTINCT author) AS authors, count(*) FILTER (gated) AS gated
FROM huggingface.core_model WHERE createdAt IS NOT NULL GROUP BY 1`,
};

const licences: View = {
  name: 'licences',
  description:
    'Licences with the models under each, resolved as in model_licenses: each model counts once.',
  columns: {
    license:
      'Licence id; "(not stated)" where nobody names one, "(several)" where more than one is.',
    family: 'What it lets people do: see license_families.',
    models: 'Models that state it.',
    percent: 'Of all models.',
    downloads: 'Downloads of these models in the last 30 days.',
  },
  sql: `SELECT coalesce(license, CASE license_basis WHEN 'several' THEN '(several)' ELSE '(not stated)' END) AS license,
  family, count(*) AS models, round(100 * count(*) / (SELECT count(*) FROM huggingface.model_licenses), 2) AS percent,
  CAST(sum(downloads) AS BIGINT) AS downloads
FROM huggingface.model_licenses AS stated LEFT JOIN huggingface.raw_model AS model ON model._id = stated._id
GROUP BY 1, 2`,
};

const baseModelChildren: View = {
  name: 'base_model_children',
  description:
    'Models that others were made from, with the number of their direct children by kind. For whole families see lineage.',
  columns: {
    base_model:
      'Name of the model now; as its children state it where the release does not hold it.',
    children: 'Models that state it as a base.',
    finetunes: 'Of them, fine-tuned ones.',
    adapters: 'Of them, adapters.',
    quantized: 'Of them, quantised ones.',
    merges: 'Of them, merges.',
    downloads: 'Downloads of the children in the last 30 days.',
  },
  sql: `SELECT coalesce(any_value(base.id), any_value(edge.base_model)) AS base_model, count(*) AS children,
  count(*) FILTER (relation = 'finetune') AS finetunes, count(*) FILTER (relation = 'adapter') AS adapters,
  count(*) FILTER (relation = 'quantized') AS quantized, count(*) FILTER (relation = 'merge') AS merges,
  CAST(coalesce(sum(model.downloads), 0) AS BIGINT) AS downloads
FROM huggingface.base_models AS edge LEFT JOIN huggingface.raw_model AS model ON model._id = edge._id
LEFT JOIN huggingface.core_model AS base ON base._id = edge.base_model_id
WHERE edge.is_self IS NOT TRUE
GROUP BY coalesce(base._id, lower(edge.base_model))`,
};

export const lineage: View = {
  name: 'lineage',
  description:
    'A model and each model that it goes back to, through at most 10 generations, with the licences of both. Children of merges have several ancestors of one generation. An ancestor that the release does not hold ends the line.',
  columns: {
    id: 'Name of the model.',
    ancestor: 'Name of a model that it was made from, directly or not.',
    generation: '1 for a parent, 2 for a parent of a parent …; the shortest way counts.',
    _id: 'Id of the model that survives renames.',
    ancestor_id: 'That of the ancestor; null where the release does not hold it.',
    license: 'Licence of the model: see model_licenses.',
    family: 'What that lets people do: see license_families.',
    ancestor_license: 'Licence of the ancestor; null where the release does not hold it, too.',
    ancestor_family: 'What that lets people do.',
  },
  sql: `WITH RECURSIVE edge AS (
  SELECT DISTINCT stated._id, base._id AS base_model_id, CASE WHEN base._id IS NULL THEN lower(base_model) END AS unknown,
    base_model FROM huggingface.base_models AS stated LEFT JOIN huggingface.core_model AS base ON base._id = stated.base_model_id
  WHERE is_self IS NOT TRUE
), up AS (
  SELECT _id, base_model_id AS ancestor_id, unknown, base_model, 1 AS generation FROM edge
  UNION
  SELECT up._id, edge.base_model_id, edge.unknown, edge.base_model, up.generation + 1
  FROM up JOIN edge ON edge._id = up.ancestor_id
  WHERE up.generation < 10 AND edge.base_model_id IS DISTINCT FROM up._id
), line AS (
  SELECT _id, ancestor_id, min(base_model) AS base_model, min(generation) AS generation
  FROM up GROUP BY _id, ancestor_id, unknown
)
SELECT model.id, coalesce(base.id, line.base_model) AS ancestor, line.generation, line._id, line.ancestor_id,
  own.license, own.family, theirs.license AS ancestor_license, theirs.family AS ancestor_family
FROM line JOIN huggingface.core_model AS model ON model._id = line._id
LEFT JOIN huggingface.core_model AS base ON base._id = line.ancestor_id
LEFT JOIN huggingface.model_licenses AS own ON own._id = line._id
LEFT JOIN huggingface.model_licenses AS theirs ON theirs._id = line.ancestor_id`,
};

const boardHistory: View = {
  name: 'board_history',
  description:
    'The scores of leaderboards over time: each score with the one of the snapshot before. A row of a board is one entry; a model may have several (precision, settings).',
  columns: {
    board: 'Id of the board.',
    metric: 'Our name of the metric.',
    entry_id: 'The board’s own identity of the row.',
    model_name: 'Name as the board has it.',
    model_id: 'The same model in raw_model.id; null where it was not found.',
    snapshot_date: 'Day on which the board was read, UTC.',
    rank: 'Place among all rows of the board on that day.',
    value: 'The score in unit.',
    unit: 'Unit as published.',
    lower_is_better: 'Whether a lower value is better; null when we do not know.',
    value_before: 'The score of the snapshot before; null for the first.',
    change: 'value less value_before.',
  },
  sql: `SELECT board, metric, entry_id, model_name, model_id, snapshot_date, rank, value, unit, lower_is_better,
  value_before, value - value_before AS change
FROM (
  SELECT score.board, score.metric, score.entry_id, entry.model_name, score.model_id, score.snapshot_date,
    entry.rank_computed AS rank, score.value, score.unit, score.lower_is_better,
    lag(score.value) OVER (PARTITION BY score.board, score.entry_id, score.metric ORDER BY score.snapshot_date) AS value_before
  FROM huggingface.leaderboard_scores AS score
  JOIN huggingface.leaderboard_entries AS entry
    ON entry.board = score.board AND entry.entry_id = score.entry_id AND entry.snapshot_date = score.snapshot_date
) AS scored`,
};

const usageByDay: View = {
  name: 'usage_by_day',
  description:
    'Popularity of all models together on each day that was crawled. Downloads are of 30 days, so days overlap: compare them, do not add them up.',
  columns: {
    day: 'Day of the run, UTC.',
    models: 'Models that were listed.',
    downloads: 'Their downloads in the 30 days before.',
    downloads_all_time: 'Their downloads since the Hub began to count.',
    likes: 'Their likes.',
  },
  sql: `SELECT CAST(update_time AT TIME ZONE 'UTC' AS DATE) AS day, count(*) AS models,
  CAST(sum(downloads) AS BIGINT) AS downloads,
  CAST(sum(downloads_all_time) AS BIGINT) AS downloads_all_time, CAST(sum(likes) AS BIGINT) AS likes
FROM huggingface.usage GROUP BY 1`,
};

const usageChanges: View = {
  name: 'usage_changes',
  description:
    'How the counters of each model changed between two days that were crawled. The Hub corrects them: a change below zero is no use. The first day of a model has no row.',
  columns: {
    _id: 'Id of the model that survives renames.',
    id: 'Its name at that time.',
    update_time: 'When the run began.',
    days: 'Since the run before that listed the model; divide by it to compare.',
    downloads:
      'Downloads that the counter of all time rose by; null where it fell, or was not told.',
    likes: 'Change of the likes, which may be taken back.',
    is_corrected: 'Whether the counter of all time fell.',
  },
  sql: `SELECT _id, id, update_time, round((epoch(update_time) - epoch(time_before)) / 86400, 2) AS days,
  CASE WHEN downloads_all_time >= total_before THEN downloads_all_time - total_before END AS downloads,
  likes - likes_before AS likes, coalesce(downloads_all_time < total_before, false) AS is_corrected
FROM (
  SELECT *, lag(update_time) OVER own AS time_before, lag(downloads_all_time) OVER own AS total_before,
    lag(likes) OVER own AS likes_before
  FROM huggingface.usage WINDOW own AS (PARTITION BY _id ORDER BY update_time)
) AS days WHERE time_before IS NOT NULL`,
};

const HISTORY_OF = [
  { kind: 'model', usage: 'usage', events: 'model_events' },
  { kind: 'dataset', usage: 'dataset_usage', events: 'dataset_events' },
  { kind: 'space', usage: 'space_usage', events: 'space_events' },
] as const;

/** What joins our own rows with those of snapshots says of each whose it is. */
const HISTORY_COLUMNS = {
  source: '`own`, or who made the snapshot: see usage_backfill.',
  licence: 'Licence of that source, which goes for the row; null for our own.',
  kind: 'model, dataset or space.',
};

const usageHistory: View = {
  name: 'usage_history',
  description:
    'Popularity over time, our own days and those of public snapshots (`backfill`). Rows of snapshots are under a licence of their own, ODbL for the weekly ones: what is published of both together is share alike.',
  columns: {
    ...HISTORY_COLUMNS,
    day: 'Day of the run, or the day that the snapshot is named after, UTC.',
    _id: 'Id of the repository that survives renames.',
    id: 'Its name at that time.',
    downloads: 'Downloads of the 30 days before; null for Spaces.',
    downloads_all_time: 'Downloads since the Hub began to count.',
    likes: 'Likes.',
  },
  sql: [
    ...HISTORY_OF.map(({ kind, usage }) => {
      const downloads = kind === 'space' ? 'NULL, NULL' : 'downloads, downloads_all_time';
      return `SELECT 'own' AS source, NULL::VARCHAR AS licence, '${kind}' AS kind,
  CAST(update_time AT TIME ZONE 'UTC' AS DATE) AS day, _id, id, ${downloads}, likes FROM huggingface.${usage}`;
    }),
    `SELECT source, licence, kind, snapshot_date, _id, id, downloads, downloads_all_time, likes FROM huggingface.usage_backfill`,
  ].join('\nUNION ALL '),
};

const eventsHistory: View = {
  name: 'events_history',
  description:
    'What became of repositories, seen by our own runs and between public snapshots (`backfill`), which know of added, removed and renamed ones only. See usage_history for the licence.',
  columns: {
    ...HISTORY_COLUMNS,
    after_day: 'It happened after that day: of the run, or of the snapshot, before.',
    by_day: 'Day of the run, or of the snapshot, that shows it first.',
    _id: 'Id of the repository that survives renames.',
    id: 'Its name now; of one that was removed, its last.',
    event: 'added, removed, renamed …: see model_events.',
    before: 'What was.',
    after: 'What is now.',
  },
  sql: [
    ...HISTORY_OF.map(
      ({ kind, events }) => `SELECT 'own' AS source, NULL::VARCHAR AS licence, '${kind}' AS kind,
  CAST(seen_after AT TIME ZONE 'UTC' AS DATE) AS after_day, CAST(seen_at AT TIME ZONE 'UTC' AS DATE) AS by_day,
  _id, id, event, before, after FROM huggingface.${events}`,
    ),
    `SELECT source, licence, kind, snapshot_before, snapshot_date, _id, id, event, before, after FROM huggingface.events_backfill`,
  ].join('\nUNION ALL '),
};

/** The views of every warehouse file, in the order of docs/warehouses.md. */
export const views: readonly View[] = [
  modelsByMonth,
  licences,
  baseModelChildren,
  lineage,
  boardHistory,
  usageByDay,
  usageChanges,
  usageHistory,
  eventsHistory,
];

/** Each table and view once more in the schema that is searched first: `FROM raw_model` finds it. */
export async function createShortNames(connection: DuckDBConnection): Promise<void> {
  const described = [...tables, releases, releaseChecks, ...views];
  const statements = described.flatMap(({ name, description }) => {
    const short = `main.${identifier(name)}`;
    return [
      `CREATE VIEW ${short} AS FROM ${nameOf(name)}`,
      `COMMENT ON VIEW ${short} IS ${literal(description)}`,
    ];
  });
  await connection.run(['BEGIN', ...statements, 'COMMIT'].join(';'));
}

/** Makes the views, with comments on them and on each of their columns. */
export async function createViews(connection: DuckDBConnection): Promise<void> {
  const statements = views.flatMap(({ name, description, columns, sql }) => {
    const view = nameOf(name);
    return [
      `CREATE VIEW ${view} AS ${sql}`,
      `COMMENT ON VIEW ${view} IS ${literal(description)}`,
      ...Object.entries(columns).map(
        ([column, meaning]) =>
          `COMMENT ON COLUMN ${view}.${identifier(column)} IS ${literal(meaning)}`,
      ),
    ];
  });
  await connection.run(['BEGIN', ...statements, 'COMMIT'].join(';'));
}
