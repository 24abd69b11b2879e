import {
  IdempotencyStrategy,
  Storage as CloudStorage,
  type StorageOptions,
} from '@google-cloud/storage';
import { unlessStatus, type Bucket, type BucketOptions, type BucketPlace } from './bucket.ts';

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
  const bucket = cloudStorage(
    endpoint === undefined
      ? {}
      : { apiEndpoint: endpoint, useAuthWithCustomEndpoint: !endpoint.startsWith('http:') },
  ).bucket(bucketName);
  const at = (name: string) => bucket.file(prefix + name);
  return {
    address,
    get: (name) => unlessStatus([404], read(at(name))),
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

type CloudFile = ReturnType<ReturnType<CloudStorage['bucket']>['file']>;

async function read(file: CloudFile): Promise<{ body: Buffer; version: string }> {
  const parts: Buffer[] = [];
  let version = '';
  const stream = file.createReadStream().on('response', ({ headers }: { headers: unknown }) => {
    // Of both libraries for HTTP that it has had.
    version = String(new Headers(headers as Headers).get('x-goog-generation'));
  });
  for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
  return { body: Buffer.concat(parts), version };
}
