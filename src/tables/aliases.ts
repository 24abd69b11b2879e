import { z } from 'zod';
import { req, reqOneOf, reqTs, str } from './fields.ts';
import { defineTable, RECORD_ORIGINS } from './table.ts';

/** How a rename was seen. */
export const ALIAS_KINDS = ['redirect', 'same_id'] as const;

export const aliases = defineTable({
  name: 'aliases',
  description:
    'One row is a former name of a repository and its name now, as this crawl met it. Renames seen between two runs are in model_events (dataset_events, space_events) and not here: names are not resolved by them.',
  origin: 'crawl',
  row: z.strictObject({
    from_id: req('Name that was asked or seen before.'),
    to_id: req('Name now.'),
    _id: str('Id that survives renames; null where it was not told.'),
    how: reqOneOf(
      ALIAS_KINDS,
      'redirect: the Hub sent us on; same_id: two names with one _id in a crawl.',
    ),
    seen_at: reqTs('When, UTC.'),
    kind: reqOneOf(RECORD_ORIGINS, 'What it is: a model and a data set may have one name.'),
  }),
  key: ['kind', 'from_id', 'to_id'],
});
