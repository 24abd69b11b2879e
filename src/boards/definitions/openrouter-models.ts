import { column, model, score, tableBoard } from '../table-board.ts';

const price = (key: string, name: string) =>
  score(`pricing.${key}`, name, {
    unit: 'USD/token',
    lowerIsBetter: true,
    missing: [-1],
  });

/**
 * What OpenRouter offers, and which model of the Hub each is: `board_models` takes its `hugging_face_id` for
 * the names of other boards too.
 *
 * @see https://openrouter.ai/docs/api-reference/list-available-models
 */
export const openrouterModels = tableBoard({
  id: 'openrouter-models',
  title: 'OpenRouter, models and prices',
  url: 'https://openrouter.ai/api/v1/models',
  renderer: 'file',
  file: { format: 'json', path: 'data[]', omit: ['description'] },
  identity: ['model'],
  unproved: true,
  minimumRows: 100,
  columns: [
    model('id'),
    column('canonical_slug', 'also_called', { required: false }),
    column('hugging_face_id', 'hub_id', { required: false }),
    column('name', 'title'),
    price('prompt', 'input_price'),
    price('completion', 'output_price'),
    column('context_length', 'context_length', { kind: 'number', required: false }),
  ],
});
