import { z } from 'zod';
import { bool, int, num, recs, req, str, strs, ts } from './fields.ts';
import { gatedColumns } from './repo-columns.ts';
import { defineTable } from './table.ts';

export const benchmarks = defineTable({
  name: 'benchmarks',
  description:
    'One row is a dataset that the Hub lists as an official benchmark. Its leaderboards: leaderboard_entries and leaderboard_scores, board `hub-benchmarks/` + id, metric = task; what the models themselves state: eval_results, joined by id.',
  origin: 'benchmark',
  row: z.strictObject({
    id: req('Name of the dataset.'),
    _id: req('Id that survives renames.'),
    author: str('User or organisation that owns it.'),
    sha: str('Latest commit.'),
    description: str('What the author says of it.'),
    private: bool('Whether it is private.'),
    disabled: bool('Whether the Hub took the files away.'),
    ...gatedColumns,
    downloads: int('Downloads of the last 30 days.'),
    likes: int('Likes.'),
    trendingScore: num('Score that the Hub sorts its front page by.'),
    tags: strs('Tags; `benchmark:official` is one of them.'),
    licenses: strs('Licences that its tags name.'),
    evaluation_framework: str(
      'Program that measures, as its eval.yaml names it, e.g. inspect-ai. Null when unknown.',
    ),
    tasks: strs(
      'Ids of the tasks in its eval.yaml, in its order; each has a leaderboard. Empty when that file could not be had or read: see table missed.',
    ),
    default_task: str(
      'Task whose leaderboard the Hub gives when none is asked for, told by equal rows. Null when that is not to be seen.',
    ),
    entries: int(
      'Rows of its leaderboards in leaderboard_entries. Null when no leaderboard could be had: see table missed.',
    ),
    lastModified: ts('Time of the latest commit.'),
    createdAt: ts('When the repository was made.'),
    extra: recs(
      { path: str('Where it stood in the record.'), json: str('Its JSON, as sent.') },
      'All that has no column.',
    ),
  }),
  key: ['_id'],
});
