CREATE TABLE "main"."eval_results" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "benchmark" VARCHAR,
  "task_id" VARCHAR,
  "task_ids" VARCHAR[] NOT NULL,
  "revision" VARCHAR,
  "value" DOUBLE,
  "value_text" VARCHAR,
  "verified" BOOLEAN,
  "source_url" VARCHAR,
  "source_name" VARCHAR,
  "source_user" VARCHAR,
  "source_org" VARCHAR,
  "date" TIMESTAMPTZ,
  "notes" VARCHAR,
  "filename" VARCHAR,
  "pull_request" BIGINT
);
COMMENT ON TABLE "main"."eval_results" IS 'One row is a score of a model on a task of a benchmark, from the model''s own `.eval_results` files, merged or in an open pull request. The same result under two task ids of one file (`ArguAna`, `ArguAna_default_test`) is one row.';
COMMENT ON COLUMN "main"."eval_results"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."eval_results"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."eval_results"."benchmark" IS 'Dataset of the benchmark, e.g. `mteb/arguana`.';
COMMENT ON COLUMN "main"."eval_results"."task_id" IS 'Task of the benchmark; the shorter name where the result stands under two.';
COMMENT ON COLUMN "main"."eval_results"."task_ids" IS 'All names under which the same result stands.';
COMMENT ON COLUMN "main"."eval_results"."revision" IS 'Revision of the dataset.';
COMMENT ON COLUMN "main"."eval_results"."value" IS 'The score, where it is one number; an error after ± is left out. In the unit of the benchmark, which nobody states. Seen: percent of GPQA, MMLU-Pro and HLE, and the main scores of MTEB times 100. Of the others most are percent, some 0 to 1, errors, seconds or money, and authors mix percent with 0 to 1: compare within one benchmark and task only, after a look at its range (docs/questions.md).';
COMMENT ON COLUMN "main"."eval_results"."value_text" IS 'The score as stated.';
COMMENT ON COLUMN "main"."eval_results"."verified" IS 'Whether the Hub verified the result.';
COMMENT ON COLUMN "main"."eval_results"."source_url" IS 'Address of the source.';
COMMENT ON COLUMN "main"."eval_results"."source_name" IS 'Name of the source.';
COMMENT ON COLUMN "main"."eval_results"."source_user" IS 'User who states it.';
COMMENT ON COLUMN "main"."eval_results"."source_org" IS 'Organisation that states it.';
COMMENT ON COLUMN "main"."eval_results"."date" IS 'When the result was found.';
COMMENT ON COLUMN "main"."eval_results"."notes" IS 'What the author says of it.';
COMMENT ON COLUMN "main"."eval_results"."filename" IS 'File in the repository that states it.';
COMMENT ON COLUMN "main"."eval_results"."pull_request" IS 'Open pull request that states it; null when it is merged.';
