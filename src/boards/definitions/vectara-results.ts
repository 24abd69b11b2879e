import { licensed } from '../licence.ts';
import { column, model, percent, tableBoard } from '../table-board.ts';

const SETS = 'business education finance law medicine politics science sports stocks technology';
const result = (name: string, lowerIsBetter: boolean) =>
  percent(`results.${name}.${name}`, name, { lowerIsBetter });

/** What `vectara` is made of: a file for each model, with its rates by subject. */
export const vectaraResults = tableBoard({
  id: 'vectara-results',
  title: 'Vectara Hallucination Leaderboard, results',
  url: 'https://huggingface.co/api/datasets/vectara/results/tree/main?recursive=true',
  renderer: 'file',
  file: {
    format: 'json',
    each: { path: '[path$=.json].path', url: '/datasets/vectara/results/resolve/main/{}' },
    hosts: ['*.hf.co'],
  },
  licence: licensed('Apache-2.0', { of: 'vectara/hallucination-leaderboard' }),
  identity: ['file'],
  unproved: true,
  minimumRows: 50,
  columns: [
    model('config.model_name'),
    column('file', 'file'),
    column('model_annotations.accessibility', 'accessibility', { required: false }),
    column('model_annotations.model_size', 'model_size', { required: false }),
    result('hallucination_rate', true),
    result('factual_consistency_rate', false),
    result('answer_rate', false),
    ...SETS.split(' ').map((set) =>
      percent(`category_results.${set}.hallucination_rate`, `${set}_hallucination_rate`, {
        ...{ lowerIsBetter: true, required: false },
      }),
    ),
  ],
});
