CREATE TABLE "main"."space_usage" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "likes" BIGINT,
  "trending_score" DOUBLE,
  "stage" VARCHAR,
  "hardware" VARCHAR,
  "update_time" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "main"."space_usage" IS 'One row is the popularity and state of a Space at a time; the Hub counts no visits in public. History: each run adds its day and replaces nothing else.';
COMMENT ON COLUMN "main"."space_usage"."id" IS 'Name of the repository at that time.';
COMMENT ON COLUMN "main"."space_usage"."_id" IS 'Id that survives renames: follow a Space by it.';
COMMENT ON COLUMN "main"."space_usage"."likes" IS 'Likes at that time.';
COMMENT ON COLUMN "main"."space_usage"."trending_score" IS 'Score that the Hub sorts its front page by.';
COMMENT ON COLUMN "main"."space_usage"."stage" IS 'How it ran at that time: see hub_spaces.runtime.';
COMMENT ON COLUMN "main"."space_usage"."hardware" IS 'What it ran on.';
COMMENT ON COLUMN "main"."space_usage"."update_time" IS 'When the run that fetched the figures began, UTC: one time a run.';
