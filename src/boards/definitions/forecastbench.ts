import { licensed } from '../licence.ts';
import { column, model, score, tableBoard } from '../table-board.ts';

const REPOSITORY = 'forecastingresearch/forecastbench-datasets';
const index = (header: string, name: string) =>
  score(header, name, { unit: 'percent', lowerIsBetter: false, range: [-100, 100] });
const brier = (header: string, name: string) =>
  score(header, name, { unit: 'brier', lowerIsBetter: true, range: [0, 2] });

/** Forecasts of what was not known yet: with help (tournament) and without (baseline). */
export const forecastbench = ['tournament', 'baseline'].map((name) =>
  tableBoard({
    id: `forecastbench-${name}`,
    title: `ForecastBench, ${name}`,
    url: `https://raw.githubusercontent.com/${REPOSITORY}/main/leaderboards/csv/leaderboard_${name}.csv`,
    renderer: 'file',
    licence: licensed('CC-BY-SA-4.0', {
      terms: `https://github.com/${REPOSITORY}`,
      citation: 'ForecastBench, Forecasting Research Institute, CC BY-SA 4.0',
    }),
    identity: ['team', 'model'],
    minimumRows: 50,
    columns: [
      column('Rank', 'rank', { kind: 'number' }),
      column('Team', 'team'),
      column('Model Organization', 'organization'),
      model('Model'),
      index('Overall', 'brier_index'),
      index('Dataset', 'dataset_brier_index'),
      index('Market', 'market_brier_index'),
      brier('Brier Overall', 'brier'),
      brier('Brier Dataset', 'dataset_brier'),
      brier('Brier Market', 'market_brier'),
      column('N', 'forecasts', { kind: 'number', required: false }),
      column('Overall 95% CI', 'brier_index_interval', { required: false }),
    ],
  }),
);
