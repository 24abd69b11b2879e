import { licensed } from '../licence.ts';
import { column, model, score, tableBoard } from '../table-board.ts';

/**
 * Tokens that the fifty most used models of a day took, and all others together (`other`), from the data
 * set that needs no key.
 *
 * @see https://openrouter.ai/docs/cookbook/administration/data-api
 */
export const openrouter = tableBoard({
  id: 'openrouter',
  title: 'OpenRouter, tokens by day',
  url: 'https://huggingface.co/api/datasets/openrouter/rankings-daily/parquet/default/train/0.parquet',
  renderer: 'file',
  file: { format: 'parquet', hosts: ['*.hf.co'] },
  licence: licensed('CC-BY-4.0', {
    terms: 'https://openrouter.ai/docs/cookbook/administration/data-api',
    citation: 'Source: OpenRouter (openrouter.ai/rankings), as of the day of the row',
  }),
  identity: ['day', 'model'],
  unproved: true,
  minimumRows: 51,
  columns: [
    column('date', 'day', { kind: 'date' }),
    model('model_permaslug'),
    score('total_tokens', 'tokens', { unit: 'tokens', lowerIsBetter: false }),
  ],
});
