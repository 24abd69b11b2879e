CREATE TABLE "main"."usage" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "downloads" BIGINT,
  "likes" BIGINT,
  "update_time" TIMESTAMPTZ NOT NULL,
  "downloads_all_time" BIGINT,
  "trending_score" DOUBLE
);
COMMENT ON TABLE "main"."usage" IS 'One row is the popularity of a model at a time. History: each run adds its day and replaces nothing else. Downloads are of the last 30 days, so days overlap: compare them, do not add them up.';
COMMENT ON COLUMN "main"."usage"."id" IS 'Name of the repository at that time.';
COMMENT ON COLUMN "main"."usage"."_id" IS 'Id that survives renames: follow a model by it.';
COMMENT ON COLUMN "main"."usage"."downloads" IS 'Downloads of the 30 days before, as the Hub counts them: requests for one chosen file of the repository (config.json for most libraries), so fetches by people, servers and tests alike, neither users nor installations; caches and mirrors hide some. Days overlap: do not add them up.';
COMMENT ON COLUMN "main"."usage"."likes" IS 'Likes at that time.';
COMMENT ON COLUMN "main"."usage"."update_time" IS 'When the run that fetched the figures began, UTC: one time a run.';
COMMENT ON COLUMN "main"."usage"."downloads_all_time" IS 'Downloads since the Hub began to count, in the same way. May fall between runs: the Hub corrects it, and a repository that is deleted takes its figure along.';
COMMENT ON COLUMN "main"."usage"."trending_score" IS 'Score that the Hub sorts its front page by.';
