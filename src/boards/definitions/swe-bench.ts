import { licensed } from '../licence.ts';
import { column, model, percent, score, tableBoard } from '../table-board.ts';

const BOARDS = ['bash-only', 'Verified', 'Lite', 'Test', 'Multilingual', 'Multimodal'];

/**
 * The boards of one page, whose script holds them all. What is ranked is a system, with its model
 * among its `tags`.
 *
 * @see https://github.com/SWE-bench/swe-bench.github.io
 */
export const sweBench = BOARDS.map((name) =>
  tableBoard({
    id: `swe-bench-${name.toLowerCase()}`,
    title: `SWE-bench ${name}`,
    url: 'https://www.swebench.com/index.html',
    renderer: 'file',
    file: {
      format: 'html',
      script: 'leaderboard-data',
      path: `[name=${name}].results[]`,
      omit: ['logo', 'per_instance_details'],
    },
    licence: licensed('CC-BY-NC-4.0', {
      of: 'the repository of its site',
      terms: 'https://github.com/SWE-bench/swe-bench.github.io',
    }),
    identity: ['submission'],
    minimumRows: 5,
    columns: [
      model('name'),
      column('folder', 'submission'),
      percent('resolved', 'resolved', { lowerIsBetter: false }),
      score('cost', 'cost', { unit: 'USD', lowerIsBetter: true, required: false }),
      column('instance_cost', 'cost_per_instance', { kind: 'number', required: false }),
      column('date', 'submitted', { kind: 'date' }),
      column('os_model', 'open_model', { kind: 'boolean', required: false }),
      column('os_system', 'open_system', { kind: 'boolean', required: false }),
      column('checked', 'checked', { kind: 'boolean', required: false }),
      column('tags', 'tags', { required: false }),
    ],
  }),
);
