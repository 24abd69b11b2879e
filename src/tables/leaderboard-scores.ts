import { z } from 'zod';
import { bool, num, req, reqDate, reqOneOf, reqTs, str } from './fields.ts';
import { BOARD_STATUSES } from './leaderboard-entries.ts';
import { licenceColumns } from './publish.ts';
import type { Table } from './table.ts';

/** Any board's scores, tidy, as they stood on a day. */
export const leaderboardScores = {
  name: 'leaderboard_scores',
  description:
    'A score of a leaderboard as it stood on a day, one row a metric; history is kept. Boards revise scores: compare days before you compare models.',
  origin: 'board',
  row: z.strictObject({
    board: req('Id of the board, e.g. open-llm.'),
    entry_id: req("The board's own identity of the row, as in leaderboard_entries."),
    snapshot_date: reqDate('Day of captured_at, UTC.'),
    captured_at: reqTs('When we read the page, UTC.'),
    metric: req('Our name of the metric, stable when the board renames its header.'),
    header: req('Header of the column, verbatim.'),
    value: num(
      'The score in `unit`, as published, not rescaled. Null when value_text is no number.',
    ),
    value_text: str(
      'The score as text: as shown where the row was read from the page, else as loaded.',
    ),
    unit: str('Unit as published: percent, ratio, kg, elo … Null when the board states none.'),
    lower_is_better: bool('Whether a lower value is better; null when we do not know.'),
    model_id: str('As in leaderboard_entries.'),
    status: reqOneOf(BOARD_STATUSES, 'As in leaderboard_entries.'),
    ...licenceColumns,
    run: req('Run that read it.'),
  }),
  key: ['board', 'entry_id', 'metric', 'snapshot_date'],
  historyBy: 'snapshot_date',
} as const satisfies Table;
