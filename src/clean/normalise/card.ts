import type { Normalise } from '../shape.ts';
import { isRecord, isScalar, type JsonRecord } from '../json-text.ts';
import { inList, keepInExtra, repair, type Place, type Sink } from '../sink.ts';
import { chain, eachOrOne, flat, keyAsText } from './lists.ts';
import { bareMetric } from './results.ts';

/** A card that is a text, or a list of texts: they are its tags. */
export const cardData: Normalise = (value, sink, place) => {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const texts = parts.filter(isScalar);
  if (texts.length === 0) return value;
  repair(sink, place, 'card_from_list');
  return [{ tags: texts }, ...parts.filter((it) => typeof it === 'object' && it !== null)];
};

/** Texts in lists within the list, or as keys of an object, are texts of the list. */
export const texts: Normalise = chain(flat, eachOrOne(keyAsText));

/** `no` is Norwegian; YAML reads it as false. */
const norwegian: Normalise = (value, sink, place) => {
  if (value !== false) return value;
  repair(sink, place, 'norwegian');
  return 'no';
};

/** Languages, and tags, among which are languages too. */
export const languages: Normalise = chain(texts, eachOrOne(norwegian));

/** Under which keys an object that stands for a model holds its name. */
const NAMES = ['name', 'model', 'id', 'base_model', 'model_id', 'model_name', 'repo_id'];

/** `{name: "a/b", revision: "main"}` and `{"a/b": {weight: 1}}` mean the model; extra keeps the whole. */
const modelName: Normalise = (value, sink, place) => {
  if (!isRecord(value)) return value;
  const name = nameIn(value);
  if (name === undefined) return value;
  repair(sink, place, 'object_unwrapped');
  keepInExtra(sink, place, value);
  return name;
};

function nameIn(value: JsonRecord): string | undefined {
  for (const key of NAMES) {
    const name = Object.hasOwn(value, key) ? value[key] : undefined;
    if (typeof name === 'string') return name;
  }
  const [entry, ...others] = Object.entries(value);
  return entry !== undefined && others.length === 0 && isRecord(entry[1]) ? entry[0] : undefined;
}

export const baseModelNames: Normalise = chain(texts, eachOrOne(modelName));

const COLUMNS = new Set(['name', 'value', 'type']);

/**
 * The metrics of a card: names, figures, `{accuracy: 0.9}`, or a mixture. A text names a metric, a
 * number is a value, an object that has none of our columns is one entry a key.
 */
export const cardMetrics: Normalise = (value, sink, place) => {
  if (value === null || value === undefined) return value;
  const inner = inList(place);
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  return parts.flatMap((it, index): unknown[] => {
    sink.at[place.lists.path] = index;
    if (isRecord(it)) return fromObject(it, sink, inner);
    return [Array.isArray(it) || it === null ? it : bareMetric(it)];
  });
};

function fromObject(value: JsonRecord, sink: Sink, place: Place): JsonRecord[] {
  const keys = Object.keys(value);
  if (keys.length === 0 || keys.some((key) => COLUMNS.has(key))) return [value];
  return keys.map((key) => {
    const name = metricName(key);
    if (name !== key) {
      repair(sink, place, 'metric_name');
      keepInExtra(sink, place, key);
    }
    return { name, value: value[key] };
  });
}

/** `Subset match` → `subset_match`; the many spellings of F1 are one. */
function metricName(key: string): string {
  const name = key.toLowerCase().replaceAll(/\s+/g, '_');
  return /^f-?1([_-]?score)?$/.test(name) ? 'f1' : name;
}

/** `co2_eq_emissions` may be the figure alone, with or without a unit. */
export const emissions: Normalise = (value) => (isScalar(value) ? { emissions: value } : value);

/** Examples to try: a bare text, or a list of texts, is the input of one example. */
export const widget: Normalise = eachOrOne((value) => {
  if (isScalar(value)) return { text: [value] };
  return Array.isArray(value) && value.length > 0 && value.every(isScalar)
    ? { text: value as unknown[] }
    : value;
});
