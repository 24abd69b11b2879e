import { z } from 'zod';
import { req, str, strs } from './fields.ts';
import { statedEdges } from './stated-edges.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the Space.'),
  _id: req('Its id that survives renames.'),
  dataset: req('Name of the data set, as stated, without address and blanks.'),
  dataset_id: str(
    'hub_datasets._id of that data set. Null where the run listed none of that name: gone, private, renamed before or misspelt.',
  ),
  sources: strs('Who states it: hub (found in the code or the card), card (`datasets:`).'),
  stated_as: strs('Other spellings under which the Space states it: a former name, an address.'),
});

export const spaceDatasets = defineTable<typeof row, 'space'>({
  name: 'space_datasets',
  description:
    'One row is a Space and a data set that it uses, as the Hub found it in the code or as its card states. A Space that loads what its visitors choose names none.',
  origin: 'space',
  row,
  key: ['_id', 'dataset'],
  project: ({ id, _id, datasets, cardData }) => {
    const said = { hub: datasets, card: cardData?.card_datasets ?? [] };
    return statedEdges(said, 'datasets/').map(({ name, sources, stated_as }) => {
      return { id, _id, dataset: name, dataset_id: null, sources, stated_as };
    });
  },
});
