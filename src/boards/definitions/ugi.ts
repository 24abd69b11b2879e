import { column, model, score, tableBoard } from '../table-board.ts';

const points = (header: string, name: string, aliases: readonly string[] = []) =>
  score(header, name, { unit: 'points', range: [-100, 100], aliases });

/**
 * The Uncensored General Intelligence leaderboard: a Dash AG Grid of some forty columns, of which the
 * ones that all its generations had are wanted; the others are kept as they are.
 *
 * @see https://huggingface.co/spaces/DontPlanToEnd/UGI-Leaderboard
 */
export const ugi = tableBoard({
  id: 'ugi',
  title: 'UGI Leaderboard',
  url: 'https://dontplantoend-ugi-leaderboard.hf.space/',
  renderer: 'ag-grid',
  identity: ['model'],
  repeats: true,
  minimumRows: 300,
  columns: [
    column('#', 'rank', { kind: 'number', aliases: ['Rank', '#P'], required: false }),
    model('Model', { aliases: ['author/model_name', 'Model Link'] }),
    points('UGI 🏆', 'ugi', ['UGI']),
    points('W/10 👍', 'w10', ['W/10']),
  ],
});
