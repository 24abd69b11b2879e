import { licensed } from '../licence.ts';
import { column, model, score, tableBoard } from '../table-board.ts';

const rate = (header: string, name: string) =>
  score(header, name, { kind: 'percent', unit: 'percent', range: [0, 100] });

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
    { ...rate('Hallucination Rate', 'hallucination_rate'), lowerIsBetter: true },
    rate('Factual Consistency Rate', 'factual_consistency_rate'),
    rate('Answer Rate', 'answer_rate'),
    column('Average Summary Length (Words)', 'average_summary_length', {
      kind: 'number',
      aliases: ['Average Summary Length'],
    }),
  ],
});
