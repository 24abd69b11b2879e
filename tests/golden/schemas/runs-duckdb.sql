CREATE TABLE "main"."runs" (
  "run" VARCHAR NOT NULL,
  "started_at" TIMESTAMPTZ NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "status" VARCHAR NOT NULL,
  "exit_code" BIGINT,
  "version" VARCHAR NOT NULL,
  "endpoint" VARCHAR NOT NULL,
  "sources" STRUCT("source" VARCHAR, "status" VARCHAR, "listed" BIGINT, "exported" BIGINT, "duplicates" BIGINT, "rejected" BIGINT, "missed" BIGINT, "requests" BIGINT, "pages" BIGINT, "bytes" BIGINT, "seconds" BIGINT)[] NOT NULL
);
COMMENT ON TABLE "main"."runs" IS 'One row is a run and what it counted. For each source listed = exported + duplicates + rejected, exactly.';
COMMENT ON COLUMN "main"."runs"."run" IS 'Id of the run.';
COMMENT ON COLUMN "main"."runs"."started_at" IS 'When it began, UTC.';
COMMENT ON COLUMN "main"."runs"."finished_at" IS 'When it ended, UTC. Null while it runs and when it was killed.';
COMMENT ON COLUMN "main"."runs"."status" IS 'running, done, failed, interrupted.';
COMMENT ON COLUMN "main"."runs"."exit_code" IS 'Exit code of the process; 0 is all done. Null while it runs.';
COMMENT ON COLUMN "main"."runs"."version" IS 'Version of huggingface-etl.';
COMMENT ON COLUMN "main"."runs"."endpoint" IS 'Address of the Hub that was asked.';
COMMENT ON COLUMN "main"."runs"."sources" IS 'Counts by source. Fields: source: models, catchup, details, tags, benchmarks, boards/<id>. status: done, resumed, failed, drifted, skipped. listed: Records that the source listed. exported: Records that became rows. duplicates: Records seen before in the same run. rejected: Records that are no record: see rejects.jsonl. missed: Records that could not be had: see table missed. requests: Requests sent, with retries. pages: Pages kept as captures. bytes: Bytes of the bodies. seconds: Seconds from first to last request.';
