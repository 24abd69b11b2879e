import { z } from 'zod';
import { req, str, strs } from './fields.ts';
import { namesOf, taggedWith } from './model-licenses.ts';
import { statedEdges } from './stated-edges.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the model.'),
  _id: req('Its id that survives renames.'),
  dataset: req('Name of the data set, as stated, without address and blanks.'),
  dataset_id: str(
    'hub_datasets._id of that data set. Null where the run listed none of that name: gone, private, renamed before, misspelt, or not a data set of the Hub.',
  ),
  sources: strs('Who states it: tag (`dataset:…`), card (`datasets:`).'),
  stated_as: strs('Other spellings under which the model states it: a former name, an address.'),
});

export const modelDatasets = defineTable({
  name: 'model_datasets',
  description:
    'One row is a model and a data set that it says it was trained on, in its tags or its card. Many models name none, and nobody checks what they name. Texts that can be no repository (`The Pile`, sentences) give no row: see model_card.datasets. Data sets that results are stated on: table datasets.',
  origin: 'model',
  row,
  key: ['_id', 'dataset'],
  project: ({ id, _id, tags, cardData }) => {
    const said = {
      tag: taggedWith(namesOf(tags), 'dataset:'),
      card: cardData.flatMap(({ datasets }) => datasets),
    };
    return statedEdges(said, 'datasets/').map(({ name, sources, stated_as }) => {
      return { id, _id, dataset: name, dataset_id: null, sources, stated_as };
    });
  },
});
