import { column, model, percent, tableBoard } from '../table-board.ts';

const board = (version: string) =>
  tableBoard({
    id: `terminal-bench-${version.replace('.', '-')}`,
    title: `Terminal-Bench ${version}`,
    url: `https://www.tbench.ai/?benchmark=${version}`,
    renderer: 'html',
    identity: ['agent', 'model'],
    repeats: true,
    unproved: true,
    minimumRows: 10,
    columns: [
      column('RANK', 'rank', { kind: 'number', aliases: ['Rank'] }),
      model('MODEL', { aliases: ['Model'] }),
      column('AGENT', 'agent', { aliases: ['Agent'] }),
      percent('RESOLUTION RATE', 'accuracy', {
        aliases: ['Resolution Rate', 'ACCURACY', 'Accuracy'],
        ...{ kind: 'percent', lowerIsBetter: false },
      }),
      column('DATE', 'measured', { kind: 'date', aliases: ['Date'], required: false }),
    ],
  });

/**
 * Agents in a terminal. The page draws what a service answers, whose columns no stored copy shows: of the
 * headers only that of the rate is known from its code.
 *
 * @see https://github.com/harbor-framework/terminal-bench-website
 */
export const terminalBench = ['4.0', '3.0', '2.1', '2.0'].map(board);
