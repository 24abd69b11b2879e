import type { Normalise } from '../conform.ts';
import type { JsonRecord } from '../json-text.ts';
import { isRecord } from '../json-text.ts';
import type { Place, Sink } from '../sink.ts';
import { repair } from '../sink.ts';
import { eachOrOne } from './each.ts';

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

/** `{"Wav2Vec2 by me": null}`, a name that YAML took for a key, is the name. */
export const indexName: Normalise = (value, sink, place) => {
  if (!isRecord(value)) return value;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0 || entry[1] !== null) return value;
  repair(sink, place, 'object_unwrapped');
  return entry[0];
};

/** Results that are bare numbers or texts are the `values` of one result. */
export const indexResults: Normalise = (value, sink, place) => {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const bare = parts.filter((it) => it !== null && it !== undefined && typeof it !== 'object');
  return bare.length === 0 ? value : withValues(parts, bare, { sink, place });
};

function withValues(
  parts: unknown[],
  values: unknown[],
  { sink, place }: { sink: Sink; place: Place },
): JsonRecord[] {
  repair(sink, place, 'bare_results');
  return [{ values }, ...parts.filter(isRecord), ...lists(parts)];
}

/** A list among bare results is none of both: it goes to the values, which move it away. */
const lists = (parts: unknown[]): JsonRecord[] =>
  parts.filter(Array.isArray).map((values) => ({ values }));
