import { z } from 'zod';
import { snapshotColumns, usageColumns } from './backfill.ts';
import { defineTable } from './table.ts';

export const usageBackfill = defineTable({
  name: 'usage_backfill',
  description:
    'Popularity before our own first run: one row is a repository in a public weekly snapshot of somebody else (`backfill`). Never mixed with ours: under a licence of its own, listed by a program of its own. In the DuckDB file only. The view usage_history has both.',
  origin: 'backfill',
  row: z.strictObject({ ...snapshotColumns, ...usageColumns }),
  key: ['source', 'kind', 'snapshot_date', '_id'],
  since: '0.1.0',
});
