CREATE TABLE "main"."events_backfill" (
  "source" VARCHAR NOT NULL,
  "licence" VARCHAR NOT NULL,
  "kind" VARCHAR NOT NULL,
  "snapshot_before" DATE NOT NULL,
  "snapshot_date" DATE NOT NULL,
  "_id" VARCHAR NOT NULL,
  "id" VARCHAR NOT NULL,
  "event" VARCHAR NOT NULL,
  "before" VARCHAR,
  "after" VARCHAR
);
COMMENT ON TABLE "main"."events_backfill" IS 'What became of repositories between two public weekly snapshots of somebody else. Nobody was asked whether what is missing was gone. A snapshot that lacks more than a tenth of the one before is taken for a cut one: nothing is told of it. In the DuckDB file only. The view events_history has ours too.';
COMMENT ON COLUMN "main"."events_backfill"."source" IS 'Who made the snapshot, e.g. `hfmlsoc/hub_weekly_snapshots`. To be cited.';
COMMENT ON COLUMN "main"."events_backfill"."licence" IS 'Licence of that source, e.g. ODbL-1.0: share alike. It goes for these rows.';
COMMENT ON COLUMN "main"."events_backfill"."kind" IS 'What is listed.';
COMMENT ON COLUMN "main"."events_backfill"."snapshot_before" IS 'Day of the snapshot that it is compared with.';
COMMENT ON COLUMN "main"."events_backfill"."snapshot_date" IS 'Day of the snapshot that shows it first.';
COMMENT ON COLUMN "main"."events_backfill"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."events_backfill"."id" IS 'Its name then; of one that was removed, its last.';
COMMENT ON COLUMN "main"."events_backfill"."event" IS 'added: not in the snapshot before; removed: not in this one (deleted, made private, or overlooked by its maker).';
COMMENT ON COLUMN "main"."events_backfill"."before" IS 'Name before. Null for added ones.';
COMMENT ON COLUMN "main"."events_backfill"."after" IS 'Name afterwards. Null for removed ones.';
