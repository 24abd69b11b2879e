import { DATASET } from '../definition.ts';
import { column, model, score, tableBoard } from '../table-board.ts';

/**
 * The text arena, from the data set that its makers publish under CC BY 4.0: the terms of their site
 * forbid reading its pages. A row is a model in a category.
 *
 * @see https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset
 */
export const lmarena = tableBoard({
  id: 'lmarena',
  title: 'LMArena, text',
  url: 'https://datasets-server.huggingface.co/rows?dataset=lmarena-ai%2Fleaderboard-dataset&config=text&split=latest',
  renderer: DATASET,
  licence: 'CC-BY-4.0',
  identity: ['model', 'category'],
  minimumRows: 100,
  columns: [
    column('rank', 'rank', { kind: 'number' }),
    model('model_name'),
    column('category', 'category'),
    column('organization', 'organization', { required: false }),
    column('license', 'license', { required: false }),
    column('leaderboard_publish_date', 'published', { kind: 'date', required: false }),
    score('rating', 'rating', { unit: 'elo', lowerIsBetter: false, range: [0, 5000] }),
    score('rating_lower', 'rating_lower', { unit: 'elo', required: false }),
    score('rating_upper', 'rating_upper', { unit: 'elo', required: false }),
    score('vote_count', 'votes', { unit: 'votes', required: false }),
  ],
});
