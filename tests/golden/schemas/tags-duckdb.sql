CREATE TABLE "main"."tags" (
  "id" VARCHAR NOT NULL,
  "label" VARCHAR NOT NULL,
  "type" VARCHAR NOT NULL,
  "subType" VARCHAR,
  "clickable" BOOLEAN NOT NULL,
  "kind" VARCHAR NOT NULL
);
COMMENT ON TABLE "main"."tags" IS 'One row is a tag of one of the Hub''s vocabularies, that of models or that of data sets: most are in both. Tags that only repositories carry are in neither.';
COMMENT ON COLUMN "main"."tags"."id" IS 'The tag as repositories carry it, e.g. `license:mit`; a language is `en` of models, `language:en` of data sets.';
COMMENT ON COLUMN "main"."tags"."label" IS 'Text that the Hub shows for it.';
COMMENT ON COLUMN "main"."tags"."type" IS 'Group: pipeline_tag, library, dataset, language, license, region, other …; of data sets also benchmark, task_categories, size_categories, modality, format …';
COMMENT ON COLUMN "main"."tags"."subType" IS 'Group within the group, e.g. the modality of a task. Null for most.';
COMMENT ON COLUMN "main"."tags"."clickable" IS 'Whether the Hub lets a visitor filter by it.';
COMMENT ON COLUMN "main"."tags"."kind" IS 'Whose vocabulary it is in.';
