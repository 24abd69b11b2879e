CREATE TABLE "main"."leaderboard_entries" (
  "board" VARCHAR NOT NULL,
  "entry_id" VARCHAR NOT NULL,
  "snapshot_date" DATE NOT NULL,
  "captured_at" TIMESTAMPTZ NOT NULL,
  "rank_stated" BIGINT,
  "rank_computed" BIGINT,
  "model_name" VARCHAR NOT NULL,
  "model_url" VARCHAR,
  "model_id" VARCHAR,
  "model_match" VARCHAR NOT NULL,
  "status" VARCHAR NOT NULL,
  "proof" VARCHAR,
  "variant" VARCHAR,
  "row_checked" BOOLEAN NOT NULL,
  "shown_checked" BIGINT NOT NULL,
  "renderer" VARCHAR NOT NULL,
  "attributes" JSON,
  "raw" JSON,
  "licence" VARCHAR,
  "publish" VARCHAR,
  "citation" VARCHAR,
  "run" VARCHAR NOT NULL
);
COMMENT ON TABLE "main"."leaderboard_entries" IS 'A row of a leaderboard as it stood on a day; history is kept. Its scores are rows of leaderboard_scores with the same board, entry_id and snapshot_date.';
COMMENT ON COLUMN "main"."leaderboard_entries"."board" IS 'Id of the board, e.g. open-llm.';
COMMENT ON COLUMN "main"."leaderboard_entries"."entry_id" IS 'The board''s own identity of the row, unique within board and day.';
COMMENT ON COLUMN "main"."leaderboard_entries"."snapshot_date" IS 'Day of captured_at, UTC.';
COMMENT ON COLUMN "main"."leaderboard_entries"."captured_at" IS 'When we read the page, UTC.';
COMMENT ON COLUMN "main"."leaderboard_entries"."rank_stated" IS 'Rank that the page shows. Null for a row that was loaded but not read from the page.';
COMMENT ON COLUMN "main"."leaderboard_entries"."rank_computed" IS 'Place among all rows of the board in its own order, from 1; filters do not change it.';
COMMENT ON COLUMN "main"."leaderboard_entries"."model_name" IS 'Name of the model as the board has it.';
COMMENT ON COLUMN "main"."leaderboard_entries"."model_url" IS 'Address that the board links the name to.';
COMMENT ON COLUMN "main"."leaderboard_entries"."model_id" IS 'The same model in raw_model.id; null when model_match is none.';
COMMENT ON COLUMN "main"."leaderboard_entries"."model_match" IS 'How model_id was found, and how sure it is: method and confidence of the name in board_models, which holds the meanings.';
COMMENT ON COLUMN "main"."leaderboard_entries"."status" IS 'verified: the rows agreed with what proof names. at_rest: all rows that the page showed were read, and there was nothing to compare them with. loaded_only: the page showed its own error, so the rows it loaded were taken unchecked.';
COMMENT ON COLUMN "main"."leaderboard_entries"."proof" IS 'What the rows were compared with. payload: what the page loaded for them. counted: a number of rows that is stated. file: they are a file or a list of an API, read whole. at_rest: nothing. Null where status is loaded_only.';
COMMENT ON COLUMN "main"."leaderboard_entries"."variant" IS 'Controls of the page that chose these rows, as label=value: a tab, a filter. Null where there are none: the board has one view.';
COMMENT ON COLUMN "main"."leaderboard_entries"."row_checked" IS 'Whether this very row was read from the page and agreed.';
COMMENT ON COLUMN "main"."leaderboard_entries"."shown_checked" IS 'Rows of the snapshot that were read from the page and agreed.';
COMMENT ON COLUMN "main"."leaderboard_entries"."renderer" IS 'The kind of page it was read from; meanings of columns hang on it.';
COMMENT ON COLUMN "main"."leaderboard_entries"."attributes" IS 'Columns that are no scores, by our names, typed: type, precision, license … A flag whose meaning changed under one header has the meaning of its name here. Null when the board has none, or a table of its own: leaderboard.';
COMMENT ON COLUMN "main"."leaderboard_entries"."raw" IS 'The row as the page has it: as loaded; of a board that is a table, its cells by header, verbatim: text as shown, value as loaded, link.';
COMMENT ON COLUMN "main"."leaderboard_entries"."licence" IS 'Licence of the board''s rows, as its definition names it. Null before 0.2.';
COMMENT ON COLUMN "main"."leaderboard_entries"."publish" IS 'What anybody may do with the row; unknown: nobody says.';
COMMENT ON COLUMN "main"."leaderboard_entries"."citation" IS 'Line that whoever publishes the row must give; null where none is asked for.';
COMMENT ON COLUMN "main"."leaderboard_entries"."run" IS 'Run that read it.';
