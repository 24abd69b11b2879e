import { DTYPES } from '../../tables/raw-model/weights.ts';
import type { Normalise } from '../conform.ts';
import type { JsonRecord } from '../json-text.ts';
import { isRecord } from '../json-text.ts';

const KNOWN = new Set<string>([...DTYPES, 'extra_parameters']);

/** Element types that hold several parameters each when weights are packed. */
const PACKED = new Set(['U32', 'I32', 'U8']);

/** Below this share of the elements, integers are masks and indexes rather than packed weights. */
const PACKED_SHARE = 0.1;

/** Counts by element type: an open set, of which some have a column. */
export const dtypeCounts: Normalise = (value) => {
  if (!isRecord(value)) return value;
  const others = Object.entries(value).filter(
    ([name, count]) => !KNOWN.has(name) && typeof count === 'number',
  );
  if (others.length === 0) return value;
  const moved = new Set(others.map(([name]) => name));
  const rest = Object.entries(value).filter(([name]) => !moved.has(name));
  const before = Array.isArray(value['extra_parameters'])
    ? (value['extra_parameters'] as unknown[])
    : [];
  const extra = [...before, ...others.map(([name, count]) => ({ name, value: count }))];
  return { ...Object.fromEntries(rest), extra_parameters: extra };
};

/** Flags packed weights whose total counts stored elements, not parameters. */
export const safetensors: Normalise = (value) => {
  if (!isRecord(value) || Object.hasOwn(value, 'packed_total')) return value;
  const { total, parameters } = value;
  if (typeof total !== 'number' || !isRecord(parameters)) return value;
  return { ...value, packed_total: isPacked(total, parameters) };
};

function isPacked(total: number, parameters: JsonRecord): boolean {
  let sum = 0;
  let packed = 0;
  for (const [name, count] of Object.entries(parameters)) {
    if (typeof count !== 'number') continue;
    sum += count;
    if (PACKED.has(name)) packed += count;
  }
  return sum === total && packed >= sum * PACKED_SHARE && packed > 0;
}
