import { z } from 'zod';
import { snapshotColumns } from './backfill.ts';
import { req, reqDate, reqOneOf, str } from './fields.ts';
import { defineTable } from './table.ts';

export const eventsBackfill = defineTable({
  name: 'events_backfill',
  description:
    'What became of repositories between two public weekly snapshots of somebody else. Nobody was asked whether what is missing was gone. A snapshot that lacks more than a tenth of the one before is taken for a cut one: nothing is told of it. In the DuckDB file only. The view events_history has ours too.',
  origin: 'backfill',
  row: z.strictObject({
    ...snapshotColumns,
    snapshot_before: reqDate('Day of the snapshot that it is compared with.'),
    snapshot_date: reqDate('Day of the snapshot that shows it first.'),
    _id: req('Id that survives renames.'),
    id: req('Its name then; of one that was removed, its last.'),
    event: reqOneOf(
      ['added', 'removed', 'renamed'],
      'added: not in the snapshot before; removed: not in this one (deleted, made private, or overlooked by its maker).',
    ),
    before: str('Name before. Null for added ones.'),
    after: str('Name afterwards. Null for removed ones.'),
  }),
  key: ['source', 'kind', 'snapshot_date', '_id', 'event'],
});
