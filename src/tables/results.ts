import type { RawModel } from './raw-model.ts';
import type { ModelWithoutFiles } from './table.ts';

type Result = RawModel['model_index'][number]['results'][number];

const NONE: readonly never[] = [];

type Stated = Pick<Result, 'task' | 'datasets' | 'metrics'>;

/** Every result that a model states, in the card and in the Hub's own field; most stand in both. */
export function resultsOf(model: ModelWithoutFiles): readonly Stated[] {
  const card = model.cardData[0]?.model_index.length ?? 0;
  // Nine models in ten state none: no list is made for them.
  if (card === 0 && model.model_index.length === 0 && model.cardData.length < 2) return NONE;
  const results: Stated[] = [];
  for (const { model_index } of model.cardData) addResults(model_index, results);
  addResults(model.model_index, results);
  return results;
}

function addResults(index: readonly { results: readonly Stated[] }[], results: Stated[]): void {
  for (const entry of index) for (const result of entry.results) results.push(result);
}
