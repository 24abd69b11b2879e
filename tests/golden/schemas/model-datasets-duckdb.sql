CREATE TABLE "main"."model_datasets" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "dataset" VARCHAR NOT NULL,
  "dataset_id" VARCHAR,
  "sources" VARCHAR[] NOT NULL,
  "stated_as" VARCHAR[] NOT NULL
);
COMMENT ON TABLE "main"."model_datasets" IS 'One row is a model and a data set that it says it was trained on, in its tags or its card. Many models name none, and nobody checks what they name. Texts that can be no repository (`The Pile`, sentences) give no row: see model_card.datasets. Data sets that results are stated on: table datasets.';
COMMENT ON COLUMN "main"."model_datasets"."id" IS 'Name of the model.';
COMMENT ON COLUMN "main"."model_datasets"."_id" IS 'Its id that survives renames.';
COMMENT ON COLUMN "main"."model_datasets"."dataset" IS 'Name of the data set, as stated, without address and blanks.';
COMMENT ON COLUMN "main"."model_datasets"."dataset_id" IS 'hub_datasets._id of that data set. Null where the run listed none of that name: gone, private, renamed before, misspelt, or not a data set of the Hub.';
COMMENT ON COLUMN "main"."model_datasets"."sources" IS 'Who states it: tag (`dataset:…`), card (`datasets:`).';
COMMENT ON COLUMN "main"."model_datasets"."stated_as" IS 'Other spellings under which the model states it: a former name, an address.';
