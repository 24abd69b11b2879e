import { z } from 'zod';
import { req, strs } from './fields.ts';
import type { RawModel } from './raw-model.ts';
import { defineTable } from './table.ts';

type Card = RawModel['cardData'][number];

/**
 * Made once: what is compiled for a function that is made anew for each model goes with it, at the next
 * collection of the whole heap.
 */
const OF_CARD = {
  language: (card: Card) => card.language,
  tags: (card: Card) => card.tags,
  license: (card: Card) => card.license,
  thumbnail: (card: Card) => card.thumbnail,
  model_type: (card: Card) => card.model_type,
  library_tag: (card: Card) => card.library_tag,
  library_version: (card: Card) => card.library_version,
  datasets: (card: Card) => card.datasets,
  library_name: (card: Card) => card.library_name,
  base_model: (card: Card) => card.base_model,
};

/** Distinct values of a field over the cards of a model. Nearly all models have one card. */
function texts(cards: readonly Card[], field: (card: Card) => string[] | string | null): string[] {
  const [only] = cards;
  const alone = cards.length === 1 && only !== undefined ? field(only) : undefined;
  if (Array.isArray(alone) && (alone.length < 2 || isDistinct(alone))) return alone;
  const values: string[] = [];
  for (const card of cards) {
    const value = field(card);
    if (typeof value === 'string') values.push(value);
    else if (value !== null) values.push(...value);
  }
  return values.length < 2 ? values : [...new Set(values)];
}

/** A longer list is quicker in a set. */
const FEW = 20;

function isDistinct(values: readonly string[]): boolean {
  if (values.length > FEW) return false;
  for (let index = 1; index < values.length; index += 1) {
    if (values.lastIndexOf(values[index] ?? '', index - 1) !== -1) return false;
  }
  return true;
}

export const modelCard = defineTable({
  name: 'model_card',
  description:
    'One row is the core of a model card; a model without a card has no row. Values stand as the author wrote them, each once.',
  origin: 'model',
  row: z.strictObject({
    id: req('Name of the repository.'),
    _id: req('Id that survives renames.'),
    language: strs('Language codes.'),
    tags: strs('Tags of the card.'),
    license: strs('Licence ids.'),
    thumbnail: strs('Address of an image.'),
    model_type: strs('Family of the model.'),
    library_tag: strs('Library, under an older key.'),
    library_version: strs('Version of the library.'),
    datasets: strs('Datasets that the model was trained on.'),
    library_name: strs('Library that loads the model.'),
    base_model: strs(
      'Models that this one was made from; see table base_models for resolved ones.',
    ),
  }),
  key: ['_id'],
  since: '0.1.0',
  project: ({ id, _id, cardData }) => {
    if (cardData.length === 0) return [];
    return [
      {
        id,
        _id,
        language: texts(cardData, OF_CARD.language),
        tags: texts(cardData, OF_CARD.tags),
        license: texts(cardData, OF_CARD.license),
        thumbnail: texts(cardData, OF_CARD.thumbnail),
        model_type: texts(cardData, OF_CARD.model_type),
        library_tag: texts(cardData, OF_CARD.library_tag),
        library_version: texts(cardData, OF_CARD.library_version),
        datasets: texts(cardData, OF_CARD.datasets),
        library_name: texts(cardData, OF_CARD.library_name),
        base_model: texts(cardData, OF_CARD.base_model),
      },
    ];
  },
});
