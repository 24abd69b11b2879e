import { z } from 'zod';
import { bool, int, recs, req, str, strs } from './fields.ts';
import type { RawModel } from './raw-model.ts';
import { byDtype, DTYPES } from './raw-model/weights.ts';
import { defineTable } from './table.ts';

type Dtype = (typeof DTYPES)[number];

/** The same as `byDtype`, with the names of this table's columns. */
const byColumn = <Value>(valueOf: (dtype: Dtype) => Value) =>
  Object.fromEntries(DTYPES.map((it) => [`${it}_params`, valueOf(it)])) as Record<
    `${Dtype}_params`,
    Value
  >; // all of them

const NO_COUNTS: NonNullable<NonNullable<RawModel['safetensors']>['parameters']> = {
  ...byDtype(() => null),
  extra_parameters: [],
};

function typesOf(counts: typeof NO_COUNTS): string[] {
  const types: string[] = [];
  if (counts === NO_COUNTS) return types;
  for (const dtype of DTYPES) if (counts[dtype] !== null) types.push(dtype);
  for (const { name, value } of counts.extra_parameters)
    if (name !== null && value !== null) types.push(name);
  return types;
}

export const parameters = defineTable({
  name: 'parameters',
  description:
    'One row is a model with the counts of its safetensors weights; all null where it has none. Counts are of stored elements: in packed weights one element holds several parameters.',
  origin: 'model',
  row: z.strictObject({
    id: req('Name of the repository.'),
    _id: req('Id that survives renames.'),
    total_params: int('Parameters as the Hub counts them.'),
    tensor_types: strs('Element types that have a count.'),
    ...byColumn((dtype) => int(`Stored elements of type ${dtype}.`)),
    other_params: recs(
      { name: str('Element type.'), value: int('Stored elements.') },
      'Counts of element types without a column (F8_E4M3 …).',
    ),
    packed_total: bool('True when total_params counts stored elements of packed weights.'),
  }),
  key: ['_id'],
  since: '0.1.0',
  project: ({ id, _id, safetensors }) => {
    const counts = safetensors?.parameters ?? NO_COUNTS;
    const other = counts.extra_parameters;
    return [
      {
        id,
        _id,
        total_params: safetensors?.total ?? null,
        tensor_types: typesOf(counts),
        ...byColumn((dtype) => counts[dtype]),
        other_params: other,
        packed_total: safetensors?.packed_total ?? null,
      },
    ];
  },
});
