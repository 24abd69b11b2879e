import type { RawModel } from './raw-model.ts';

type Result = RawModel['model_index'][number]['results'][number];

const NONE: readonly never[] = [];

/** Every result that a model states, in the card and in the Hub's own field; most stand in both. */
export function resultsOf(
  model: RawModel,
): readonly Pick<Result, 'task' | 'datasets' | 'metrics'>[] {
  const card = model.cardData[0]?.model_index.length ?? 0;
  // Nine models in ten state none: no list is made for them.
  if (card === 0 && model.model_index.length === 0 && model.cardData.length < 2) return NONE;
  return [...model.cardData.flatMap((it) => it.model_index), ...model.model_index].flatMap(
    ({ results }) => results,
  );
}
