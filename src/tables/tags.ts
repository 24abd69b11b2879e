import { z } from 'zod';
import { req, reqBool, reqOneOf, str } from './fields.ts';
import { defineTable } from './table.ts';

export const tags = defineTable({
  name: 'tags',
  description:
    "One row is a tag of one of the Hub's vocabularies, that of models or that of data sets: most are in both. Tags that only repositories carry are in neither.",
  origin: 'tags',
  row: z.strictObject({
    id: req(
      'The tag as repositories carry it, e.g. `license:mit`; a language is `en` of models, `language:en` of data sets.',
    ),
    label: req('Text that the Hub shows for it.'),
    type: req(
      'Group: pipeline_tag, library, dataset, language, license, region, other …; of data sets also benchmark, task_categories, size_categories, modality, format …',
    ),
    subType: str('Group within the group, e.g. the modality of a task. Null for most.'),
    clickable: reqBool('Whether the Hub lets a visitor filter by it.'),
    kind: reqOneOf(['model', 'dataset'], 'Whose vocabulary it is in.'),
  }),
  key: ['kind', 'type', 'id'],
});
