import {
  IdempotencyStrategy,
  Storage as CloudStorage,
  type File,
  type StorageOptions,
} from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import {
  unlessStatus,
  type Bucket,
  type BucketOptions,
  type BucketPlace,
  type StoredObject,
} from './bucket.ts';

const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Google's client for Cloud Storage. Over plain `http:` (an emulator) no credentials are looked for or
 * sent. It repeats every request, so one that was refused may have been done before.
 */
export function cloudStorage(options: StorageOptions): CloudStorage {
  const storage = new CloudStorage({
    ...options,
    timeout: REQUEST_TIMEOUT_MS,
    retryOptions: { idempotencyStrategy: IdempotencyStrategy.RetryAlways, maxRetries: 7 },
  });
  // With STORAGE_EMULATOR_HOST the library leaves a part of the path out.
  storage.baseUrl = `${storage.apiEndpoint}/storage/v1`;
  return storage;
}

/** @see https://cloud.google.com/storage/docs/request-preconditions */
export function openGcs(
  { address, bucket: bucketName, prefix }: BucketPlace,
  { gcsEndpoint }: BucketOptions,
): Bucket {
  const endpoint =
    gcsEndpoint === undefined || /^https?:/.test(gcsEndpoint)
      ? gcsEndpoint
      : `http://${gcsEndpoint}`;
  const isPlain = endpoint?.startsWith('http:') === true;
  const storage = cloudStorage({
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    ...(isPlain ? { authClient: new PassThroughClient() } : {}),
  });
  const bucket = storage.bucket(bucketName);
  const at = (name: string) => bucket.file(prefix + name);
  return {
    address,
    get: (name) => unlessStatus([404], read(storage, at(name))),
    async put(name, body, onlyIf) {
      const file = at(name);
      const save = (more: object = {}) =>
        file.save(body, { resumable: false, validation: 'crc32c', ...more });
      if (onlyIf === undefined) await save();
      else {
        const preconditionOpts = { ifGenerationMatch: onlyIf ?? 0 };
        const saved = save({ preconditionOpts }).then(() => true);
        if ((await unlessStatus([412], saved)) === undefined) return undefined;
      }
      return String(file.metadata.generation);
    },
    async list(start) {
      const [files] = await bucket.getFiles({
        prefix: prefix + start,
        fields: 'items(name),nextPageToken',
      });
      return files.map(({ name }) => name.slice(prefix.length));
    },
    async remove(name) {
      await at(name).delete({ ignoreNotFound: true });
    },
  };
}

/** By its client for HTTP: the library's own stream warns of a leak at each part (Node.js 24). */
async function read(storage: CloudStorage, { bucket, name }: File): Promise<StoredObject> {
  const { data, headers } = await storage.authClient.request<ArrayBuffer>({
    url: `${storage.baseUrl}/b/${bucket.name}/o/${encodeURIComponent(name)}?alt=media`,
    responseType: 'arraybuffer',
    timeout: REQUEST_TIMEOUT_MS,
    retry: true,
  });
  return { body: Buffer.from(data), version: headers.get('x-goog-generation') ?? '' };
}
