CREATE TABLE "main"."completeness" (
  "run" VARCHAR NOT NULL,
  "source" VARCHAR NOT NULL,
  "asked" VARCHAR,
  "status" VARCHAR NOT NULL,
  "stated" BIGINT,
  "listed" BIGINT NOT NULL,
  "exported" BIGINT NOT NULL,
  "carried" BIGINT NOT NULL,
  "duplicates" BIGINT NOT NULL,
  "rejected" BIGINT NOT NULL,
  "missed" BIGINT NOT NULL,
  "is_as_asked" BOOLEAN,
  "is_complete" BOOLEAN NOT NULL,
  "why_not" VARCHAR,
  "proof" VARCHAR
);
COMMENT ON TABLE "main"."completeness" IS 'Is anything missing? One row is a source of a run: what was asked of it, what came, and why it is not whole. A source that the run did not ask keeps the rows of the run before it.';
COMMENT ON COLUMN "main"."completeness"."run" IS 'Id of the run.';
COMMENT ON COLUMN "main"."completeness"."source" IS 'models, datasets, spaces, tags, authors (overviews of owners), details (where models were asked one by one), benchmarks, boards/<id>, boards/hub-benchmarks/<id>.';
COMMENT ON COLUMN "main"."completeness"."asked" IS 'What was asked for: all, or the flags that left out a part. Null: the source was not asked at all.';
COMMENT ON COLUMN "main"."completeness"."status" IS 'done (lists), verified or loaded_only (boards); drifted, failed, or a reason of table missed; not_asked.';
COMMENT ON COLUMN "main"."completeness"."stated" IS 'Records that there are, where the source itself says it; else null.';
COMMENT ON COLUMN "main"."completeness"."listed" IS 'Records that the source gave.';
COMMENT ON COLUMN "main"."completeness"."exported" IS 'Records that became rows, as this run read them.';
COMMENT ON COLUMN "main"."completeness"."carried" IS 'Records that became rows, too, with most fields as an earlier run read them: nothing says that they have changed. See observed_at.';
COMMENT ON COLUMN "main"."completeness"."duplicates" IS 'Records seen before in the same run.';
COMMENT ON COLUMN "main"."completeness"."rejected" IS 'Records that are no record: see rejects.jsonl.';
COMMENT ON COLUMN "main"."completeness"."missed" IS 'Records, pages or tasks that could not be had: see table missed.';
COMMENT ON COLUMN "main"."completeness"."is_as_asked" IS 'Whether all that was asked for came: true also for a whole sample. Null: not asked.';
COMMENT ON COLUMN "main"."completeness"."is_complete" IS 'Whether the whole source was read, with all of its tables: never true for a sample, for what was refused or closed, for a part of the tables.';
COMMENT ON COLUMN "main"."completeness"."why_not" IS 'Why is_complete is false; null where it is true.';
COMMENT ON COLUMN "main"."completeness"."proof" IS 'What speaks for there being no more: list_end (the last record of the list was asked for by itself, and is there), or how the page of a board was compared. Null: nothing but the source itself.';
