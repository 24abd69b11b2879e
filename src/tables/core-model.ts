import { z } from 'zod';
import { bool, oneOf, req, str, ts } from './fields.ts';
import { tags } from './raw-model/hub.ts';
import { observedAt } from './repo-columns.ts';
import { defineTable } from './table.ts';

export const coreModel = defineTable({
  name: 'core_model',
  description: 'One row is a model of the Hub, with the fields that nearly every question needs.',
  origin: 'model',
  row: z.strictObject({
    id: req('Name of the repository, `author/model`; changes when it is renamed.'),
    _id: req('Id that survives renames.'),
    author: str('User or organisation that owns the repository.'),
    lastModified: ts('Time of the latest commit.'),
    private: bool('Whether the repository is private; false in a public crawl.'),
    disabled: bool('Whether the Hub took the files away.'),
    gated: bool('Whether access must be asked for.'),
    pipeline_tag: str(
      'Task that the Hub shows the model under. Null for about half of the models.',
    ),
    tags,
    library_name: str('Library that loads the model.'),
    gated_mode: oneOf(['auto', 'manual'], 'How access is granted. Null when not gated or unknown.'),
    createdAt: ts('When the repository was made; 2022-03-02T23:29:04Z for all that are older.'),
    sha: str('Latest commit: what a file of the model, or a licence, is quoted by.'),
    ...observedAt,
  }),
  key: ['_id'],
  project: (model, { readAt }) => [
    {
      id: model.id,
      _id: model._id,
      author: model.author,
      lastModified: model.lastModified,
      private: model.private,
      disabled: model.disabled,
      gated: model.gated,
      pipeline_tag: model.pipeline_tag,
      tags: model.tags,
      library_name: model.library_name,
      gated_mode: model.gated_mode,
      createdAt: model.createdAt,
      sha: model.sha,
      observed_at: readAt,
    },
  ],
});
