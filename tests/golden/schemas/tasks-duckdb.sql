CREATE TABLE "main"."tasks" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "task_name" VARCHAR,
  "task_type" VARCHAR,
  "args" VARCHAR,
  "metrics" VARCHAR
);
COMMENT ON TABLE "main"."tasks" IS 'One row is a task that a model states results for, in its card. Does not join with metrics and datasets: see table results. For the task that the Hub shows a model under see core_model.pipeline_tag.';
COMMENT ON COLUMN "main"."tasks"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."tasks"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."tasks"."task_name" IS 'Name of the task, as the author wrote it.';
COMMENT ON COLUMN "main"."tasks"."task_type" IS 'Id of the task, e.g. `text-classification`.';
COMMENT ON COLUMN "main"."tasks"."args" IS 'Arguments of the task.';
COMMENT ON COLUMN "main"."tasks"."metrics" IS 'Metrics that stood inside the task, as JSON.';
