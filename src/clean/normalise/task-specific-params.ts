import type { Normalise } from '../conform.ts';
import type { JsonRecord } from '../json-text.ts';
import { isRecord, paramText } from '../json-text.ts';

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
