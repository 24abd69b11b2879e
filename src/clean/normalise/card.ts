import type { Normalise } from '../shape.ts';
import { isRecord, isScalar, type JsonRecord } from '../json-text.ts';
import { inList, keepInExtra, repair, type Place, type Sink } from '../sink.ts';
import { eachOrOne } from './lists.ts';

/** A card that is a text, or a list of texts: they are its tags. */
export const cardData: Normalise = (value, sink, place) => {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const texts = parts.filter(isScalar);
  if (texts.length === 0) return value;
  repair(sink, place, 'card_from_list');
  return [{ tags: texts }, ...parts.filter((it) => typeof it === 'object' && it !== null)];
};

/** `language: no` is Norwegian; YAML reads it as false. */
export const language: Normalise = eachOrOne((value, sink, place) => {
  if (value !== false) return value;
  repair(sink, place, 'norwegian');
  return 'no';
});

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
    if (typeof it === 'string') return [{ name: it }];
    return Array.isArray(it) || it === null ? [it] : [{ value: it }];
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
