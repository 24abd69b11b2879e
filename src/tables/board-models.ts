import { z } from 'zod';
import { oneOf, req, reqInt, reqNum, reqOneOf, str } from './fields.ts';
import { PUBLISH } from './publish.ts';
import { defineTable } from './table.ts';

/** How a name on a board became the id of a model. */
export const MATCHES = ['link', 'exact', 'alias', 'registry', 'none'] as const;

/** Which model of the Hub a board means by a name. */
export const boardModels = defineTable({
  name: 'board_models',
  description:
    'Which model of the Hub a leaderboard means: one row is a name as a board shows it. The columns model_id of leaderboard_entries and leaderboard_scores say the same. What is not certain is null: systems, closed models and names that several models have stay none.',
  origin: 'board',
  row: z.strictObject({
    board: req('Id of the board.'),
    model_name: req('Name as the board has it: leaderboard_entries.model_name.'),
    model_id: str('The model now, owner/name, as raw_model.id. Null when method is none.'),
    _id: str(
      'Id of that model that survives renames. Null where the release does not hold the model: it is gone, private, or models were not read, or not all of them.',
    ),
    method: reqOneOf(
      MATCHES,
      'link: the board links the name to the model, or states its id. exact: the name is the id of a model of the release. alias: it is another name of the model. registry: the registry that was given (--names) says so. none: not found, or in doubt.',
    ),
    confidence: reqNum(
      '1: link, or the exact id. 0.95: the id but for capitals, which the Hub does not tell apart. 0.9: a former name, by a rename that the Hub told. 0.85: another board states the id of this very name. 0.8: the registry. 0.7: the board states name and organisation apart, and one model of all has that name and an owner that begins so. 0: none.',
    ),
    entries: reqInt('Rows of the board that have the name.'),
    licence: str("Licence of the board's rows, as its definition names it."),
    publish: oneOf(PUBLISH, 'What anybody may do with the row; unknown: nobody says.'),
    run: req('Run that read the board.'),
  }),
  key: ['board', 'model_name'],
});
