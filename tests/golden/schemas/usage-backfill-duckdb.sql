CREATE TABLE "main"."usage_backfill" (
  "source" VARCHAR NOT NULL,
  "licence" VARCHAR NOT NULL,
  "kind" VARCHAR NOT NULL,
  "snapshot_date" DATE NOT NULL,
  "snapshot_before" DATE,
  "taken_after" TIMESTAMPTZ,
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "downloads" BIGINT,
  "downloads_all_time" BIGINT,
  "likes" BIGINT,
  "trending_score" DOUBLE
);
COMMENT ON TABLE "main"."usage_backfill" IS 'Popularity before our own first run: one row is a repository in a public weekly snapshot of somebody else (`backfill`). Never mixed with ours: under a licence of its own, listed by a program of its own. In the DuckDB file only. The view usage_history has both.';
COMMENT ON COLUMN "main"."usage_backfill"."source" IS 'Who made the snapshot, e.g. `hfmlsoc/hub_weekly_snapshots`. To be cited.';
COMMENT ON COLUMN "main"."usage_backfill"."licence" IS 'Licence of that source, e.g. ODbL-1.0: share alike. It goes for these rows.';
COMMENT ON COLUMN "main"."usage_backfill"."kind" IS 'What is listed.';
COMMENT ON COLUMN "main"."usage_backfill"."snapshot_date" IS 'Day that the snapshot is named after. Its maker takes the last state before the week after that day ends, or an older one where there was none.';
COMMENT ON COLUMN "main"."usage_backfill"."snapshot_before" IS 'Day of the snapshot before of this source and kind; null for the first. What changed, changed in between.';
COMMENT ON COLUMN "main"."usage_backfill"."taken_after" IS 'Latest change that the snapshot knows of, UTC: it was taken after that. The same as of the snapshot before: it is that one again. Null where it tells of no change.';
COMMENT ON COLUMN "main"."usage_backfill"."id" IS 'Name of the repository at that time.';
COMMENT ON COLUMN "main"."usage_backfill"."_id" IS 'Id that survives renames: follow a repository by it.';
COMMENT ON COLUMN "main"."usage_backfill"."downloads" IS 'Downloads of the 30 days before, as the Hub counted them.';
COMMENT ON COLUMN "main"."usage_backfill"."downloads_all_time" IS 'Downloads since the Hub began to count. Null before 2025-02-26. May fall: the Hub corrects it.';
COMMENT ON COLUMN "main"."usage_backfill"."likes" IS 'Likes at that time.';
COMMENT ON COLUMN "main"."usage_backfill"."trending_score" IS 'Score that the Hub sorts its front page by. Null before October 2024.';
