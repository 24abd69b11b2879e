import type { Normalise } from '../shape.ts';
import { isRecord, jsonText, paramText, type JsonRecord } from '../json-text.ts';
import { repair } from '../sink.ts';

/** `{value: […]}`, as some configs have it, is its value; other objects pass. */
export const unwrapValue: Normalise = (value, sink, place) => {
  if (!isRecord(value) || !Object.hasOwn(value, 'value') || Object.keys(value).length > 1)
    return value;
  repair(sink, place, 'object_unwrapped');
  return value['value'];
};

/** `{AutoModel: "file.Class"}` → `[{name, value}]`; of `["a", null]` (slow and fast tokenizer) the first. */
export const autoMap: Normalise = (value) => {
  if (!isRecord(value) || isEntry(value)) return value;
  return Object.entries(value).map(([name, it]) => ({ name, value: classOf(it) }));
};

const isEntry = (value: Record<string, unknown>): boolean =>
  typeof value['name'] === 'string' && 'value' in value && Object.keys(value).length === 2;

function classOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [first, ...others] = value.filter((it: unknown) => it !== null) as unknown[];
  return others.length === 0 && typeof first === 'string' ? first : jsonText(value);
}

/** `{task: {parameter: value}}` or `{parameter: value}` → a list by name. */
export const taskSpecificParams: Normalise = (value) =>
  isRecord(value)
    ? Object.entries(value).map(([key, it]) => entryOf(key.replaceAll('-', '_'), it))
    : value;

function entryOf(name: string, value: unknown): JsonRecord {
  if (!isRecord(value)) return { name, value: textOf(value) };
  const params = Object.entries(value).map(([key, it]) => ({ name: key, value: textOf(it) }));
  return { name, params };
}

const textOf = (value: unknown): string | null => (value === null ? null : paramText(value));
