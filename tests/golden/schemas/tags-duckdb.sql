CREATE TABLE "main"."tags" (
  "id" VARCHAR NOT NULL,
  "label" VARCHAR NOT NULL,
  "type" VARCHAR NOT NULL,
  "subType" VARCHAR,
  "clickable" BOOLEAN NOT NULL
);
COMMENT ON TABLE "main"."tags" IS 'One row is a tag of the Hub''s vocabulary. Tags that only models carry are not in it.';
COMMENT ON COLUMN "main"."tags"."id" IS 'The tag as models carry it, e.g. `license:mit`.';
COMMENT ON COLUMN "main"."tags"."label" IS 'Text that the Hub shows for it.';
COMMENT ON COLUMN "main"."tags"."type" IS 'Group: pipeline_tag, library, dataset, language, license, region, other …';
COMMENT ON COLUMN "main"."tags"."subType" IS 'Group within the group, e.g. the modality of a task. Null for most.';
COMMENT ON COLUMN "main"."tags"."clickable" IS 'Whether the Hub lets a visitor filter by it.';
