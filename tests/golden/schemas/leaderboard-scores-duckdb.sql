CREATE TABLE "main"."leaderboard_scores" (
  "board" VARCHAR NOT NULL,
  "entry_id" VARCHAR NOT NULL,
  "snapshot_date" DATE NOT NULL,
  "captured_at" TIMESTAMPTZ NOT NULL,
  "metric" VARCHAR NOT NULL,
  "header" VARCHAR NOT NULL,
  "value" DOUBLE,
  "value_text" VARCHAR,
  "unit" VARCHAR,
  "lower_is_better" BOOLEAN,
  "model_id" VARCHAR,
  "status" VARCHAR NOT NULL,
  "licence" VARCHAR,
  "publish" VARCHAR,
  "run" VARCHAR NOT NULL
);
COMMENT ON TABLE "main"."leaderboard_scores" IS 'A score of a leaderboard as it stood on a day, one row a metric; history is kept. Boards revise scores: compare days before you compare models.';
COMMENT ON COLUMN "main"."leaderboard_scores"."board" IS 'Id of the board, e.g. open-llm.';
COMMENT ON COLUMN "main"."leaderboard_scores"."entry_id" IS 'The board''s own identity of the row, as in leaderboard_entries.';
COMMENT ON COLUMN "main"."leaderboard_scores"."snapshot_date" IS 'Day of captured_at, UTC.';
COMMENT ON COLUMN "main"."leaderboard_scores"."captured_at" IS 'When we read the page, UTC.';
COMMENT ON COLUMN "main"."leaderboard_scores"."metric" IS 'Our name of the metric, stable when the board renames its header.';
COMMENT ON COLUMN "main"."leaderboard_scores"."header" IS 'Header of the column, verbatim.';
COMMENT ON COLUMN "main"."leaderboard_scores"."value" IS 'The score in `unit`, as published, not rescaled. Null when value_text is no number.';
COMMENT ON COLUMN "main"."leaderboard_scores"."value_text" IS 'The score as text: as shown where the row was read from the page, else as loaded.';
COMMENT ON COLUMN "main"."leaderboard_scores"."unit" IS 'Unit as published: percent, ratio, kg, elo … Null when the board states none.';
COMMENT ON COLUMN "main"."leaderboard_scores"."lower_is_better" IS 'Whether a lower value is better; null when we do not know.';
COMMENT ON COLUMN "main"."leaderboard_scores"."model_id" IS 'As in leaderboard_entries.';
COMMENT ON COLUMN "main"."leaderboard_scores"."status" IS 'As in leaderboard_entries.';
COMMENT ON COLUMN "main"."leaderboard_scores"."licence" IS 'Licence of the board''s rows, as its definition names it. Null before 0.2.';
COMMENT ON COLUMN "main"."leaderboard_scores"."publish" IS 'What anybody may do with the row; unknown: nobody says.';
COMMENT ON COLUMN "main"."leaderboard_scores"."run" IS 'Run that read it.';
