CREATE TABLE "main"."authors" (
  "name" VARCHAR NOT NULL,
  "kind" VARCHAR,
  "full_name" VARCHAR,
  "is_verified" BOOLEAN,
  "plan" VARCHAR,
  "is_pro" BOOLEAN,
  "members" BIGINT,
  "followers" BIGINT,
  "created_at" TIMESTAMPTZ,
  "organizations" STRUCT("name" VARCHAR, "full_name" VARCHAR, "params" STRUCT("name" VARCHAR, "value" VARCHAR)[])[] NOT NULL,
  "models" BIGINT,
  "datasets" BIGINT,
  "spaces" BIGINT,
  "model_downloads" BIGINT,
  "model_downloads_all_time" BIGINT,
  "dataset_downloads" BIGINT,
  "dataset_downloads_all_time" BIGINT,
  "developer" VARCHAR,
  "developer_source" VARCHAR,
  "developer_confidence" DOUBLE,
  "country" VARCHAR,
  "country_source" VARCHAR,
  "country_confidence" DOUBLE,
  "observed_at" TIMESTAMPTZ,
  "extra" STRUCT("path" VARCHAR, "json" VARCHAR)[] NOT NULL
);
COMMENT ON TABLE "main"."authors" IS 'Who stands behind a name: one row is a user or organisation that owns a model, data set or Space of the release. What the Hub says of it was asked for the owners of most downloads only (--overviews): those columns are null, and observed_at too, for all others. Developer and country are as somebody published them, and null where nobody did or where two things are said: nothing is guessed from names.';
COMMENT ON COLUMN "main"."authors"."name" IS 'Name of the owner: the part of raw_model.id before the slash.';
COMMENT ON COLUMN "main"."authors"."kind" IS 'Which of the two. Null where it was not asked, or not had.';
COMMENT ON COLUMN "main"."authors"."full_name" IS 'Name for people, as the owner wrote it.';
COMMENT ON COLUMN "main"."authors"."is_verified" IS 'Whether the Hub verified the organisation. The Hub says it of organisations only.';
COMMENT ON COLUMN "main"."authors"."plan" IS 'Paid plan of an organisation (team, enterprise …) where the Hub shows it.';
COMMENT ON COLUMN "main"."authors"."is_pro" IS 'Whether a user pays for PRO. The Hub says it of users only.';
COMMENT ON COLUMN "main"."authors"."members" IS 'Members of an organisation.';
COMMENT ON COLUMN "main"."authors"."followers" IS 'Who follows the owner.';
COMMENT ON COLUMN "main"."authors"."created_at" IS 'When the account was made, UTC. The Hub says it of users only.';
COMMENT ON COLUMN "main"."authors"."organizations" IS 'Organisations that a user shows to belong to. Fields: name: Name of the organisation: authors.name of its own row. full_name: Its name for people. params: Keys without a column.';
COMMENT ON COLUMN "main"."authors"."models" IS 'Models that it owns in the release. Null where the release has none at all: they were not read.';
COMMENT ON COLUMN "main"."authors"."datasets" IS 'Data sets that it owns in the release. Null where the release has none at all: they were not read.';
COMMENT ON COLUMN "main"."authors"."spaces" IS 'Spaces that it owns in the release. Null where the release has none at all: they were not read.';
COMMENT ON COLUMN "main"."authors"."model_downloads" IS 'Downloads in 30 days of all of its models in the release, added up. Null where they are not known.';
COMMENT ON COLUMN "main"."authors"."model_downloads_all_time" IS 'Downloads since the Hub began to count of all of its models in the release, added up. Null where they are not known.';
COMMENT ON COLUMN "main"."authors"."dataset_downloads" IS 'Downloads in 30 days of all of its data sets in the release, added up. Null where they are not known.';
COMMENT ON COLUMN "main"."authors"."dataset_downloads_all_time" IS 'Downloads since the Hub began to count of all of its data sets in the release, added up. Null where they are not known.';
COMMENT ON COLUMN "main"."authors"."developer" IS 'Group that makes its models, as published.';
COMMENT ON COLUMN "main"."authors"."developer_source" IS 'Who says so: file (--developers), or epoch-eci: the board of Epoch AI (CC BY 4.0, to be cited) states it of a model that the owner has. Null where nobody does.';
COMMENT ON COLUMN "main"."authors"."developer_confidence" IS '0.8: the file. Of a board as sure as the match of its model: board_models.confidence. Null where nobody says it.';
COMMENT ON COLUMN "main"."authors"."country" IS 'Country of that group, as published: several where it is of several.';
COMMENT ON COLUMN "main"."authors"."country_source" IS 'Who says so: file (--developers), or epoch-eci: the board of Epoch AI (CC BY 4.0, to be cited) states it of a model that the owner has. Null where nobody does.';
COMMENT ON COLUMN "main"."authors"."country_confidence" IS '0.8: the file. Of a board as sure as the match of its model: board_models.confidence. Null where nobody says it.';
COMMENT ON COLUMN "main"."authors"."observed_at" IS 'When the Hub answered, UTC: up to 7 days before the run. Null for owners that were not asked for, or not had: see table missed.';
COMMENT ON COLUMN "main"."authors"."extra" IS 'All that has no column and no nearer params: nothing of a record is lost. Fields: path: Where it stood in the record. json: Its JSON, as sent.';
