import { z } from 'zod';
import { req, strs } from './fields.ts';
import type { RawModel } from './raw-model.ts';
import { defineTable } from './table.ts';

type Card = RawModel['cardData'][number];

/** Distinct values of a field over the cards of a model. */
const texts = (cards: readonly Card[], field: keyof Fields): string[] => [
  ...new Set(cards.flatMap((card) => card[field] ?? [])),
];

const fields = {
  language: strs('Language codes, as written: en, eng and English are three.'),
  tags: strs('Tags of the card.'),
  license: strs(
    'Licences as the author wrote them. To count licences take model_licenses.license.',
  ),
  thumbnail: strs('Address of an image.'),
  model_type: strs('Family of the model.'),
  library_tag: strs('Library, under an older key.'),
  library_version: strs('Version of the library.'),
  datasets: strs('Datasets that the author says the model was trained on; most models name none.'),
  library_name: strs('Library that loads the model.'),
  base_model: strs('Models that this one was made from; see table base_models for resolved ones.'),
};
type Fields = typeof fields;
const NAMES = Object.keys(fields) as (keyof Fields)[]; // its own keys

export const modelCard = defineTable({
  name: 'model_card',
  description:
    'One row is the core of a model card; a model without a card has no row. Values stand as the author wrote them, each once.',
  origin: 'model',
  row: z.strictObject({
    id: req('Name of the repository.'),
    _id: req('Id that survives renames.'),
    ...fields,
  }),
  key: ['_id'],
  project: ({ id, _id, cardData }) => {
    if (cardData.length === 0) return [];
    const values = Object.fromEntries(NAMES.map((name) => [name, texts(cardData, name)]));
    return [{ id, _id, ...(values as Record<keyof Fields, string[]>) }]; // of each name
  },
});
