import type { RawModel } from './raw-model.ts';

/** How weights were made smaller, as far as somebody says. */
export interface Quantization {
  /** gptq, awq, mlx …; null when nobody says. */
  method: string | null;
  /** Bits a weight. */
  bits: number | null;
  /** Who says the method. */
  basis: 'config' | 'tag' | null;
}

/** Methods that are tags too. `mlx` says only which library loads the model. */
const METHODS = new Set([
  ...['gptq', 'awq', 'bitsandbytes', 'compressed-tensors', 'mxfp4', 'nvfp4', 'fp8', 'exl2', 'exl3'],
  ...['hqq', 'aqlm', 'eetq', 'quanto', 'vptq', 'auto-round', 'torchao', 'quark', 'modelopt'],
]);

/**
 * Methods of which the Hub multiplies the packed counts itself.
 *
 * @see https://github.com/huggingface/huggingface.js/blob/main/packages/hub/src/lib/parse-safetensors-metadata.ts
 */
const MULTIPLIED = new Set([
  ...['gptq', 'awq', 'compressed-tensors', 'mlx', 'bitsandbytes', 'mxfp4'],
]);

/** The method and width that `config.json` states, or else tags. */
export function quantizationOf(model: RawModel): Quantization {
  const stated = statedIn(model.config);
  const bits = bitsIn(stated);
  const method = methodIn(stated);
  if (method !== null) return { method, bits, basis: 'config' };
  const has = (tag: string): boolean => model.tags.some(({ id }) => id === tag);
  if (model.library_name === 'mlx' || has('mlx')) {
    // MLX writes its settings without a name.
    if (bits !== null) return { method: 'mlx', bits, basis: 'config' };
    if (model.tags.some(isWidth)) return { method: 'mlx', bits: taggedBits(model), basis: 'tag' };
  }
  const tagged = model.tags.find(({ id }) => METHODS.has(id ?? ''))?.id ?? null;
  if (tagged === null) return { method: null, bits, basis: null };
  return { method: tagged, bits: bits ?? taggedBits(model), basis: 'tag' };
}

type Settings = Readonly<Record<string, unknown>> | undefined;

function bitsIn(stated: Settings): number | null {
  const bits = stated?.['bits'] ?? stated?.['w_bit'];
  return typeof bits === 'number' && Number.isSafeInteger(bits) ? bits : loadedBits(stated);
}

const WIDTH = /^([1-8])-bit$/;

const isWidth = ({ id }: RawModel['tags'][number]): boolean => WIDTH.test(id ?? '');

function taggedBits({ tags }: RawModel): number | null {
  const found = tags.find(isWidth)?.id;
  return found === undefined || found === null ? null : Number(found[0]);
}

function statedIn(config: RawModel['config']): Settings {
  const text = config?.params.find(({ name }) => name === 'quantization_config')?.val;
  if (text?.startsWith('{') !== true) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>; // it begins as an object does
  } catch {
    // A text of the author's, or one that was cut.
    return undefined;
  }
}

function methodIn(stated: Settings): string | null {
  const method = stated?.['quant_method'];
  if (typeof method === 'string' && method.length < 50) {
    return method.toLowerCase().toWellFormed();
  }
  return loadedBits(stated) === null ? null : 'bitsandbytes';
}

function loadedBits(stated: Settings): number | null {
  if (stated?.['load_in_4bit'] === true) return 4;
  return stated?.['load_in_8bit'] === true ? 8 : null;
}

/** The counts of a model by element type. */
export function countsOf(safetensors: RawModel['safetensors']): Map<string, number> {
  const counts = new Map<string, number>();
  if (!safetensors?.parameters) return counts;
  const { extra_parameters, ...known } = safetensors.parameters;
  for (const [name, count] of Object.entries(known)) if (count !== null) counts.set(name, count);
  for (const { name, value } of extra_parameters) {
    if (name !== null && value !== null) counts.set(name, (counts.get(name) ?? 0) + value);
  }
  return counts;
}

export const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** Element types that hold several parameters each when weights are packed. */
const PACKED = ['U32', 'I32', 'U8'];

/** Below this share of the elements, integers are masks and indexes rather than packed weights. */
const PACKED_SHARE = 0.1;

/**
 * Whether `safetensors.total` counts stored elements of packed weights: then there are more parameters.
 * Null where nothing is counted, and where the Hub is known to multiply: the counts themselves do not
 * tell whether it did.
 */
export function packedTotal(model: RawModel): boolean | null {
  const { safetensors } = model;
  if (safetensors === null || safetensors.total === null) return null;
  if (safetensors.parameters === null) return null;
  const counts = countsOf(safetensors);
  const sum = sumOf(counts);
  if (sum !== safetensors.total) return false;
  if (isFp4InI8(counts)) return true;
  const packed = PACKED.reduce((all, name) => all + (counts.get(name) ?? 0), 0);
  if (packed <= 0 || packed < sum * PACKED_SHARE) return false;
  const quantization = quantizationOf(model);
  if (!MULTIPLIED.has(quantization.method ?? '')) return true;
  return isStoredMlx(counts, quantization) ? true : null;
}

const isNear = (value: number, expected: number, share: number): boolean =>
  Math.abs(value - expected) <= expected * share;

/** Two FP4 weights in an I8, and one scale (F8_E8M0) for each 32 weights. */
function isFp4InI8(counts: ReadonlyMap<string, number>): boolean {
  const bytes = counts.get('I8') ?? 0;
  return bytes > 0 && isNear((counts.get('F8_E8M0') ?? 0) * 32, bytes * 2, 0.05);
}

/** MLX keeps a scale and a bias for each group of weights: they tell how many weights there are. */
const MLX_GROUPS = [32, 64, 128];

function isStoredMlx(counts: ReadonlyMap<string, number>, { method, bits }: Quantization): boolean {
  if (method !== 'mlx' || bits === null || bits <= 0) return false;
  const weights = ((counts.get('U32') ?? 0) * 32) / bits;
  const others = (counts.get('F16') ?? 0) + (counts.get('BF16') ?? 0) + (counts.get('F32') ?? 0);
  return MLX_GROUPS.some((group) => isNear(others, (2 * weights) / group, 0.02));
}
