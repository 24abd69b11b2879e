import { licensed } from '../licence.ts';
import { column, model, score, tableBoard } from '../table-board.ts';

const FOLDER = 'epoch_capabilities_index';
const ZIP = {
  url: 'https://epoch.ai/data/benchmark_data.zip',
  renderer: 'file',
  licence: licensed('CC-BY-4.0', {
    terms: 'https://epoch.ai/benchmarks',
    citation: "Epoch AI, 'Capabilities & Benchmarking', https://epoch.ai/benchmarks, CC BY 4.0",
  }),
};

/** Epoch's index of what models can do, from all of its benchmarks together. */
export const epochEci = tableBoard({
  ...ZIP,
  id: 'epoch-eci',
  title: 'Epoch Capabilities Index',
  file: { member: `${FOLDER}/eci_scores.csv` },
  identity: ['model'],
  minimumRows: 150,
  columns: [
    model('Model'),
    score('eci', 'eci', { unit: 'eci', lowerIsBetter: false, range: [0, 300] }),
    score('eci_ci_low', 'eci_lower', { unit: 'eci', lowerIsBetter: false, required: false }),
    score('eci_ci_high', 'eci_upper', { unit: 'eci', lowerIsBetter: false, required: false }),
    column('date', 'released', { kind: 'date' }),
    column('Organization', 'organization'),
    column('Country (of organization)', 'country', { required: false }),
    column('Model accessibility', 'accessibility', { required: false }),
    column('Accessibility group', 'accessibility_group', { required: false }),
  ],
});

/** The benchmarks behind the index, its own runs and others', each as a share above guessing. */
export const epochBenchmarks = tableBoard({
  ...ZIP,
  id: 'epoch-benchmarks',
  title: 'Epoch AI, benchmarks',
  file: { member: `${FOLDER}/processed_data_for_eci.csv` },
  identity: ['model', 'benchmark'],
  repeats: true,
  minimumRows: 1000,
  columns: [
    model('model_version'),
    column('Model', 'model_group'),
    column('benchmark', 'benchmark'),
    score('performance', 'performance', { unit: 'ratio', lowerIsBetter: false, range: [-1, 1] }),
    column('date', 'released', { kind: 'date', required: false }),
    column('source', 'source', { required: false }),
  ],
});
