import { z } from 'zod';
import { req, strs } from './fields.ts';
import type { RawModel } from './raw-model.ts';
import { defineTable } from './table.ts';

type Card = RawModel['cardData'][number];

/** Distinct values of a field over the cards of a model. */
const texts = (
  cards: readonly Card[],
  field: (card: Card) => string[] | string | null,
): string[] => [...new Set(cards.flatMap((card) => field(card) ?? []))];

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
        language: texts(cardData, (card) => card.language),
        tags: texts(cardData, (card) => card.tags),
        license: texts(cardData, (card) => card.license),
        thumbnail: texts(cardData, (card) => card.thumbnail),
        model_type: texts(cardData, (card) => card.model_type),
        library_tag: texts(cardData, (card) => card.library_tag),
        library_version: texts(cardData, (card) => card.library_version),
        datasets: texts(cardData, (card) => card.datasets),
        library_name: texts(cardData, (card) => card.library_name),
        base_model: texts(cardData, (card) => card.base_model),
      },
    ];
  },
});
