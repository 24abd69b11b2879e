import { z } from 'zod';
import { bool, int, recs, req, str, strs } from './fields.ts';
import type { RawModel } from './raw-model.ts';
import { DTYPES } from './raw-model/weights.ts';
import { defineTable } from './table.ts';

const count = (dtype: string) => int(`Stored elements of type ${dtype}.`);

const NO_COUNTS: NonNullable<NonNullable<RawModel['safetensors']>['parameters']> = {
  F64: null,
  F32: null,
  F16: null,
  I64: null,
  I32: null,
  I16: null,
  I8: null,
  BF16: null,
  U8: null,
  U16: null,
  U32: null,
  Q4: null,
  BOOL: null,
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
    F64_params: count('F64'),
    F32_params: count('F32'),
    F16_params: count('F16'),
    I64_params: count('I64'),
    I32_params: count('I32'),
    I16_params: count('I16'),
    I8_params: count('I8'),
    BF16_params: count('BF16'),
    U8_params: count('U8'),
    U16_params: count('U16'),
    U32_params: count('U32'),
    Q4_params: count('Q4'),
    BOOL_params: count('BOOL'),
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
        F64_params: counts.F64,
        F32_params: counts.F32,
        F16_params: counts.F16,
        I64_params: counts.I64,
        I32_params: counts.I32,
        I16_params: counts.I16,
        I8_params: counts.I8,
        BF16_params: counts.BF16,
        U8_params: counts.U8,
        U16_params: counts.U16,
        U32_params: counts.U32,
        Q4_params: counts.Q4,
        BOOL_params: counts.BOOL,
        other_params: other,
        packed_total: safetensors?.packed_total ?? null,
      },
    ];
  },
});
