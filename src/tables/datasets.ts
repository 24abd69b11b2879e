import { z } from 'zod';
import { req, str } from './fields.ts';
import { distinct, resultsOf } from './stated-results.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository.'),
  _id: req('Id that survives renames.'),
  dataset: str('Name of the dataset, as the author wrote it.'),
  dataset_type: str('Id of the dataset on the Hub, or what the author put there.'),
  config: str('Configuration of the dataset.'),
  dataset_split: str('Split that was evaluated.'),
  revision: str('Revision of the dataset.'),
  args: str('Arguments.'),
});

export const datasets = defineTable({
  name: 'datasets',
  description:
    'One row is a dataset that a model states results on, in its card. Does not join with metrics and tasks: see table results. For training data see model_card.datasets.',
  origin: 'model',
  row,
  key: ['_id', 'dataset', 'dataset_type', 'config', 'dataset_split', 'revision', 'args'],
  project: (model) => {
    const stated = resultsOf(model).flatMap(({ datasets: of }) => of);
    return distinct(
      model,
      stated.map(({ name, type, config, split, revision, args }) => ({
        ...{ dataset: name, dataset_type: type, config },
        ...{ dataset_split: split, revision, args },
      })),
    );
  },
});
