CREATE TABLE "main"."base_models" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "base_model" VARCHAR NOT NULL,
  "base_model_id" VARCHAR,
  "relation" VARCHAR,
  "sources" VARCHAR[] NOT NULL,
  "stated_as" VARCHAR[] NOT NULL,
  "is_self" BOOLEAN NOT NULL
);
COMMENT ON TABLE "main"."base_models" IS 'One row is an edge of lineage: a model and one that it was made from. What the Hub resolved, tags and the card say of one base is one row, under the name that the Hub uses; `sources` says who states it. Texts that can be no repository (local paths, "None", sentences) give no row: see model_card.base_model. A model without rows was trained from scratch, or does not say.';
COMMENT ON COLUMN "main"."base_models"."id" IS 'Name of the derived repository.';
COMMENT ON COLUMN "main"."base_models"."_id" IS 'Its id that survives renames.';
COMMENT ON COLUMN "main"."base_models"."base_model" IS 'Name of the model that it was made from: as the Hub resolved it, else as stated, without address and blanks. Join by base_model_id where it is not null: names differ in capitals and change.';
COMMENT ON COLUMN "main"."base_models"."base_model_id" IS 'Id of that model, where the Hub resolved it or the release holds a model of that name (or of the name that it was renamed to). Null for models that are gone, private, misspelt, or renamed before this crawl (see aliases).';
COMMENT ON COLUMN "main"."base_models"."relation" IS 'How it was made: adapter, finetune, merge, quantized, or what the Hub has added since. Null when nobody says.';
COMMENT ON COLUMN "main"."base_models"."sources" IS 'Who states the edge: hub (resolved), tag, card.';
COMMENT ON COLUMN "main"."base_models"."stated_as" IS 'Other spellings under which the model itself states this base: a former name, another case, an address.';
COMMENT ON COLUMN "main"."base_models"."is_self" IS 'Whether the model names itself. Leave such edges out of counts.';
