import { z } from 'zod';
import { req, reqBool, str } from './fields.ts';
import { defineTable } from './table.ts';

export const tags = defineTable({
  name: 'tags',
  description:
    "One row is a tag of the Hub's vocabulary. Tags that only models carry are not in it.",
  origin: 'tags',
  row: z.strictObject({
    id: req('The tag as models carry it, e.g. `license:mit`.'),
    label: req('Text that the Hub shows for it.'),
    type: req('Group: pipeline_tag, library, dataset, language, license, region, other …'),
    subType: str('Group within the group, e.g. the modality of a task. Null for most.'),
    clickable: reqBool('Whether the Hub lets a visitor filter by it.'),
  }),
  key: ['type', 'id'],
  since: '0.1.0',
});
