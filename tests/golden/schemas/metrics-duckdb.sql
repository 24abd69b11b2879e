CREATE TABLE "main"."metrics" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "metric" VARCHAR,
  "type" VARCHAR,
  "value" VARCHAR
);
COMMENT ON TABLE "main"."metrics" IS 'One row is a score that a model states in its card. Does not join with tasks and datasets: which score is of which dataset stands in table results. Equal scores on several datasets are one row here. Values are text as the author wrote them: fractions, percents, units. Scores of benchmarks are in eval_results and leaderboard_scores.';
COMMENT ON COLUMN "main"."metrics"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."metrics"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."metrics"."metric" IS 'Name of the metric, as the author wrote it.';
COMMENT ON COLUMN "main"."metrics"."type" IS 'Id of the metric, e.g. `accuracy`.';
COMMENT ON COLUMN "main"."metrics"."value" IS 'The score as text.';
