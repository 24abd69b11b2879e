CREATE TABLE "main"."repairs" (
  "run" VARCHAR NOT NULL,
  "table" VARCHAR NOT NULL,
  "rule" VARCHAR NOT NULL,
  "count" BIGINT NOT NULL,
  "example_id" VARCHAR,
  "example_path" VARCHAR
);
COMMENT ON TABLE "main"."repairs" IS 'One row is a rule of cleaning and how often a run applied it to a table, with one example.';
COMMENT ON COLUMN "main"."repairs"."run" IS 'Id of the run.';
COMMENT ON COLUMN "main"."repairs"."table" IS 'Table whose records were cleaned.';
COMMENT ON COLUMN "main"."repairs"."rule" IS 'What was done; the rules are listed at the end of docs/tables.md.';
COMMENT ON COLUMN "main"."repairs"."count" IS 'How often.';
COMMENT ON COLUMN "main"."repairs"."example_id" IS 'A record in which it was done.';
COMMENT ON COLUMN "main"."repairs"."example_path" IS 'Where in that record.';
