import { bool, int, rec, recs, str } from '../fields.ts';

/** Element types that have a column; others go to `extra_parameters`. */
export const DTYPES = [
  'F64',
  'F32',
  'F16',
  'I64',
  'I32',
  'I16',
  'I8',
  'BF16',
  'U8',
  'U16',
  'U32',
  'Q4',
  'BOOL',
] as const;

type Dtype = (typeof DTYPES)[number];

/** A record with a member for each element type, in their order. */
export const byDtype = <Value>(valueOf: (dtype: Dtype) => Value): Record<Dtype, Value> =>
  Object.fromEntries(DTYPES.map((dtype) => [dtype, valueOf(dtype)])) as Record<Dtype, Value>; // all of them

export const safetensors = rec(
  {
    parameters: rec(
      {
        ...byDtype((dtype) => int(`Number of stored elements of type ${dtype}.`)),
        extra_parameters: recs(
          {
            name: str('Element type, as the Hub spells it.'),
            value: int('Number of stored elements.'),
          },
          'Counts of other element types (F8_E4M3 …): an open set.',
        ),
      },
      'Stored elements by type.',
    ),
    total: int(
      'Number of parameters. For packed weights sometimes the stored elements: see packed_total.',
    ),
    packed_total: bool(
      "True when weights are packed into integers (U32, I32, U8; FP4 in I8) and total is the plain sum of the stored elements, so that the real number of parameters is larger. Null without counts, and where the Hub multiplies packed counts itself (GPTQ, AWQ, compressed-tensors, MLX, bitsandbytes, MXFP4). Ours, not the Hub's.",
    ),
  },
  'Weights in safetensors files. Null when there are none.',
);

export const gguf = rec(
  {
    total: int('Number of parameters.'),
    architecture: str('Family of the model, e.g. `llama`.'),
    context_length: int('Longest context in tokens.'),
    chat_template: str('Template of a chat, in Jinja. Never run it.'),
    quantize_imatrix_file: str('File of the importance matrix used for quantisation.'),
    causal: bool('Whether the model is causal.'),
    bos_token: str('Token that begins a sequence.'),
    eos_token: str('Token that ends a sequence.'),
    totalFileSize: int('Bytes of all GGUF files.'),
  },
  'Metadata of GGUF files. Null when there are none.',
);
