CREATE TABLE "main"."usage" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "downloads" BIGINT,
  "likes" BIGINT,
  "update_time" TIMESTAMPTZ NOT NULL,
  "downloads_all_time" BIGINT,
  "trending_score" DOUBLE
);
COMMENT ON TABLE "main"."usage" IS 'One row is the popularity of a model at a time. History: each run adds its day and replaces nothing else. Downloads are of the last 30 days, so days overlap: do not add them up.';
COMMENT ON COLUMN "main"."usage"."id" IS 'Name of the repository at that time.';
COMMENT ON COLUMN "main"."usage"."_id" IS 'Id that survives renames: follow a model by it.';
COMMENT ON COLUMN "main"."usage"."downloads" IS 'Downloads of the 30 days before.';
COMMENT ON COLUMN "main"."usage"."likes" IS 'Likes at that time.';
COMMENT ON COLUMN "main"."usage"."update_time" IS 'When the run that fetched the figures began, UTC: one time a run.';
COMMENT ON COLUMN "main"."usage"."downloads_all_time" IS 'Downloads since the Hub began to count.';
COMMENT ON COLUMN "main"."usage"."trending_score" IS 'Score that the Hub sorts its front page by.';
