import { licensed } from '../licence.ts';
import { column, model, percent, score, tableBoard } from '../table-board.ts';

const share = (header: string, name: string) => percent(header, name, { lowerIsBetter: false });

/** Aider's polyglot benchmark: 225 exercises in six languages, two tries each. Its last row is of 2025. */
export const aider = tableBoard({
  id: 'aider-polyglot',
  title: 'Aider polyglot',
  url: 'https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/polyglot_leaderboard.yml',
  renderer: 'file',
  licence: licensed('Apache-2.0', { of: 'Aider-AI/aider' }),
  identity: ['run'],
  minimumRows: 60,
  columns: [
    model('model'),
    column('dirname', 'run'),
    share('pass_rate_2', 'pass_rate_2'),
    share('pass_rate_1', 'pass_rate_1'),
    share('percent_cases_well_formed', 'well_formed'),
    score('total_cost', 'cost', { unit: 'USD', lowerIsBetter: true }),
    score('seconds_per_case', 'seconds_per_case', { unit: 's', lowerIsBetter: true }),
    column('edit_format', 'edit_format'),
    column('reasoning_effort', 'reasoning_effort', { required: false }),
    column('date', 'measured', { kind: 'date' }),
  ],
});
