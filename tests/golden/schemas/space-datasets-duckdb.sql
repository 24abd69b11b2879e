CREATE TABLE "main"."space_datasets" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "dataset" VARCHAR NOT NULL,
  "dataset_id" VARCHAR,
  "sources" VARCHAR[] NOT NULL,
  "stated_as" VARCHAR[] NOT NULL
);
COMMENT ON TABLE "main"."space_datasets" IS 'One row is a Space and a data set that it uses, as the Hub found it in the code or as its card states. A Space that loads what its visitors choose names none.';
COMMENT ON COLUMN "main"."space_datasets"."id" IS 'Name of the Space.';
COMMENT ON COLUMN "main"."space_datasets"."_id" IS 'Its id that survives renames.';
COMMENT ON COLUMN "main"."space_datasets"."dataset" IS 'Name of the data set, as stated, without address and blanks.';
COMMENT ON COLUMN "main"."space_datasets"."dataset_id" IS 'hub_datasets._id of that data set. Null where the run listed none of that name: gone, private, renamed before or misspelt.';
COMMENT ON COLUMN "main"."space_datasets"."sources" IS 'Who states it: hub (found in the code or the card), card (`datasets:`).';
COMMENT ON COLUMN "main"."space_datasets"."stated_as" IS 'Other spellings under which the Space states it: a former name, an address.';
