import type { RawModel } from './raw-model.ts';

type Result = RawModel['model_index'][number]['results'][number];

const NONE: readonly never[] = [];

type Stated = Pick<Result, 'task' | 'datasets' | 'metrics'>;

/** Three tables ask for the results of the same model, one after the other. */
const latest: { model: RawModel | undefined; results: readonly Stated[] } = {
  model: undefined,
  results: NONE,
};

/** Every result that a model states, in the card and in the Hub's own field; most stand in both. */
export function resultsOf(model: RawModel): readonly Stated[] {
  const card = model.cardData[0]?.model_index.length ?? 0;
  // Nine models in ten state none: no list is made for them.
  if (card === 0 && model.model_index.length === 0 && model.cardData.length < 2) return NONE;
  if (latest.model !== model) {
    latest.model = model;
    const results: Stated[] = [];
    for (const card of model.cardData) addResults(card.model_index, results);
    addResults(model.model_index, results);
    latest.results = results;
  }
  return latest.results;
}

function addResults(index: readonly { results: readonly Stated[] }[], results: Stated[]): void {
  for (const entry of index) for (const result of entry.results) results.push(result);
}
