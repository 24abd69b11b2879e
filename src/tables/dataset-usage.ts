import { z } from 'zod';
import { int, num, req, reqTs } from './fields.ts';
import { defineTable } from './table.ts';

const row = z.strictObject({
  id: req('Name of the repository at that time.'),
  _id: req('Id that survives renames: follow a data set by it.'),
  downloads: int('Downloads of the 30 days before. Days overlap: do not add them up.'),
  downloads_all_time: int('Downloads since the Hub began to count. May fall between runs.'),
  likes: int('Likes at that time.'),
  trending_score: num('Score that the Hub sorts its front page by.'),
  main_size: int('Bytes of the main branch at that time.'),
  update_time: reqTs('When the run that fetched the figures began, UTC: one time a run.'),
});

export const datasetUsage = defineTable<typeof row, 'dataset'>({
  name: 'dataset_usage',
  description:
    'One row is the popularity and size of a data set at a time. History: each run adds its day and replaces nothing else. Apart from usage, which is of models: a run may leave either out, and sums over one must not hold the other.',
  origin: 'dataset',
  row,
  key: ['_id', 'update_time'],
  historyBy: 'update_time',
  project: (dataset, { observedAt }) => {
    const { id, _id, downloads, downloads_all_time, likes, trending_score, main_size } = dataset;
    return [
      {
        ...{ id, _id, downloads, downloads_all_time, likes, trending_score, main_size },
        update_time: observedAt,
      },
    ];
  },
});
