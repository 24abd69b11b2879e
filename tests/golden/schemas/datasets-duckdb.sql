CREATE TABLE "main"."datasets" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "dataset" VARCHAR,
  "dataset_type" VARCHAR,
  "config" VARCHAR,
  "dataset_split" VARCHAR,
  "revision" VARCHAR,
  "args" VARCHAR
);
COMMENT ON TABLE "main"."datasets" IS 'One row is a dataset that a model states results on, in its card. Does not join with metrics and tasks: see table results. For training data see model_card.datasets.';
COMMENT ON COLUMN "main"."datasets"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."datasets"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."datasets"."dataset" IS 'Name of the dataset, as the author wrote it.';
COMMENT ON COLUMN "main"."datasets"."dataset_type" IS 'Id of the dataset on the Hub, or what the author put there.';
COMMENT ON COLUMN "main"."datasets"."config" IS 'Configuration of the dataset.';
COMMENT ON COLUMN "main"."datasets"."dataset_split" IS 'Split that was evaluated.';
COMMENT ON COLUMN "main"."datasets"."revision" IS 'Revision of the dataset.';
COMMENT ON COLUMN "main"."datasets"."args" IS 'Arguments.';
