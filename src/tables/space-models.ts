import { z } from 'zod';
import { req, str, strs } from './fields.ts';
import { statedEdges } from './stated-edges.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the Space.'),
  _id: req('Its id that survives renames.'),
  model: req('Name of the model, as stated, without address and blanks.'),
  model_id: str(
    'raw_model._id of that model. Null where the run listed none of that name: gone, private, renamed before or misspelt.',
  ),
  sources: strs('Who states it: hub (found in the code or the card), card (`models:`).'),
  stated_as: strs('Other spellings under which the Space states it: a former name, an address.'),
});

export const spaceModels = defineTable<typeof row, 'space'>({
  name: 'space_models',
  description:
    'One row is a Space and a model that it uses, as the Hub found it in the code or as its card states. A Space that loads what its visitors choose names none.',
  origin: 'space',
  row,
  key: ['_id', 'model'],
  project: ({ id, _id, models, cardData }) => {
    const said = { hub: models, card: cardData?.card_models ?? [] };
    return statedEdges(said).map(({ name, sources, stated_as }) => {
      return { id, _id, model: name, model_id: null, sources, stated_as };
    });
  },
});
