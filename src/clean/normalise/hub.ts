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

/**
 * `{relation, models}`; also a list of those, a bare list of models, and `{finetune: […], merge: […]}`.
 * Where relations differ, each model has its own.
 */
export const baseModels: Normalise = (value) => {
  if (Array.isArray(value)) return fromList(value);
  if (!isRecord(value) || 'models' in value || 'relation' in value) return value;
  const entries = Object.entries(value);
  const isRelation = ([key, it]: [string, unknown]) => RELATIONS.includes(key) || areModels(it);
  const groups = entries.filter(isRelation).map(([relation, models]) => ({ relation, models }));
  const rest = Object.fromEntries(entries.filter((it) => !isRelation(it)));
  if (groups.length === 1) return { ...rest, ...groups[0] };
  const all: unknown[] = groups;
  return groups.length > 0 && all.every(isGroup) ? { ...rest, ...together(all) } : value;
};

function fromList(list: unknown[]): unknown {
  if (list.length > 0 && list.every(isModel)) return { models: list };
  return list.every(isGroup) ? together(list) : list;
}

interface Group {
  relation?: unknown;
  models: unknown[];
}

const isModel = (value: unknown): boolean =>
  typeof value === 'string' || (isRecord(value) && !('models' in value) && !('relation' in value));

const areModels = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.every(isModel);

/** Nothing but models and how they are related. */
const isGroup = (value: unknown): value is Group =>
  isRecord(value) &&
  areModels(value['models']) &&
  Object.keys(value).every((key) => key === 'models' || key === 'relation');

function together(groups: readonly Group[]): JsonRecord {
  const [first, ...others] = groups;
  if (first !== undefined && others.length === 0) return { ...first };
  const models = groups.flatMap(({ relation, models: list }) =>
    list.map((it) => ({ ...(isRecord(it) ? it : { id: it }), relation })),
  );
  return { models };
}

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

const NO_MODE = new Set(['', 'true', 'false']);

/** `gated` is false, or how access is granted, on the Hub: here whether, and how. An unknown way is kept in extra. */
export function gated(record: JsonRecord): JsonRecord {
  const mode = record['gated'];
  if (typeof mode !== 'string' || NO_MODE.has(mode)) return record;
  if ((record['gated_mode'] ?? mode) !== mode) return record;
  return { ...record, gated: true, gated_mode: mode };
}

const KNOWN = new Set<string>([...DTYPES, 'extra_parameters']);

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
    // What is no list is moved away as an element.
    ...[before ?? []].flat(),
    ...others.map(([name, count]) => ({ name, value: count })),
  ];
  return { ...Object.fromEntries(rest), extra_parameters: extra };
};
