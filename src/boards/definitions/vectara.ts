import { licensed } from '../licence.ts';
import { column, model, percent, tableBoard } from '../table-board.ts';

/**
 * How often models add to a text that they summarise: the table of the repository's own page, which
 * the Space shows too.
 *
 * @see https://huggingface.co/spaces/vectara/leaderboard
 */
export const vectara = tableBoard({
  id: 'vectara',
  title: 'Vectara Hallucination Leaderboard',
  url: 'https://github.com/vectara/hallucination-leaderboard',
  renderer: 'html',
  licence: licensed('Apache-2.0', { of: 'vectara/hallucination-leaderboard' }),
  identity: ['model'],
  minimumRows: 50,
  columns: [
    model('Model', { aliases: ['LLM'] }),
    percent('Hallucination Rate', 'hallucination_rate', { kind: 'percent', lowerIsBetter: true }),
    percent('Factual Consistency Rate', 'factual_consistency_rate', { kind: 'percent' }),
    percent('Answer Rate', 'answer_rate', { kind: 'percent' }),
    column('Average Summary Length (Words)', 'average_summary_length', {
      kind: 'number',
      aliases: ['Average Summary Length'],
    }),
  ],
});
