import { z } from 'zod';
import { bool, int, num, oneOf, recs, req, str, strs, ts } from './fields.ts';
import { defineTable } from './table.ts';

export const benchmarks = defineTable({
  name: 'benchmarks',
  description:
    'One row is a dataset that the Hub lists as an official benchmark. Its scores: table eval_results, joined by id.',
  origin: 'benchmark',
  row: z.strictObject({
    id: req('Name of the dataset.'),
    _id: req('Id that survives renames.'),
    author: str('User or organisation that owns it.'),
    sha: str('Latest commit.'),
    description: str('What the author says of it.'),
    private: bool('Whether it is private.'),
    disabled: bool('Whether the Hub took the files away.'),
    gated: bool('Whether access must be asked for.'),
    gated_mode: oneOf(['auto', 'manual'], 'How access is granted. Null when not gated or unknown.'),
    downloads: int('Downloads of the last 30 days.'),
    likes: int('Likes.'),
    trendingScore: num('Score that the Hub sorts its front page by.'),
    tags: strs('Tags; `benchmark:official` is one of them.'),
    lastModified: ts('Time of the latest commit.'),
    createdAt: ts('When the repository was made.'),
    extra: recs(
      { path: str('Where it stood in the record.'), json: str('Its JSON, as sent.') },
      'All that has no column.',
    ),
  }),
  key: ['_id'],
  since: '0.1.0',
});
