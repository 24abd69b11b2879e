import { z } from 'zod';
import { bool, int, num, oneOf, params, recs, req, str, ts } from './fields.ts';
import { extra } from './repo-columns.ts';
import { defineTable } from './table.ts';

/** What the Hub itself says of an owner. */
export const overviewColumns = {
  full_name: str('Name for people, as the owner wrote it.'),
  is_verified: bool(
    'Whether the Hub verified the organisation. The Hub says it of organisations only.',
  ),
  plan: str('Paid plan of an organisation (team, enterprise …) where the Hub shows it.'),
  is_pro: bool('Whether a user pays for PRO. The Hub says it of users only.'),
  members: int('Members of an organisation.'),
  followers: int('Who follows the owner.'),
  created_at: ts('When the account was made, UTC. The Hub says it of users only.'),
  organizations: recs(
    {
      name: str('Name of the organisation: authors.name of its own row.'),
      full_name: str('Its name for people.'),
      params: params('Keys without a column.'),
    },
    'Organisations that a user shows to belong to.',
  ),
};

const sumOf = (what: string, period: string): string =>
  `Downloads ${period} of all of its ${what} in the release, added up. Null where they are not known.`;

const countOf = (what: string): string =>
  `${what} that it owns in the release. Null where the release has none at all: they were not read.`;

const SOURCE =
  'Who says so: file (--developers), or epoch-eci: the board of Epoch AI (CC BY 4.0, to be cited) states it of a model that the owner has. Null where nobody does.';
const CONFIDENCE =
  '0.8: the file. Of a board as sure as the match of its model: board_models.confidence. Null where nobody says it.';

export const authors = defineTable({
  name: 'authors',
  description:
    'Who stands behind a name: one row is a user or organisation that owns a model, data set or Space of the release. What the Hub says of it was asked for the owners of most downloads only (--overviews): those columns are null, and observed_at too, for all others. Developer and country are as somebody published them, and null where nobody did or where two things are said: nothing is guessed from names.',
  origin: 'owner',
  row: z.strictObject({
    name: req('Name of the owner: the part of raw_model.id before the slash.'),
    kind: oneOf(
      ['organization', 'user'],
      'Which of the two. Null where it was not asked, or not had.',
    ),
    ...overviewColumns,
    models: int(countOf('Models')),
    datasets: int(countOf('Data sets')),
    spaces: int(countOf('Spaces')),
    model_downloads: int(sumOf('models', 'in 30 days')),
    model_downloads_all_time: int(sumOf('models', 'since the Hub began to count')),
    dataset_downloads: int(sumOf('data sets', 'in 30 days')),
    dataset_downloads_all_time: int(sumOf('data sets', 'since the Hub began to count')),
    developer: str('Group that makes its models, as published.'),
    developer_source: str(SOURCE),
    developer_confidence: num(CONFIDENCE),
    country: str('Country of that group, as published: several where it is of several.'),
    country_source: str(SOURCE),
    country_confidence: num(CONFIDENCE),
    observed_at: ts(
      'When the Hub answered, UTC: up to 7 days before the run. Null for owners that were not asked for, or not had: see table missed.',
    ),
    extra,
  }),
  key: ['name'],
});
