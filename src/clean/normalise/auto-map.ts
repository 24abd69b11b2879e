import type { Normalise } from '../conform.ts';
import { isRecord, jsonText } from '../json-text.ts';

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
