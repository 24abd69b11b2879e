CREATE TABLE "main"."benchmarks" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "author" VARCHAR,
  "sha" VARCHAR,
  "description" VARCHAR,
  "private" BOOLEAN,
  "disabled" BOOLEAN,
  "gated" BOOLEAN,
  "gated_mode" VARCHAR,
  "downloads" BIGINT,
  "likes" BIGINT,
  "trendingScore" DOUBLE,
  "tags" VARCHAR[] NOT NULL,
  "licenses" VARCHAR[] NOT NULL,
  "evaluation_framework" VARCHAR,
  "tasks" VARCHAR[] NOT NULL,
  "default_task" VARCHAR,
  "entries" BIGINT,
  "lastModified" TIMESTAMPTZ,
  "createdAt" TIMESTAMPTZ,
  "extra" STRUCT("path" VARCHAR, "json" VARCHAR)[] NOT NULL
);
COMMENT ON TABLE "main"."benchmarks" IS 'One row is a dataset that the Hub lists as an official benchmark. Its leaderboards: leaderboard_entries and leaderboard_scores, board `hub-benchmarks/` + id, metric = task; what the models themselves state: eval_results, joined by id.';
COMMENT ON COLUMN "main"."benchmarks"."id" IS 'Name of the dataset.';
COMMENT ON COLUMN "main"."benchmarks"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."benchmarks"."author" IS 'User or organisation that owns it.';
COMMENT ON COLUMN "main"."benchmarks"."sha" IS 'Latest commit.';
COMMENT ON COLUMN "main"."benchmarks"."description" IS 'What the author says of it.';
COMMENT ON COLUMN "main"."benchmarks"."private" IS 'Whether it is private.';
COMMENT ON COLUMN "main"."benchmarks"."disabled" IS 'Whether the Hub took the files away.';
COMMENT ON COLUMN "main"."benchmarks"."gated" IS 'Whether access must be asked for.';
COMMENT ON COLUMN "main"."benchmarks"."gated_mode" IS 'How access is granted. Null when not gated or unknown.';
COMMENT ON COLUMN "main"."benchmarks"."downloads" IS 'Downloads of the last 30 days.';
COMMENT ON COLUMN "main"."benchmarks"."likes" IS 'Likes.';
COMMENT ON COLUMN "main"."benchmarks"."trendingScore" IS 'Score that the Hub sorts its front page by.';
COMMENT ON COLUMN "main"."benchmarks"."tags" IS 'Tags; `benchmark:official` is one of them.';
COMMENT ON COLUMN "main"."benchmarks"."licenses" IS 'Licences that its tags name.';
COMMENT ON COLUMN "main"."benchmarks"."evaluation_framework" IS 'Program that measures, as its eval.yaml names it, e.g. inspect-ai. Null when unknown.';
COMMENT ON COLUMN "main"."benchmarks"."tasks" IS 'Ids of the tasks in its eval.yaml, in its order; each has a leaderboard. Empty when that file could not be had or read: see table missed.';
COMMENT ON COLUMN "main"."benchmarks"."default_task" IS 'Task whose leaderboard the Hub gives when none is asked for, told by equal rows. Null when that is not to be seen.';
COMMENT ON COLUMN "main"."benchmarks"."entries" IS 'Rows of its leaderboards in leaderboard_entries. Null when no leaderboard could be had: see table missed.';
COMMENT ON COLUMN "main"."benchmarks"."lastModified" IS 'Time of the latest commit.';
COMMENT ON COLUMN "main"."benchmarks"."createdAt" IS 'When the repository was made.';
COMMENT ON COLUMN "main"."benchmarks"."extra" IS 'All that has no column. Fields: path: Where it stood in the record. json: Its JSON, as sent.';
