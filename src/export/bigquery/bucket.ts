import { EtlError } from '../../errors.ts';
import { tables } from '../../tables/index.ts';
import type { TableEntry } from '../manifest.ts';
import { fourAtOnce, asked, unless } from './calls.ts';
import type { Bucket, Warehouse } from './client.ts';
import { stagingName } from './names.ts';
import { partsOf } from './parts.ts';

/** Pieces of an upload; after a lost connection it goes on with the piece that was lost. */
const CHUNK_BYTES = 8 * 1024 * 1024;

/** What the names of a table's objects begin with; the content is a part of it, so it is theirs alone. */
export const objectStart = ({ prefix }: Bucket, staging: string, content = ''): string =>
  `${prefix}${staging}-${content}`;

export const addressOf = ({ bucket }: Bucket, name: string): string =>
  `gs://${bucket.name}/${name}`;

/**
 * Puts a table of the export into the bucket, as objects of plain JSONL. Those that are there, as large
 * as they must be, stay: an upload is there as a whole or not at all. Returns their addresses.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`, `CHECK_REFUSED`
 */
export async function putTable(
  warehouse: Warehouse,
  bucket: Bucket,
  { start, entry, exportDir }: { start: string; entry: TableEntry; exportDir: string },
): Promise<string[]> {
  const present = await listObjects(warehouse, bucket, start);
  const addresses: string[] = [];
  for await (const part of partsOf(entry, exportDir, warehouse.partBytes)) {
    const name = `${start}-${String(addresses.length).padStart(4, '0')}.jsonl`;
    const address = addressOf(bucket, name);
    addresses.push(address);
    if (present.get(name) === part.length) continue;
    await asked(warehouse, `uploading ${address}`, () =>
      bucket.bucket.file(name).save(part, {
        resumable: true,
        chunkSize: CHUNK_BYTES,
        validation: 'crc32c',
        contentType: 'application/json',
      }),
    );
  }
  return addresses;
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
  await fourAtOnce(tables, ({ name }) =>
    removeTable(warehouse, bucket, objectStart(bucket, stagingName(name, run))),
  );
}

/** Removes the objects whose names begin so; one that is gone already is no failure. */
export async function removeTable(
  warehouse: Warehouse,
  bucket: Bucket,
  start: string,
): Promise<void> {
  for (const name of (await listObjects(warehouse, bucket, start)).keys()) {
    await asked(warehouse, `removing ${addressOf(bucket, name)}`, () =>
      bucket.bucket.file(name).delete({ ignoreNotFound: true }),
    );
  }
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
  await listObjects(warehouse, bucket, objectStart(bucket, stagingName('raw_model', run)));
}

/** Sizes of the objects whose names begin so, by name. */
async function listObjects(
  warehouse: Warehouse,
  bucket: Bucket,
  prefix: string,
): Promise<Map<string, number>> {
  const doing = `listing ${addressOf(bucket, prefix)}`;
  const list = () => bucket.bucket.getFiles({ prefix });
  const found = await unless(404, asked(warehouse, doing, list));
  if (found !== undefined) {
    return new Map(found[0].map(({ name, metadata }) => [name, Number(metadata.size)]));
  }
  throw new EtlError('LOAD_FAILED', `gs://${bucket.bucket.name}/: the bucket does not exist`);
}
