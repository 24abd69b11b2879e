import { z } from 'zod';
import { MATCHES } from './board-models.ts';
import { int, json, oneOf, req, reqBool, reqDate, reqInt, reqOneOf, reqTs, str } from './fields.ts';
import { licenceColumns } from './publish.ts';
import type { Table } from './table.ts';

/** How far the rows of a board can be relied on; the column `status` says what each means. */
export const BOARD_STATUSES = ['verified', 'at_rest', 'loaded_only'] as const;

/** What rows were compared with; the column `proof` says what each means. */
export const PROOFS = ['payload', 'counted', 'file', 'at_rest'] as const;

/** Any board's rows, as they stood on a day. */
export const leaderboardEntries = {
  name: 'leaderboard_entries',
  description:
    'A row of a leaderboard as it stood on a day; history is kept. Its scores are rows of leaderboard_scores with the same board, entry_id and snapshot_date.',
  origin: 'board',
  row: z.strictObject({
    board: req('Id of the board, e.g. open-llm.'),
    entry_id: req("The board's own identity of the row, unique within board and day."),
    snapshot_date: reqDate('Day of captured_at, UTC.'),
    captured_at: reqTs('When we read the page, UTC.'),
    rank_stated: int(
      'Rank that the page shows. Null for a row that was loaded but not read from the page.',
    ),
    rank_computed: int(
      'Place among all rows of the board in its own order, from 1; filters do not change it.',
    ),
    model_name: req('Name of the model as the board has it.'),
    model_url: str('Address that the board links the name to.'),
    model_id: str('The same model in raw_model.id; null when model_match is none.'),
    model_match: reqOneOf(
      MATCHES,
      'How model_id was found, and how sure it is: method and confidence of the name in board_models, which holds the meanings.',
    ),
    status: reqOneOf(
      BOARD_STATUSES,
      'verified: the rows agreed with what proof names. at_rest: all rows that the page showed were read, and there was nothing to compare them with. loaded_only: the page showed its own error, so the rows it loaded were taken unchecked.',
    ),
    proof: oneOf(
      PROOFS,
      'What the rows were compared with. payload: what the page loaded for them. counted: a number of rows that is stated. file: they are a file or a list of an API, read whole. at_rest: nothing. Null where status is loaded_only.',
    ),
    variant: str(
      'Controls of the page that chose these rows, as label=value: a tab, a filter. Null where there are none: the board has one view.',
    ),
    row_checked: reqBool('Whether this very row was read from the page and agreed.'),
    shown_checked: reqInt('Rows of the snapshot that were read from the page and agreed.'),
    renderer: req('The kind of page it was read from; meanings of columns hang on it.'),
    attributes: json(
      'Columns that are no scores, by our names, typed: type, precision, license … A flag whose meaning changed under one header has the meaning of its name here. Null when the board has none, or a table of its own: leaderboard.',
    ),
    raw: json(
      'The row as the page has it: as loaded; of a board that is a table, its cells by header, verbatim: text as shown, value as loaded, link.',
    ),
    ...licenceColumns,
    citation: str('Line that whoever publishes the row must give; null where none is asked for.'),
    run: req('Run that read it.'),
  }),
  key: ['board', 'entry_id', 'snapshot_date'],
  historyBy: 'snapshot_date',
} as const satisfies Table;
