CREATE TABLE "main"."model_card" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "language" VARCHAR[] NOT NULL,
  "tags" VARCHAR[] NOT NULL,
  "license" VARCHAR[] NOT NULL,
  "thumbnail" VARCHAR[] NOT NULL,
  "model_type" VARCHAR[] NOT NULL,
  "library_tag" VARCHAR[] NOT NULL,
  "library_version" VARCHAR[] NOT NULL,
  "datasets" VARCHAR[] NOT NULL,
  "library_name" VARCHAR[] NOT NULL,
  "base_model" VARCHAR[] NOT NULL
);
COMMENT ON TABLE "main"."model_card" IS 'One row is the core of a model card; a model without a card has no row. Values stand as the author wrote them, each once.';
COMMENT ON COLUMN "main"."model_card"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."model_card"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."model_card"."language" IS 'Language codes, as written: en, eng and English are three.';
COMMENT ON COLUMN "main"."model_card"."tags" IS 'Tags of the card.';
COMMENT ON COLUMN "main"."model_card"."license" IS 'Licences as the author wrote them. To count licences take model_licenses.license.';
COMMENT ON COLUMN "main"."model_card"."thumbnail" IS 'Address of an image.';
COMMENT ON COLUMN "main"."model_card"."model_type" IS 'Family of the model.';
COMMENT ON COLUMN "main"."model_card"."library_tag" IS 'Library, under an older key.';
COMMENT ON COLUMN "main"."model_card"."library_version" IS 'Version of the library.';
COMMENT ON COLUMN "main"."model_card"."datasets" IS 'Datasets that the author says the model was trained on; most models name none.';
COMMENT ON COLUMN "main"."model_card"."library_name" IS 'Library that loads the model.';
COMMENT ON COLUMN "main"."model_card"."base_model" IS 'Models that this one was made from; see table base_models for resolved ones.';
