import { licensed } from '../licence.ts';
import { column, model, percent, score, tableBoard } from '../table-board.ts';

const accuracy = (header: string, name: string) =>
  percent(header, name, { kind: 'percent', lowerIsBetter: false });

/** The Berkeley Function-Calling Leaderboard: a model calls functions by prompt or by its own means (FC). */
export const bfcl = tableBoard({
  id: 'bfcl',
  title: 'Berkeley Function-Calling Leaderboard',
  url: 'https://gorilla.cs.berkeley.edu/data_overall.csv',
  renderer: 'file',
  file: { links: { Model: 'Model Link' } },
  licence: licensed('Apache-2.0', { of: 'ShishirPatil/gorilla' }),
  identity: ['model'],
  minimumRows: 60,
  columns: [
    column('Rank', 'rank', { kind: 'number' }),
    model('Model'),
    accuracy('Overall Acc', 'overall'),
    accuracy('Non-Live AST Acc', 'non_live'),
    accuracy('Live Acc', 'live'),
    accuracy('Multi Turn Acc', 'multi_turn'),
    accuracy('Web Search Acc', 'web_search'),
    accuracy('Memory Acc', 'memory'),
    accuracy('Relevance Detection', 'relevance'),
    accuracy('Irrelevance Detection', 'irrelevance'),
    score('Total Cost ($)', 'cost', { unit: 'USD', lowerIsBetter: true }),
    score('Latency Mean (s)', 'latency', { unit: 's', lowerIsBetter: true }),
    column('Organization', 'organization'),
    column('License', 'license'),
  ],
});
