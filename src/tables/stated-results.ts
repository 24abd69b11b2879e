import type { RawModel } from './raw-model.ts';

type Result = RawModel['model_index'][number]['results'][number];

interface Stated extends Pick<Result, 'task' | 'datasets' | 'metrics'> {
  /** Where it stands. */
  source: 'card' | 'hub';
}

/** Every result that a model states, in the card and in the Hub's own field; most stand in both. */
export function resultsOf({ cardData, model_index }: RawModel): readonly Stated[] {
  const stated: Stated[] = [];
  const take = (source: Stated['source'], results: readonly Omit<Stated, 'source'>[]) => {
    for (const { task, datasets, metrics } of results) {
      stated.push({ source, task, datasets, metrics });
    }
  };
  for (const card of cardData) for (const { results } of card.model_index) take('card', results);
  for (const { results } of model_index) take('hub', results);
  return stated;
}
