CREATE TABLE "main"."core_model" (
  "id" VARCHAR NOT NULL,
  "_id" VARCHAR NOT NULL,
  "author" VARCHAR,
  "lastModified" TIMESTAMPTZ,
  "private" BOOLEAN,
  "disabled" BOOLEAN,
  "gated" BOOLEAN,
  "pipeline_tag" VARCHAR,
  "tags" STRUCT("id" VARCHAR, "label" VARCHAR, "type" VARCHAR, "subType" VARCHAR)[] NOT NULL,
  "library_name" VARCHAR,
  "gated_mode" VARCHAR,
  "createdAt" TIMESTAMPTZ,
  "sha" VARCHAR,
  "observed_at" TIMESTAMPTZ
);
COMMENT ON TABLE "main"."core_model" IS 'One row is a model of the Hub, with the fields that nearly every question needs.';
COMMENT ON COLUMN "main"."core_model"."id" IS 'Name of the repository, `author/model`; changes when it is renamed.';
COMMENT ON COLUMN "main"."core_model"."_id" IS 'Id that survives renames.';
COMMENT ON COLUMN "main"."core_model"."author" IS 'User or organisation that owns the repository.';
COMMENT ON COLUMN "main"."core_model"."lastModified" IS 'Time of the latest commit.';
COMMENT ON COLUMN "main"."core_model"."private" IS 'Whether the repository is private; false in a public crawl.';
COMMENT ON COLUMN "main"."core_model"."disabled" IS 'Whether the Hub took the files away.';
COMMENT ON COLUMN "main"."core_model"."gated" IS 'Whether access must be asked for.';
COMMENT ON COLUMN "main"."core_model"."pipeline_tag" IS 'Task that the Hub shows the model under. Null for about half of the models.';
COMMENT ON COLUMN "main"."core_model"."tags" IS 'Tags of the model, looked up in the vocabulary of the Hub (table `tags`). Their order means nothing. `region:us` is where the files lie, not where the author is from; languages are bare codes (`en`). Fields: id: The tag, as the Hub gives it. label: Text that the Hub shows for it. Null when the vocabulary does not know the tag. type: Group of the tag: language, license, dataset, library, pipeline_tag, region … Null when unknown. subType: Group within the group. Null for most.';
COMMENT ON COLUMN "main"."core_model"."library_name" IS 'Library that loads the model.';
COMMENT ON COLUMN "main"."core_model"."gated_mode" IS 'How access is granted. Null when not gated or unknown.';
COMMENT ON COLUMN "main"."core_model"."createdAt" IS 'When the repository was made; 2022-03-02T23:29:04Z for all that are older.';
COMMENT ON COLUMN "main"."core_model"."sha" IS 'Latest commit: what a file of the model, or a licence, is quoted by.';
COMMENT ON COLUMN "main"."core_model"."observed_at" IS 'Start of the run that read this row. Popularity, gate, revision, dates, `disabled` and how a Space ran are always of the run of the release; all else of an earlier run where neither revision nor date of change has moved since.';
