import type { HubClient } from '../api/client.ts';
import { lastOfList } from '../api/models.ts';
import { field } from '../boards/values.ts';
import { bodyOf, readCaptures } from '../storage/captures.ts';

/** The record that a list must end with. */
export interface LastRecord {
  id: string;
  _id: string;
  createdAt: string;
}

/**
 * Asks for the record that a list must end with: an end that is only stated may be a page that the
 * Hub cut. Null where the list has no record at all.
 *
 * @param start path and query of the list's first page
 * @throws {EtlError} HTTP_…, AUTH_…
 */
export async function askLast(
  client: HubClient,
  start: string,
  signal: AbortSignal,
): Promise<LastRecord | null> {
  const { value } = await client.getJson(lastOfList(start), signal);
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  const text = (name: string): string => String(field(first, name));
  return first === undefined
    ? null
    : { id: text('id'), _id: text('_id'), createdAt: text('createdAt') };
}

/** Whether a dataset of captures holds a record. It is looked for from the last capture on. */
export async function holds(
  storageDir: string,
  dataset: string,
  { id, _id }: LastRecord,
): Promise<boolean> {
  for await (const stored of readCaptures(storageDir, dataset, { desc: true })) {
    const body = bodyOf(stored);
    if (!body.includes(id)) continue;
    const value: unknown = JSON.parse(body.toString());
    const records: unknown[] = Array.isArray(value) ? value : [value];
    // What could not be had is known by its name only.
    const isIt = (it: unknown): boolean =>
      field(it, 'id') === id && (field(it, '_id') ?? _id) === _id;
    if (records.some(isIt)) return true;
  }
  return false;
}
