import type { Normalise } from '../shape.ts';
import { isRecord, isScalar, jsonText, type JsonRecord } from '../json-text.ts';
import { keepInExtra, repair, type Place, type Sink } from '../sink.ts';
import { eachOrOne, joined } from './lists.ts';

const OF_RESULT = ['task', 'tasks', 'dataset', 'datasets', 'metric', 'metrics'];

/** An entry of the index: what belongs to a result but stands beside none becomes one. */
export const modelIndex: Normalise = eachOrOne((value) => {
  if (!isRecord(value) || (value['results'] ?? null) !== null) return value;
  const keys = OF_RESULT.filter((key) => Object.hasOwn(value, key));
  if (keys.length === 0) return value;
  const moved = new Set(keys);
  const rest = Object.entries(value).filter(([key]) => !moved.has(key));
  const result = Object.fromEntries(keys.map((key) => [key, value[key]]));
  return Object.fromEntries([...rest, ['results', [result]]]);
});

/** Results that are bare numbers or texts are the `values` of one result. */
export const indexResults: Normalise = (value, sink, place) => {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const values = parts.filter(isScalar);
  if (values.length === 0) return value;
  repair(sink, place, 'bare_results');
  // A list among bare results goes to the values too, which move it away.
  const lists = parts.filter(Array.isArray).map((list) => ({ values: list }));
  return [{ values }, ...parts.filter(isRecord), ...lists];
};

/** A task that is a text (or another scalar) is its name. */
export const resultTask: Normalise = (value) => (isScalar(value) ? { name: value } : value);

/** So is a dataset. */
export const resultDatasets: Normalise = eachOrOne(resultTask);

/** `args: {language: "en"}` is its one value; the key is kept in extra. */
export const datasetArgs: Normalise = (value, sink, place) => {
  if (!isRecord(value)) return value;
  const members = Object.values(value);
  const [only] = members;
  if (members.length !== 1 || only === null || typeof only === 'object') return value;
  repair(sink, place, 'object_unwrapped');
  keepInExtra(sink, place, value);
  return only;
};

const TYPE = ['type', 'types'] as const;
const VALUE = ['value', 'values'] as const;

/** What looks like a score: a number, perhaps a percentage. */
const FIGURE = /^[-+]?\d+(?:[.,]\d+)?\s?%?$/;

/** A metric that is a text is its name, one that is a number (or reads like one) its value. */
export const bareMetric = (value: unknown): JsonRecord =>
  typeof value === 'string' && !FIGURE.test(value.trim()) ? { name: value } : { value };

/** A metric may be bare; plural `types` and `values` are joined. */
export const resultMetrics: Normalise = eachOrOne((value, sink, place) => {
  if (value === null || value === undefined || Array.isArray(value)) return value;
  if (!isRecord(value)) return bareMetric(value);
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

/** Arguments as an object become texts `key : value`. */
export const metricArgs: Normalise = (value) =>
  isRecord(value)
    ? Object.entries(value).map(
        ([key, it]) => `${key} : ${typeof it === 'string' ? it : jsonText(it)}`,
      )
    : value;
