import { EtlError } from '../../errors.ts';
import { tables } from '../../tables/index.ts';
import type { TableEntry } from '../manifest.ts';
import { uriOf, type Bucket, type BucketObject } from './bucket.ts';
import type { Warehouse } from './client.ts';
import { eachOf } from './each-of.ts';
import { exchange, type Message } from './exchange.ts';
import { toEtlError } from './failure.ts';
import { stagingName } from './names.ts';
import { CHUNK_BYTES, uploadResumable } from './resumable.ts';
import { persist } from './send.ts';
import { tableBody } from './table-body.ts';

/** An object as the API tells it, as far as it is used here. */
interface ObjectResource {
  name: string;
  /** A number of 64 bits comes as a text. */
  size?: string;
}

interface Page {
  items?: ObjectResource[];
  nextPageToken?: string;
}

/**
 * Puts a table of the export into a bucket, as one object of plain JSONL. One that is there, as large as
 * it must be, stays: its name says its content, and an upload is there as a whole or not at all.
 *
 * @throws {EtlError} `LOAD_FAILED`, also for a bucket that there is not; `AUTH_GOOGLE`, `CHECK_REFUSED`
 */
export async function putObject(
  warehouse: Warehouse,
  object: BucketObject,
  { entry, exportDir }: { entry: TableEntry; exportDir: string },
): Promise<void> {
  const { bucket, name } = object;
  const wanted = String(entry.bytes);
  if ((await getObject(warehouse, object))?.size === wanted) return;
  const query = `uploadType=resumable&name=${encodeURIComponent(name)}`;
  const put =
    (await uploadResumable<ObjectResource>(warehouse, {
      host: bucket.host,
      path: `/upload/storage/v1/b/${bucket.name}/o?${query}`,
      bytes: entry.bytes,
      chunks: () => tableBody(entry, exportDir, CHUNK_BYTES),
      doing: `uploading ${uriOf(object)}`,
    })) ?? (await getObject(warehouse, object));
  if (put?.size === wanted) return;
  const size = put?.size ?? 'none';
  throw new EtlError('LOAD_FAILED', `${uriOf(object)} has ${size} bytes of ${wanted}`);
}

const getObject = async (
  warehouse: Warehouse,
  { bucket, name }: BucketObject,
): Promise<ObjectResource | undefined> =>
  await askBucket<ObjectResource>(warehouse, bucket, {
    method: 'GET',
    path: `/${encodeURIComponent(name)}`,
  });

/** Removes an object; one that is not there is no failure. */
export async function removeObject(
  warehouse: Warehouse,
  { bucket, name }: BucketObject,
): Promise<void> {
  await askBucket(warehouse, bucket, { method: 'DELETE', path: `/${encodeURIComponent(name)}` });
}

/**
 * Removes the objects of a run, whatever their content: an export may have been made anew. They are
 * looked for by table, for the rest of the bucket may be large and belong to others.
 */
export async function removeObjects(
  warehouse: Warehouse,
  bucket: Bucket,
  run: string,
): Promise<void> {
  await eachOf(tables, async ({ name: table }) => {
    for (const name of await listObjects(warehouse, bucket, startOf(bucket, table, run))) {
      await removeObject(warehouse, { bucket, name });
    }
  });
}

/**
 * Looks into a bucket, before anything is changed: whoever may load by it may also list it.
 *
 * @throws {EtlError} `LOAD_FAILED` for a bucket that there is not, `AUTH_GOOGLE` for one that is denied
 */
export async function checkBucket(
  warehouse: Warehouse,
  bucket: Bucket,
  run: string,
): Promise<void> {
  await listObjects(warehouse, bucket, startOf(bucket, 'raw_model', run));
}

/** What the names of a table's objects begin with, whatever its content. */
const startOf = (bucket: Bucket, table: string, run: string): string =>
  `${bucket.prefix}${stagingName(table, run)}-`;

async function listObjects(
  warehouse: Warehouse,
  bucket: Bucket,
  prefix: string,
): Promise<string[]> {
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const query = new URLSearchParams({
      prefix,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    const path = `?${query.toString()}`;
    const page: Page | undefined = await askBucket(warehouse, bucket, { method: 'GET', path });
    if (page === undefined) {
      throw new EtlError('LOAD_FAILED', `gs://${bucket.name}/: the bucket does not exist`);
    }
    names.push(...(page.items ?? []).map(({ name }) => name));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return names;
}

/** One request about the objects of a bucket, retried. Undefined: not there, or nothing to tell. */
async function askBucket<Answer>(
  warehouse: Warehouse,
  { name, host }: Bucket,
  { method, path }: { method: Message['method']; path: string },
): Promise<Answer | undefined> {
  const doing = `${method} gs://${name}/${decodeURIComponent(path.replace(/^\//, ''))}`;
  try {
    return await persist(warehouse, doing, async () => {
      const url = `${host.url}/storage/v1/b/${name}/o${path}`;
      const { statusCode, body } = await exchange(host, url, {
        method,
        expected: [200, 204, 404],
      });
      // The shape of an answer is what Google documents for this request.
      if (statusCode === 200 && method === 'GET') return (await body.json()) as Answer;
      await body.dump();
      return undefined;
    });
  } catch (error) {
    warehouse.signal?.throwIfAborted();
    throw toEtlError(error, doing);
  }
}
