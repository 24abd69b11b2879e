import { z } from 'zod';
import { edgesOf } from './base-models.ts';
import { bool, int, oneOf, recs, req, reqBool, str, strs } from './fields.ts';
import { countsOf, quantizationOf, sumOf } from './quantization.ts';
import type { RawModel } from './raw-model.ts';
import { byDtype, DTYPES } from './raw-model/weights.ts';
import { lastPart } from './repo-names.ts';
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

const BASES = [
  'counts_agree',
  'multiplied_by_hub',
  'total_above_counts',
  'total_below_counts',
  'total_only',
  'counts_only',
  'stored_elements',
  'gguf',
] as const;

export const parameters = defineTable({
  name: 'parameters',
  description:
    'One row is a model with the counts of its weights; all null where it has none. Counts are of stored elements: in packed weights one element holds several parameters. For sums and sizes take best_params, and leave out copies: `WHERE is_copy = false`.',
  origin: 'model',
  row: z.strictObject({
    id: req('Name of the repository.'),
    _id: req('Id that survives renames.'),
    total_params: int(
      'Parameters as the Hub states them (safetensors.total). May be what the author declared, or count stored elements: best_params says which figure to use.',
    ),
    tensor_types: strs('Element types that have a count.'),
    ...byColumn((dtype) => int(`Stored elements of type ${dtype}.`)),
    other_params: recs(
      { name: str('Element type.'), value: int('Stored elements.') },
      'Counts of element types without a column (F8_E4M3 …).',
    ),
    packed_total: bool(
      'True when total_params counts stored elements of packed weights, so that there are more parameters. Null without counts, and where the Hub is known to multiply the counts of that method itself.',
    ),
    counted_params: int('Sum of the counts by element type. Null without counts.'),
    best_params: int(
      'Number of parameters to use, chosen as total_basis says. Null where no figure is a number of parameters. Of an adapter: of the adapter alone.',
    ),
    total_basis: oneOf(
      BASES,
      'Why. counts_agree: total and counts are the same. multiplied_by_hub: weights are packed by a method whose counts the Hub multiplies; total. total_above_counts: the Hub states more than is stored, as for packed weights; total where there are packed or quantised weights, else null, since either may be wrong. total_below_counts: the author declared fewer than the tensors hold; counts. total_only, counts_only: what there is. stored_elements: packed, and nobody says how much; null. gguf: no safetensors; gguf_params. Null when nothing is stated.',
    ),
    quantization: str(
      'Method of quantisation: gptq, awq, bitsandbytes, compressed-tensors, mlx, mxfp4, fp8 … Null when nobody says; for GGUF files see gguf_params.',
    ),
    quantization_bits: int('Bits a quantised weight, where stated.'),
    quantization_basis: oneOf(
      ['config', 'tag'],
      'Who says the method: config.json, or else a tag. Null when nobody says it.',
    ),
    gguf_params: int('Parameters that the header of a GGUF file states. Null without GGUF files.'),
    is_copy: reqBool(
      'Whether there is a hint that most parameters are those of another model in the Hub. False proves nothing.',
    ),
    copy_hints: strs(
      'quantized: it, or the Hub, says that it is a quantised version (not where its own whole weights lie beside ONNX or OpenVINO files); merge: that it is a merge; gguf: it holds GGUF files alone; mirror: its base has the same name, under another owner.',
    ),
  }),
  key: ['_id'],
  project: (model) => {
    const { id, _id, safetensors, gguf } = model;
    const counts = safetensors?.parameters ?? NO_COUNTS;
    const hints = copyHints(model);
    const { method, bits, basis } = quantizationOf(model);
    return [
      {
        id,
        _id,
        total_params: safetensors?.total ?? null,
        tensor_types: [...countsOf(safetensors).keys()],
        ...byColumn((dtype) => counts[dtype]),
        other_params: counts.extra_parameters,
        packed_total: safetensors?.packed_total ?? null,
        ...bestOf(model, method),
        quantization: method,
        quantization_bits: bits,
        quantization_basis: basis,
        gguf_params: gguf?.total ?? null,
        is_copy: hints.length > 0,
        copy_hints: hints,
      },
    ];
  },
});

interface Best {
  counted_params: number | null;
  best_params: number | null;
  total_basis: (typeof BASES)[number] | null;
}

function bestOf({ safetensors, gguf }: RawModel, method: string | null): Best {
  const { total, packed_total: packed } = safetensors ?? { total: null, packed_total: null };
  const counts = countsOf(safetensors);
  const sum = sumOf(counts);
  const counted = counts.size > 0 && Number.isSafeInteger(sum) ? sum : null;
  const figures = {
    ...{ counted: positive(counted), total: positive(total), packed },
    gguf: positive(gguf?.total ?? null),
  };
  const basis = basisOf(figures);
  const best = basis === null ? null : bestBy(basis, figures, method !== null);
  return { counted_params: counted, best_params: best, total_basis: basis };
}

/** Nothing, or less, is no number of parameters. */
const positive = (figure: number | null): number | null =>
  figure !== null && figure > 0 ? figure : null;

function bestBy(
  basis: (typeof BASES)[number],
  { counted, total, gguf }: Figures,
  isQuantized: boolean,
): number | null {
  if (basis === 'gguf') return gguf;
  if (basis === 'stored_elements') return null;
  if (basis === 'total_above_counts') return isQuantized ? total : null;
  // What is counted in quantised weights may be packed.
  if (basis === 'total_below_counts' || basis === 'counts_only')
    return isQuantized ? null : counted;
  return total;
}

interface Figures {
  counted: number | null;
  total: number | null;
  packed: boolean | null;
  gguf: number | null;
}

function basisOf({ counted, total, packed, gguf }: Figures): Best['total_basis'] {
  if (counted === null) return total !== null ? 'total_only' : gguf === null ? null : 'gguf';
  if (total === null) return 'counts_only';
  if (total !== counted) return total < counted ? 'total_below_counts' : 'total_above_counts';
  if (packed === null) return 'multiplied_by_hub';
  return packed ? 'stored_elements' : 'counts_agree';
}

/** Element types of weights that nobody quantised, and of the indexes and masks beside them. */
const WHOLE = new Set(['F64', 'F32', 'F16', 'BF16', 'I64', 'BOOL']);

/** The Hub says "quantized" of models that hold ONNX or OpenVINO files beside their own, whole weights. */
function isExported({ safetensors, tags }: RawModel): boolean {
  const types = [...countsOf(safetensors).keys()];
  const isOwn = types.length > 0 && types.every((it) => WHOLE.has(it));
  return isOwn && tags.some(({ id }) => id === 'onnx' || id === 'openvino');
}

/** Why most of a model's parameters are those of another one. */
function copyHints(model: RawModel): string[] {
  const edges = edgesOf(model).filter((it) => !it.is_self);
  const hints: string[] = [];
  const isQuantized = edges.some(({ relation }) => relation === 'quantized');
  if (isQuantized && !isExported(model)) hints.push('quantized');
  if (edges.some(({ relation }) => relation === 'merge')) hints.push('merge');
  if (model.gguf !== null && model.safetensors === null) hints.push('gguf');
  const own = lastPart(model.id);
  if (edges.some(({ base_model: name }) => lastPart(name) === own)) hints.push('mirror');
  return hints;
}
