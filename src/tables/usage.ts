import { z } from 'zod';
import { int, num, req, reqTs } from './fields.ts';
import { defineTable } from './table.ts';

export const usage = defineTable({
  name: 'usage',
  description:
    'One row is the popularity of a model at a time. History: each run adds its day and replaces nothing else. Downloads are of the last 30 days, so days overlap: compare them, do not add them up.',
  origin: 'model',
  row: z.strictObject({
    id: req('Name of the repository at that time.'),
    _id: req('Id that survives renames: follow a model by it.'),
    downloads: int(
      'Downloads of the 30 days before, as the Hub counts them: requests for one chosen file of the repository (config.json for most libraries), so fetches by people, servers and tests alike, neither users nor installations; caches and mirrors hide some. Days overlap: do not add them up.',
    ),
    likes: int('Likes at that time.'),
    update_time: reqTs('When the run that fetched the figures began, UTC: one time a run.'),
    downloads_all_time: int(
      'Downloads since the Hub began to count, in the same way. May fall between runs: the Hub corrects it, and a repository that is deleted takes its figure along.',
    ),
    trending_score: num('Score that the Hub sorts its front page by.'),
  }),
  key: ['_id', 'update_time'],
  historyBy: 'update_time',
  project: (model, { observedAt }) => [
    {
      id: model.id,
      _id: model._id,
      downloads: model.downloads,
      likes: model.likes,
      update_time: observedAt,
      downloads_all_time: model.downloadsAllTime,
      trending_score: model.trendingScore,
    },
  ],
});
