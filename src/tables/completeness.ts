import { z } from 'zod';
import { bool, int, req, reqBool, reqInt, str } from './fields.ts';
import { defineTable } from './table.ts';

export const completeness = defineTable({
  name: 'completeness',
  description:
    'Is anything missing? One row is a source of a run: what was asked of it, what came, and why it is not whole. A source that the run did not ask keeps the rows of the run before it.',
  origin: 'run',
  row: z.strictObject({
    run: req('Id of the run.'),
    source: req(
      'models, datasets, spaces, tags, authors (overviews of owners), details (where models were asked one by one), benchmarks, boards/<id>, boards/hub-benchmarks/<id>.',
    ),
    asked: str(
      'What was asked for: all, or the flags that left out a part. Null: the source was not asked at all.',
    ),
    status: req(
      'done (lists), verified or loaded_only (boards); drifted, failed, or a reason of table missed; not_asked.',
    ),
    stated: int('Records that there are, where the source itself says it; else null.'),
    listed: reqInt('Records that the source gave.'),
    exported: reqInt('Records that became rows, as this run read them.'),
    carried: reqInt(
      'Records that became rows, too, with most fields as an earlier run read them: nothing says that they have changed. See observed_at.',
    ),
    duplicates: reqInt('Records seen before in the same run.'),
    rejected: reqInt('Records that are no record: see rejects.jsonl.'),
    missed: reqInt('Records, pages or tasks that could not be had: see table missed.'),
    is_as_asked: bool(
      'Whether all that was asked for came: true also for a whole sample. Null: not asked.',
    ),
    is_complete: reqBool(
      'Whether the whole source was read, with all of its tables: never true for a sample, for what was refused or closed, for a part of the tables.',
    ),
    why_not: str('Why is_complete is false; null where it is true.'),
    proof: str(
      'What speaks for there being no more: list_end (the last record of the list was asked for by itself, and is there), or how the page of a board was compared. Null: nothing but the source itself.',
    ),
  }),
  key: ['run', 'source'],
});
