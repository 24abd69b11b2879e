import { z } from 'zod';
import { req, reqInt, str } from './fields.ts';
import { defineTable } from './table.ts';

export const repairs = defineTable({
  name: 'repairs',
  description:
    'One row is a rule of cleaning and how often a run applied it to a table, with one example.',
  origin: 'run',
  row: z.strictObject({
    run: req('Id of the run.'),
    table: req('Table whose records were cleaned.'),
    rule: req('What was done; the rules are listed at the end of docs/tables.md.'),
    count: reqInt('How often.'),
    example_id: str('A record in which it was done.'),
    example_path: str('Where in that record.'),
  }),
  key: ['run', 'table', 'rule'],
});
