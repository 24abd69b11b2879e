CREATE TABLE "main"."dataset_events" (
  "run" VARCHAR NOT NULL,
  "run_before" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "id" VARCHAR NOT NULL,
  "event" VARCHAR NOT NULL,
  "before" VARCHAR,
  "after" VARCHAR,
  "seen_after" TIMESTAMPTZ NOT NULL,
  "seen_at" TIMESTAMPTZ NOT NULL,
  "confirmed" VARCHAR
);
COMMENT ON TABLE "main"."dataset_events" IS 'One row is one thing that became of a data set between two whole runs. History: each run adds its own. A run without a whole one before it, or of a part of the Hub, has none. What happened and was undone between the two runs is not seen.';
COMMENT ON COLUMN "main"."dataset_events"."run" IS 'Run that saw it.';
COMMENT ON COLUMN "main"."dataset_events"."run_before" IS 'Run that it is compared with: the last whole one whose tables are there.';
COMMENT ON COLUMN "main"."dataset_events"."_id" IS 'Id of the data set that survives renames.';
COMMENT ON COLUMN "main"."dataset_events"."id" IS 'Its name now; of one that was removed, its last.';
COMMENT ON COLUMN "main"."dataset_events"."event" IS 'added: not listed before (new, or made public); removed: listed before, not now (deleted, or made private); gated: access must be asked for, or in another way; relicensed, base_changed: only told with a new revision, for both are read of the card; new_revision: another latest commit.';
COMMENT ON COLUMN "main"."dataset_events"."before" IS 'What was: name, way of gating, licence, commit, bases (ids, else names). Null where there was nothing.';
COMMENT ON COLUMN "main"."dataset_events"."after" IS 'What is now.';
COMMENT ON COLUMN "main"."dataset_events"."seen_after" IS 'When the run before began: it happened after that, UTC.';
COMMENT ON COLUMN "main"."dataset_events"."seen_at" IS 'When this run began, UTC.';
COMMENT ON COLUMN "main"."dataset_events"."confirmed" IS 'Of removed ones that were asked for one by one: gone (404), hidden (401 or 403: private, or gone), moved (the name leads to another repository), replaced (another repository has the name). Null for those that were not asked for.';
