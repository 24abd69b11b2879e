CREATE TABLE "main"."model_licenses" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "license" VARCHAR,
  "spdx_id" VARCHAR,
  "family" VARCHAR NOT NULL,
  "license_basis" VARCHAR,
  "license_typed" VARCHAR[] NOT NULL,
  "license_tagged" VARCHAR[] NOT NULL,
  "license_name" VARCHAR,
  "license_link" VARCHAR
);
COMMENT ON TABLE "main"."model_licenses" IS 'One row is a model and the licence that it states, as typed, as tagged and resolved; every model has one. What an author states need not hold: a child cannot be freer than its base (view lineage), and data sets have licences of their own.';
COMMENT ON COLUMN "main"."model_licenses"."id" IS 'Name of the repository.';
COMMENT ON COLUMN "main"."model_licenses"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."model_licenses"."license" IS 'The licence to count: the Hub''s id where the text is one in any spelling, else the text as stated. Null when none is stated, and when several are.';
COMMENT ON COLUMN "main"."model_licenses"."spdx_id" IS 'The same in the SPDX list. Null where that has none, or the licence is not known.';
COMMENT ON COLUMN "main"."model_licenses"."family" IS 'What it lets people do; see table license_families. `unknown` also when none is stated: that is no permission.';
COMMENT ON COLUMN "main"."model_licenses"."license_basis" IS 'Where license is from: the tag, which the Hub made of the card; the card, where there is no tag; license_name, where the other two say `other` or nothing and the name is known; several: more than one is stated. Null when none is.';
COMMENT ON COLUMN "main"."model_licenses"."license_typed" IS 'Licences as the card states them.';
COMMENT ON COLUMN "main"."model_licenses"."license_tagged" IS 'Licences among the tags, without `license:`.';
COMMENT ON COLUMN "main"."model_licenses"."license_name" IS 'Name of a licence that is not in the list of the Hub, as the card states it.';
COMMENT ON COLUMN "main"."model_licenses"."license_link" IS 'Address or file of the text of the licence, as the card states it.';
