CREATE TABLE "main"."dataset_usage" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "downloads" BIGINT,
  "downloads_all_time" BIGINT,
  "likes" BIGINT,
  "trending_score" DOUBLE,
  "main_size" BIGINT,
  "update_time" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "main"."dataset_usage" IS 'One row is the popularity and size of a data set at a time. History: each run adds its day and replaces nothing else. Apart from usage, which is of models: a run may leave either out, and sums over one must not hold the other.';
COMMENT ON COLUMN "main"."dataset_usage"."id" IS 'Name of the repository at that time.';
COMMENT ON COLUMN "main"."dataset_usage"."_id" IS 'Id that survives renames: follow a data set by it.';
COMMENT ON COLUMN "main"."dataset_usage"."downloads" IS 'Downloads of the 30 days before. Days overlap: do not add them up.';
COMMENT ON COLUMN "main"."dataset_usage"."downloads_all_time" IS 'Downloads since the Hub began to count. May fall between runs.';
COMMENT ON COLUMN "main"."dataset_usage"."likes" IS 'Likes at that time.';
COMMENT ON COLUMN "main"."dataset_usage"."trending_score" IS 'Score that the Hub sorts its front page by.';
COMMENT ON COLUMN "main"."dataset_usage"."main_size" IS 'Bytes of the main branch at that time.';
COMMENT ON COLUMN "main"."dataset_usage"."update_time" IS 'When the run that fetched the figures began, UTC: one time a run.';
