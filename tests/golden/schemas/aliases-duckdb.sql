CREATE TABLE "main"."aliases" (
  "from_id" VARCHAR NOT NULL,
  "to_id" VARCHAR NOT NULL,
  "_id" VARCHAR,
  "how" VARCHAR NOT NULL,
  "seen_at" TIMESTAMPTZ NOT NULL,
  "kind" VARCHAR NOT NULL
);
COMMENT ON TABLE "main"."aliases" IS 'One row is a former name of a repository and its name now, as this crawl met it. Renames seen between two runs are in model_events (dataset_events, space_events) and not here: names are not resolved by them.';
COMMENT ON COLUMN "main"."aliases"."from_id" IS 'Name that was asked or seen before.';
COMMENT ON COLUMN "main"."aliases"."to_id" IS 'Name now.';
COMMENT ON COLUMN "main"."aliases"."_id" IS 'Id that survives renames; null where it was not told.';
COMMENT ON COLUMN "main"."aliases"."how" IS 'redirect: the Hub sent us on; same_id: two names with one _id in a crawl.';
COMMENT ON COLUMN "main"."aliases"."seen_at" IS 'When, UTC.';
COMMENT ON COLUMN "main"."aliases"."kind" IS 'What it is: a model and a data set may have one name.';
