CREATE TABLE "main"."board_models" (
  "board" VARCHAR NOT NULL,
  "model_name" VARCHAR NOT NULL,
  "model_id" VARCHAR,
  "_id" VARCHAR,
  "method" VARCHAR NOT NULL,
  "confidence" DOUBLE NOT NULL,
  "entries" BIGINT NOT NULL,
  "licence" VARCHAR,
  "publish" VARCHAR,
  "run" VARCHAR NOT NULL
);
COMMENT ON TABLE "main"."board_models" IS 'Which model of the Hub a leaderboard means: one row is a name as a board shows it. The columns model_id of leaderboard_entries and leaderboard_scores say the same. What is not certain is null: systems, closed models and names that several models have stay none.';
COMMENT ON COLUMN "main"."board_models"."board" IS 'Id of the board.';
COMMENT ON COLUMN "main"."board_models"."model_name" IS 'Name as the board has it: leaderboard_entries.model_name.';
COMMENT ON COLUMN "main"."board_models"."model_id" IS 'The model now, owner/name, as raw_model.id. Null when method is none.';
COMMENT ON COLUMN "main"."board_models"."_id" IS 'Id of that model that survives renames. Null where the release does not hold the model: it is gone, private, or models were not read, or not all of them.';
COMMENT ON COLUMN "main"."board_models"."method" IS 'link: the board links the name to the model, or states its id. exact: the name is the id of a model of the release. alias: it is another name of the model. registry: the registry that was given (--names) says so. none: not found, or in doubt.';
COMMENT ON COLUMN "main"."board_models"."confidence" IS '1: link, or the exact id. 0.95: the id but for capitals, which the Hub does not tell apart. 0.9: a former name, by a rename that the Hub told. 0.85: another board states the id of this very name. 0.8: the registry. 0.7: the board states name and organisation apart, and one model of all has that name and an owner that begins so. 0: none.';
COMMENT ON COLUMN "main"."board_models"."entries" IS 'Rows of the board that have the name.';
COMMENT ON COLUMN "main"."board_models"."licence" IS 'Licence of the board''s rows, as its definition names it.';
COMMENT ON COLUMN "main"."board_models"."publish" IS 'What anybody may do with the row; unknown: nobody says.';
COMMENT ON COLUMN "main"."board_models"."run" IS 'Run that read the board.';
