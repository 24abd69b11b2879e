CREATE TABLE "main"."runs" (
  "run" VARCHAR NOT NULL,
  "started_at" TIMESTAMPTZ NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "status" VARCHAR NOT NULL,
  "exit_code" BIGINT,
  "version" VARCHAR NOT NULL,
  "endpoint" VARCHAR NOT NULL,
  "sources" STRUCT("source" VARCHAR, "status" VARCHAR, "listed" BIGINT, "exported" BIGINT, "duplicates" BIGINT, "rejected" BIGINT, "missed" BIGINT, "requests" BIGINT, "pages" BIGINT, "bytes" BIGINT, "seconds" BIGINT, "carried" BIGINT)[] NOT NULL,
  "schema_version" BIGINT NOT NULL,
  "config_hash" VARCHAR,
  "asked_sources" VARCHAR[] NOT NULL,
  "asked_boards" VARCHAR[] NOT NULL,
  "asked_tables" VARCHAR[] NOT NULL,
  "sample_limit" BIGINT,
  "sample_filter" VARCHAR,
  "sample_author" VARCHAR,
  "is_light" BOOLEAN NOT NULL,
  "error" VARCHAR,
  "bytes" BIGINT,
  "seconds" BIGINT
);
COMMENT ON TABLE "main"."runs" IS 'One row is a run: what it was asked for, how its crawl ended, and what it counted. For each source listed = exported + carried + duplicates + rejected, exactly; whether that is all there is says completeness.';
COMMENT ON COLUMN "main"."runs"."run" IS 'Id of the run.';
COMMENT ON COLUMN "main"."runs"."started_at" IS 'When it began, UTC.';
COMMENT ON COLUMN "main"."runs"."finished_at" IS 'When its crawl ended, UTC.';
COMMENT ON COLUMN "main"."runs"."status" IS 'done: all that was asked for came; partial: a source failed or was refused.';
COMMENT ON COLUMN "main"."runs"."exit_code" IS 'Exit code of the run: 0 is all done, else see docs/errors.md. A load that fails later publishes no row.';
COMMENT ON COLUMN "main"."runs"."version" IS 'Version of huggingface-etl.';
COMMENT ON COLUMN "main"."runs"."endpoint" IS 'Address of the Hub that was asked.';
COMMENT ON COLUMN "main"."runs"."sources" IS 'Counts by source. Fields: source: models, datasets, spaces, tags, benchmarks, boards/<id>. status: done, resumed (in several processes), verified, loaded_only, drifted, failed, or a reason of table missed. listed: Records that the source listed. exported: Records that became rows, as this run read them. duplicates: Records seen before in the same run. rejected: Records that are no record: see rejects.jsonl. missed: Records that could not be had: see table missed. requests: Requests sent, with retries. pages: Pages kept as captures. bytes: Bytes of its captures as they are kept, packed. Null for boards one by one. seconds: Seconds that reading it took; of a process that was killed they are lost. carried: Records that became rows with most fields as an earlier run read them.';
COMMENT ON COLUMN "main"."runs"."schema_version" IS 'Version of the tables.';
COMMENT ON COLUMN "main"."runs"."config_hash" IS 'SHA-256 of what was asked for: runs that agree in it asked for the same.';
COMMENT ON COLUMN "main"."runs"."asked_sources" IS 'Sources that were asked: models, datasets, spaces, tags, authors, benchmarks, boards.';
COMMENT ON COLUMN "main"."runs"."asked_boards" IS 'Ids of the boards that were asked.';
COMMENT ON COLUMN "main"."runs"."asked_tables" IS 'Tables that were asked for by --tables; empty: all.';
COMMENT ON COLUMN "main"."runs"."sample_limit" IS 'At most so many of each kind of repository were asked for (--limit); null: all.';
COMMENT ON COLUMN "main"."runs"."sample_filter" IS 'Only repositories with this tag were asked for (--filter); null: all.';
COMMENT ON COLUMN "main"."runs"."sample_author" IS 'Only repositories of this user or organisation (--author); null: of all.';
COMMENT ON COLUMN "main"."runs"."is_light" IS 'Whether a list was asked for popularity, gates and dates only, and the rest was carried from earlier runs (--full-every).';
COMMENT ON COLUMN "main"."runs"."error" IS 'What failed or was refused first, as code and message; null when nothing.';
COMMENT ON COLUMN "main"."runs"."bytes" IS 'Bytes of all captures as they are kept, packed.';
COMMENT ON COLUMN "main"."runs"."seconds" IS 'Seconds from start to end of the crawl, pauses between its processes included.';
