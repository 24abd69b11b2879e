CREATE TABLE "main"."missed" (
  "id" VARCHAR,
  "source" VARCHAR NOT NULL,
  "reason" VARCHAR NOT NULL,
  "detail" VARCHAR,
  "url" VARCHAR,
  "at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "main"."missed" IS 'One row is something that the run could not have, and why. The Hub does not tell a private repository from one that does not exist.';
COMMENT ON COLUMN "main"."missed"."id" IS 'Name of the repository, owner or page; null where it was not known.';
COMMENT ON COLUMN "main"."missed"."source" IS 'What was asked: models, datasets, spaces, catchup (and catchup-datasets …), details (of models: details/treesize, details/scan), tags, authors, boards/<id> …';
COMMENT ON COLUMN "main"."missed"."reason" IS 'Why it is missing.';
COMMENT ON COLUMN "main"."missed"."detail" IS 'What the server or the cleaning said.';
COMMENT ON COLUMN "main"."missed"."url" IS 'Address that was asked, without credentials.';
COMMENT ON COLUMN "main"."missed"."at" IS 'When, UTC.';
