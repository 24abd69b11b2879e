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

/** A row for each thing that a model states, once; for what states nothing there is none. */
export function distinct<Said extends object>({ id, _id }: RawModel, stated: readonly Said[]) {
  const said = stated.filter((it) => Object.values(it).some((value) => value !== null));
  return [...new Map(said.map((it) => [JSON.stringify(it), { id, _id, ...it }])).values()];
}
