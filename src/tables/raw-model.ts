import { row, type RawModel } from './raw-model/row.ts';
import { defineTable } from './table.ts';

export type { RawModel };

export const rawModel = defineTable({
  name: 'raw_model',
  description:
    'One row is a model of the Hub with all its fields, nested. What users typed is shaped, not judged: use the derived tables for analysis. Names and types are those of the original system; later fields follow at the end.',
  origin: 'model',
  row,
  key: ['_id'],
  project: (model) => [model],
});
