CREATE TABLE "main"."results" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "task" VARCHAR,
  "task_type" VARCHAR,
  "dataset" VARCHAR,
  "dataset_type" VARCHAR,
  "dataset_config" VARCHAR,
  "dataset_split" VARCHAR,
  "dataset_revision" VARCHAR,
  "dataset_args" VARCHAR,
  "metric" VARCHAR,
  "metric_type" VARCHAR,
  "metric_config" VARCHAR,
  "metric_args" VARCHAR[] NOT NULL,
  "value" DOUBLE,
  "value_text" VARCHAR NOT NULL,
  "unit" VARCHAR,
  "lower_is_better" BOOLEAN,
  "verified" BOOLEAN,
  "sources" VARCHAR[] NOT NULL
);
COMMENT ON TABLE "main"."results" IS 'One row is a score that a model states in its card: on which task and dataset, by which metric. What card and Hub both state is one row. A metric without a value gives no row: see table metrics. These are the authors'' own claims; scores from `.eval_results` files are in eval_results, those of leaderboards in leaderboard_scores.';
COMMENT ON COLUMN "main"."results"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."results"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."results"."task" IS 'Name of the task, as the author wrote it.';
COMMENT ON COLUMN "main"."results"."task_type" IS 'Id of the task, e.g. `text-classification`.';
COMMENT ON COLUMN "main"."results"."dataset" IS 'Name of the dataset, as the author wrote it. Null when the result names none.';
COMMENT ON COLUMN "main"."results"."dataset_type" IS 'Id of the dataset on the Hub, or what the author put there.';
COMMENT ON COLUMN "main"."results"."dataset_config" IS 'Configuration of the dataset, e.g. a language.';
COMMENT ON COLUMN "main"."results"."dataset_split" IS 'Split that was evaluated.';
COMMENT ON COLUMN "main"."results"."dataset_revision" IS 'Revision of the dataset.';
COMMENT ON COLUMN "main"."results"."dataset_args" IS 'Arguments of the dataset.';
COMMENT ON COLUMN "main"."results"."metric" IS 'Name of the metric, as the author wrote it.';
COMMENT ON COLUMN "main"."results"."metric_type" IS 'Id of the metric, e.g. `accuracy`. Names of one metric differ: prefer this.';
COMMENT ON COLUMN "main"."results"."metric_config" IS 'Configuration of the metric.';
COMMENT ON COLUMN "main"."results"."metric_args" IS 'Arguments of the metric, `key : value`.';
COMMENT ON COLUMN "main"."results"."value" IS 'The score, where it is one number; an error after ± is left out. In the unit of `unit`; where that is null the author says none, and 0.91 and 91 may mean the same: never average across models without looking.';
COMMENT ON COLUMN "main"."results"."value_text" IS 'The score as stated.';
COMMENT ON COLUMN "main"."results"."unit" IS 'percent, where the value or the name of the metric has a percent sign; else null.';
COMMENT ON COLUMN "main"."results"."lower_is_better" IS 'Whether a lower score is a better one. Null when the author does not say.';
COMMENT ON COLUMN "main"."results"."verified" IS 'Whether the Hub verified the score. Null when nothing is said.';
COMMENT ON COLUMN "main"."results"."sources" IS 'Where it stands: card, hub (the field model-index of the API).';
