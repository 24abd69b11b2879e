import { DTYPES } from '../../tables/raw-model/weights.ts';
import type { Normalise } from '../shape.ts';
import { isRecord, type JsonRecord } from '../json-text.ts';
import { cleanText, moveTail, repair, type Sink } from '../sink.ts';
import { each } from './lists.ts';

/** Tags are texts on the Hub; here they are looked up. One that the vocabulary lacks keeps its id. */
export const modelTags: Normalise = (value, sink, place) => {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) repair(sink, place, 'list_from_one');
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const rows: unknown[] = [];
  sink.size += list.length * 60;
  for (const [index, tag] of list.entries()) {
    if (typeof tag === 'string') rows.push(tagRow(cleanText(sink, place, tag), sink));
    else if (isTag(tag)) rows.push(tag);
    else moveTail(sink, place, { tail: `[${index}]`, value: tag, why: 'type' });
  }
  return rows;
};

const tagRow = (id: string, { tags }: Sink): object =>
  tags.get(id) ?? { id, label: null, type: null, subType: null };

/** The row of an earlier cleaning. */
const isTag = (value: unknown): boolean =>
  isRecord(value) &&
  Object.keys(value).join() === 'id,label,type,subType' &&
  Object.values(value).every((it) => it === null || (typeof it === 'string' && it.isWellFormed()));

/** A file that is a text is its path. */
export const siblings: Normalise = each((value) =>
  typeof value === 'string' ? { rfilename: value } : value,
);

const RELATIONS = ['adapter', 'finetune', 'merge', 'quantized'];

/** `{relation, models}`; also a bare list of models, and `{finetune: […]}`. */
export const baseModels: Normalise = (value) => {
  if (Array.isArray(value)) {
    const isBare =
      value.length > 0 &&
      value.every((it) => typeof it === 'string' || (isRecord(it) && !('models' in it)));
    return isBare ? { models: value as unknown[] } : value;
  }
  if (!isRecord(value) || 'models' in value) return value;
  const [relation, ...others] = RELATIONS.filter((key) => Object.hasOwn(value, key));
  if (relation === undefined || others.length > 0 || 'relation' in value) return value;
  const rest = Object.entries(value).filter(([key]) => key !== relation);
  return { ...Object.fromEntries(rest), relation, models: value[relation] };
};

/** A model that is a text is its name. */
export const baseModelList: Normalise = each((value) =>
  typeof value === 'string' ? { id: value } : value,
);

/** The list gives providers as a list, the single model as an object by provider. */
export const providers: Normalise = (value) => {
  if (!isRecord(value) || typeof value['provider'] === 'string') return value;
  return Object.entries(value).map(([provider, it]) => {
    if (!isRecord(it)) return { provider, value: it };
    const own = it['provider'] ?? provider;
    return own === provider ? { ...it, provider } : { provider, value: it };
  });
};

/** `gated` is false, `"auto"` or `"manual"` on the Hub: here whether, and how. */
export function gated(record: JsonRecord): JsonRecord {
  const mode = record['gated'];
  const known = mode === 'auto' || mode === 'manual';
  if (!known || (record['gated_mode'] ?? mode) !== mode) return record;
  return { ...record, gated: true, gated_mode: mode };
}

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
  const before = value['extra_parameters'];
  const extra = [
    ...(Array.isArray(before) ? (before as unknown[]) : []),
    ...others.map(([name, count]) => ({ name, value: count })),
  ];
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
