import { z } from 'zod';
import { req, reqOneOf, reqTs, str } from './fields.ts';
import { defineTable } from './table.ts';

/** Why a record could not be had. */
export const MISSED_REASONS = [
  'gated',
  'private_or_missing',
  'disabled',
  'renamed',
  'bad_record',
  'server_error',
  'rate_limited',
  'too_large',
] as const;

export const missed = defineTable({
  name: 'missed',
  description:
    'One row is something that the run could not have, and why. The Hub does not tell a private repository from one that does not exist.',
  origin: 'crawl',
  row: z.strictObject({
    id: str('Name of the repository, owner or page; null where it was not known.'),
    source: req(
      'What was asked: models, datasets, spaces, catchup (and catchup-datasets …), details (of models: details/treesize, details/scan), tags, authors, boards/<id> …',
    ),
    reason: reqOneOf(MISSED_REASONS, 'Why it is missing.'),
    detail: str('What the server or the cleaning said.'),
    url: str('Address that was asked, without credentials.'),
    at: reqTs('When, UTC.'),
  }),
  key: [],
});
