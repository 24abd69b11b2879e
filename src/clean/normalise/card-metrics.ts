import type { Normalise } from '../conform.ts';
import type { JsonRecord } from '../json-text.ts';
import { isRecord } from '../json-text.ts';
import type { Place, Sink } from '../sink.ts';
import { inList, keepInExtra, repair } from '../sink.ts';

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
