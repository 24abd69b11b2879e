import type { JsonRecord } from '../json-text.ts';

/** `gated` is false, `"auto"` or `"manual"` on the Hub: here whether, and how. */
export function gated(record: JsonRecord): JsonRecord {
  const mode = record['gated'];
  const known = mode === 'auto' || mode === 'manual';
  if (!known || (record['gated_mode'] ?? mode) !== mode) return record;
  return { ...record, gated: true, gated_mode: mode };
}
