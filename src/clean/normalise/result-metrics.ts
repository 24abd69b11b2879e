import type { Normalise } from '../conform.ts';
import type { JsonRecord } from '../json-text.ts';
import { isRecord, jsonText } from '../json-text.ts';
import type { Place, Sink } from '../sink.ts';
import { repair } from '../sink.ts';
import { eachOrOne } from './each.ts';
import { joined } from './joined.ts';

const TYPE = ['type', 'types'] as const;
const VALUE = ['value', 'values'] as const;

/** A metric that is a text is its name; plural `types` and `values` are joined. */
export const resultMetrics: Normalise = eachOrOne((value, sink, place) => {
  if (value === null || value === undefined || Array.isArray(value)) return value;
  if (!isRecord(value)) return { name: value };
  return singular(singular(value, TYPE, { sink, place }), VALUE, { sink, place });
});

function singular(
  metric: JsonRecord,
  [key, plural]: typeof TYPE | typeof VALUE,
  { sink, place }: { sink: Sink; place: Place },
): JsonRecord {
  const several = metric[plural];
  if (!Object.hasOwn(metric, plural) || (metric[key] ?? null) !== null) return metric;
  if (several === null || (typeof several === 'object' && !Array.isArray(several))) return metric;
  if (Array.isArray(several) && several.some((it: unknown) => typeof it === 'object'))
    return metric;
  const text = Array.isArray(several) ? joined(several, sink, place) : several;
  return Object.fromEntries(
    Object.entries({ ...metric, [key]: text }).filter(([it]) => it !== plural),
  );
}

/** `["18.55%"]` is its one element, an empty list nothing. */
export const metricValue: Normalise = (value, sink, place) => {
  if (!Array.isArray(value) || value.length > 1) return value;
  repair(sink, place, 'list_unwrapped');
  return (value[0] as unknown) ?? null;
};

/** Arguments as an object become texts `key : value`. */
export const metricArgs: Normalise = (value) =>
  isRecord(value)
    ? Object.entries(value).map(
        ([key, it]) => `${key} : ${typeof it === 'string' ? it : jsonText(it)}`,
      )
    : value;
