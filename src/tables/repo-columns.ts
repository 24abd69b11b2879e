import type { z } from 'zod';
import { bool, int, num, oneOf, recs, req, str, strs, ts } from './fields.ts';

/** Columns that data sets and Spaces share, as the Hub lists them. */
export const listColumns = {
  id: req('Name of the repository, `owner/name`; changes when it is renamed.'),
  _id: req('Id that survives renames; what other tables join on.'),
  author: str('User or organisation that owns the repository.'),
  sha: str('Latest commit.'),
  created_at: ts('When the repository was made; 2022-03-02T23:29:04Z for all that are older.'),
  last_modified: ts('Time of the latest commit.'),
  private: bool('Whether the repository is private; false in a public crawl.'),
  disabled: bool('Whether the Hub took the files away.'),
  likes: int('Likes.'),
  trending_score: num('Score that the Hub sorts its front page by.'),
  tags: strs('Tags, of the author and of the Hub. Their order means nothing.'),
  files: strs('Paths of the files.'),
  xet_enabled: bool('Whether files are in Xet storage.'),
};

/** Of the row of a repository: a run may carry what moves with its revision from an earlier one. */
export const observedAt = {
  observed_at: ts(
    'Start of the run that read this row. Popularity, gate, revision, dates, `disabled` and how a Space ran are always of the run of the release; all else of an earlier run where neither revision nor date of change has moved since.',
  ),
};

/** Columns of the card that data sets and Spaces share, as the author wrote them. */
export const cardColumns = {
  license_typed: strs('Licences as the author wrote them.'),
  license_name: str('Name of a licence that is not in the list of the Hub.'),
  license_link: str('Address or file of the text of that licence.'),
  card_tags: strs('Tags of the card.'),
};

export const gatedColumns = {
  gated: bool('Whether access must be asked for.'),
  gated_mode: oneOf(['auto', 'manual'], 'How access is granted. Null when not gated or unknown.'),
};

export const extra = recs(
  { path: str('Where it stood in the record.'), json: str('Its JSON, as sent.') },
  'All that has no column and no nearer params: nothing of a record is lost.',
);

/** A record of these columns that has nothing. */
export const nothingOf = <Fields extends Record<string, z.ZodType>>(
  fields: Fields,
): { [Name in keyof Fields]: z.output<Fields[Name]> } =>
  Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [name, type.safeParse(null).success ? null : []]),
  ) as { [Name in keyof Fields]: z.output<Fields[Name]> }; // null, or a list
