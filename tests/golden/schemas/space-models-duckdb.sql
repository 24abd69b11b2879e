CREATE TABLE "main"."space_models" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "model" VARCHAR NOT NULL,
  "model_id" VARCHAR,
  "sources" VARCHAR[] NOT NULL,
  "stated_as" VARCHAR[] NOT NULL
);
COMMENT ON TABLE "main"."space_models" IS 'One row is a Space and a model that it uses, as the Hub found it in the code or as its card states. A Space that loads what its visitors choose names none.';
COMMENT ON COLUMN "main"."space_models"."id" IS 'Name of the Space.';
COMMENT ON COLUMN "main"."space_models"."_id" IS 'Its id that survives renames.';
COMMENT ON COLUMN "main"."space_models"."model" IS 'Name of the model, as stated, without address and blanks.';
COMMENT ON COLUMN "main"."space_models"."model_id" IS 'raw_model._id of that model. Null where the run listed none of that name: gone, private, renamed before or misspelt.';
COMMENT ON COLUMN "main"."space_models"."sources" IS 'Who states it: hub (found in the code or the card), card (`models:`).';
COMMENT ON COLUMN "main"."space_models"."stated_as" IS 'Other spellings under which the Space states it: a former name, an address.';
