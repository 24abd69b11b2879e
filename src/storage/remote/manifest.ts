import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EtlError } from '../../errors.ts';
import type { Bucket } from '../bucket/bucket.ts';
import { STORAGE_FORMAT } from '../storage-folder.ts';
import { isStatePath } from './files.ts';
import { ObjectRef } from './head.ts';

const StateFile = z.object({
  /** Within the storage, with slashes. */
  path: z.string().refine(isStatePath, 'no path of a state'),
  /** Its bytes in order, each part an object. */
  parts: z.array(ObjectRef),
});
export type StateFile = z.infer<typeof StateFile>;

/** What a state is: an object itself, which the head names. */
export const StateManifest = z.object({
  format: z.literal(1),
  /** Of the folder that it is a copy of. */
  storageFormat: z.number(),
  files: z.array(StateFile),
});
export type StateManifest = z.infer<typeof StateManifest>;

export const EMPTY: StateManifest = { format: 1, storageFormat: STORAGE_FORMAT, files: [] };

export const sha256Of = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

/** All objects that a manifest stands on. */
export const objectsOf = ({ files }: StateManifest): ObjectRef[] =>
  files.flatMap(({ parts }) => parts);

/**
 * Reads an object and checks that it is what was put.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`
 */
export async function readObject(bucket: Bucket, { name, sha256 }: ObjectRef): Promise<Buffer> {
  const found = await bucket.get(name);
  if (found !== undefined && sha256Of(found.body) === sha256) return found.body;
  const what = found === undefined ? 'is missing' : 'is not as it was written';
  const message = `${bucket.address}: the object ${name} ${what}`;
  throw new EtlError('STORAGE_CORRUPT', message, { context: { name } });
}

/**
 * The manifest that is in force.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`; `STORAGE_VERSION` for the state of a storage of another format
 */
export async function readManifest(bucket: Bucket, ref: ObjectRef | null): Promise<StateManifest> {
  if (ref === null) return EMPTY;
  const found: unknown = JSON.parse((await readObject(bucket, ref)).toString());
  const { success, data } = StateManifest.safeParse(found);
  if (success && data.storageFormat === STORAGE_FORMAT) return data;
  const message = `the state ${bucket.address} is of another format`;
  throw new EtlError('STORAGE_VERSION', message, { context: { name: ref.name } });
}
