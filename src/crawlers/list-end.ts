import type { HubClient } from '../api/client.ts';
import { lastOfList } from '../api/repos.ts';
import { field } from '../boards/values.ts';
import { bodyOf, readCaptures } from '../storage/captures.ts';

/** The record that a list must end with. */
export interface LastRecord {
  id: string;
  _id: string;
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
  return first === undefined
    ? null
    : { id: String(field(first, 'id')), _id: String(field(first, '_id')) };
}

/** Whether datasets of captures hold a record. It is looked for from the last capture of each on. */
export async function holds(
  storageDir: string,
  datasets: readonly string[],
  { id, _id }: LastRecord,
): Promise<boolean> {
  // What could not be had is known by its name only.
  const isIt = (it: unknown): boolean =>
    field(it, 'id') === id && (field(it, '_id') ?? _id) === _id;
  for (const dataset of datasets) {
    for await (const stored of readCaptures(storageDir, dataset, { desc: true })) {
      const body = bodyOf(stored);
      if (!body.includes(id)) continue;
      const value: unknown = JSON.parse(body.toString());
      if ((Array.isArray(value) ? value : [value]).some(isIt)) return true;
    }
  }
  return false;
}
