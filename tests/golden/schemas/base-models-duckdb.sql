CREATE TABLE "main"."base_models" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "base_model" VARCHAR NOT NULL,
  "base_model_id" VARCHAR,
  "relation" VARCHAR,
  "sources" VARCHAR[] NOT NULL
);
COMMENT ON TABLE "main"."base_models" IS 'One row is an edge of lineage: a model and one that it was made from. Edges that the Hub resolved, tags and the card are merged by name; `sources` says which of them state it.';
COMMENT ON COLUMN "main"."base_models"."id" IS 'Name of the derived repository.';
COMMENT ON COLUMN "main"."base_models"."_id" IS 'Its id that survives renames.';
COMMENT ON COLUMN "main"."base_models"."base_model" IS 'Name of the model that it was made from, as stated.';
COMMENT ON COLUMN "main"."base_models"."base_model_id" IS 'Id of that model, where the Hub resolved it.';
COMMENT ON COLUMN "main"."base_models"."relation" IS 'adapter, finetune, merge or quantized; null when nobody says.';
COMMENT ON COLUMN "main"."base_models"."sources" IS 'Who states the edge: hub, tag, card.';
