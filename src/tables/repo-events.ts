import { z } from 'zod';
import { oneOf, req, reqOneOf, reqTs, str } from './fields.ts';

const EVENTS = [
  'added',
  'removed',
  'renamed',
  'gated',
  'ungated',
  'disabled',
  'enabled',
  'relicensed',
  'new_revision',
  'base_changed',
] as const;

/** What the Hub says of a repository that its list no longer has. */
export const REMOVAL_ANSWERS = ['gone', 'hidden', 'moved', 'replaced'] as const;

/** What became of repositories of one kind. */
export const eventsOf = (name: string, one: string) => ({
  name,
  description: `One row is one thing that became of a ${one} between two whole runs. History: each run adds its own. A run without a whole one before it, or of a part of the Hub, has none. What happened and was undone between the two runs is not seen.`,
  origin: 'run' as const,
  row: z.strictObject({
    run: req('Run that saw it.'),
    run_before: req('Run that it is compared with: the last whole one whose tables are there.'),
    _id: req(`Id of the ${one} that survives renames.`),
    id: req('Its name now; of one that was removed, its last.'),
    event: reqOneOf(
      EVENTS,
      'added: not listed before (new, or made public); removed: listed before, not now (deleted, or made private); gated: access must be asked for, or in another way; relicensed, base_changed: only told with a new revision, for both are read of the card; new_revision: another latest commit.',
    ),
    before: str(
      'What was: name, way of gating, licence, commit, bases (ids, else names). Null where there was nothing.',
    ),
    after: str('What is now.'),
    seen_after: reqTs('When the run before began: it happened after that, UTC.'),
    seen_at: reqTs('When this run began, UTC.'),
    confirmed: oneOf(
      REMOVAL_ANSWERS,
      'Of removed ones that were asked for one by one: gone (404), hidden (401 or 403: private, or gone), moved (the name leads to another repository), replaced (another repository has the name). Null for those that were not asked for.',
    ),
  }),
  key: ['run', '_id', 'event'],
});
