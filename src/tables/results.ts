import type { RawModel } from './raw-model.ts';

type Result = RawModel['model_index'][number]['results'][number];

type Stated = Pick<Result, 'task' | 'datasets' | 'metrics'>;

/** Every result that a model states, in the card and in the Hub's own field; most stand in both. */
export function resultsOf(model: RawModel): readonly Stated[] {
  const indexes = [...model.cardData.map((card) => card.model_index), model.model_index];
  return indexes.flat().flatMap((entry): readonly Stated[] => entry.results);
}
