import { z } from 'zod';
import { snapshotColumns } from './backfill.ts';
import { date, int, num, req, reqDate, ts } from './fields.ts';
import { defineTable } from './table.ts';

export const usageBackfill = defineTable({
  name: 'usage_backfill',
  description:
    'Popularity before our own first run: one row is a repository in a public weekly snapshot of somebody else (`backfill`). Never mixed with ours: under a licence of its own, listed by a program of its own. In the DuckDB file only. The view usage_history has both.',
  origin: 'backfill',
  row: z.strictObject({
    ...snapshotColumns,
    snapshot_date: reqDate(
      'Day that the snapshot is named after. Its maker takes the last state before the week after that day ends, or an older one where there was none.',
    ),
    snapshot_before: date(
      'Day of the snapshot before of this source and kind; null for the first. What changed, changed in between.',
    ),
    taken_after: ts(
      'Latest change that the snapshot knows of, UTC: it was taken after that. The same as of the snapshot before: it is that one again. Null where it tells of no change.',
    ),
    id: req('Name of the repository at that time.'),
    _id: req('Id that survives renames: follow a repository by it.'),
    downloads: int('Downloads of the 30 days before, as the Hub counted them.'),
    downloads_all_time: int(
      'Downloads since the Hub began to count. Null before 2025-02-26. May fall: the Hub corrects it.',
    ),
    likes: int('Likes at that time.'),
    trending_score: num('Score that the Hub sorts its front page by. Null before October 2024.'),
  }),
  key: ['source', 'kind', 'snapshot_date', '_id'],
});
