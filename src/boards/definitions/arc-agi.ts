import { column, model, score, tableBoard } from '../table-board.ts';

const board = (version: number, cost: string, minimumRows: number) =>
  tableBoard({
    id: `arc-agi-${version}`,
    title: `ARC Prize, ARC-AGI-${version}`,
    url: `https://arcprize.org/media/data/leaderboard/v${version}.json`,
    renderer: 'file',
    file: { path: 'evaluations[]', omit: ['labelOffsetX', 'labelOffsetY', 'providerColor'] },
    identity: ['system'],
    // A system may stand there twice.
    repeats: true,
    minimumRows,
    columns: [
      model('modelDisplayName'),
      column('modelId', 'system'),
      column('datasetId', 'dataset'),
      score('score', 'score', { unit: 'ratio', lowerIsBetter: false, range: [0, 1] }),
      score(cost, 'cost', { unit: 'USD', lowerIsBetter: true, range: [0, 1e6] }),
      column('providerDisplayName', 'organization', { required: false }),
      column('modelReleaseDate', 'released', { kind: 'date', required: false }),
      column('modelType', 'system_type', { required: false }),
    ],
  });

/** Scores on the sets that are not public, and what a task cost; of the third, what all cost. */
export const arcAgi = [
  board(1, 'costPerTask', 100),
  board(2, 'costPerTask', 100),
  board(3, 'cost', 3),
];
