import { paginateListObjectsV2, S3, type S3ClientConfig } from '@aws-sdk/client-s3';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import { Agent } from 'undici';
import { unlessStatus, type Bucket, type BucketOptions, type BucketPlace } from './bucket.ts';

/** A part of a file goes in a second or two; of a large object it is the time of a slow line. */
const REQUEST_TIMEOUT_MS = 60_000;
const SLOW_BYTES_PER_MS = 100;
const CONNECT_TIMEOUT_MS = 10_000;
/** There is another one (412), another writer was at it (409), or it is gone (404). */
const REFUSED = [404, 409, 412];

/** How a store differs from Amazon's. */
export interface S3Dialect {
  client?: S3ClientConfig;
  /** The version is asked for by itself: what an object is read from may be another place with ETags of its own. */
  isReadElsewhere?: boolean;
  Handler?: typeof UndiciHttpHandler;
}

/**
 * A bucket of S3, or of a store that speaks its protocol at AWS_ENDPOINT_URL_S3 and keeps preconditions.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function openS3(
  { address, bucket: Bucket, prefix }: BucketPlace,
  { env, openAgent = (options) => new Agent(options) }: BucketOptions,
  { client: dialect, isReadElsewhere = false, Handler = UndiciHttpHandler }: S3Dialect = {},
): Bucket {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  const client = new S3({
    ...(region === undefined ? {} : { region }),
    followRegionRedirects: true,
    // Other stores have no name in the DNS for each bucket.
    forcePathStyle: (env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']) !== undefined,
    requestHandler: new Handler({
      // Any dispatcher will do; its types are those of an older undici.
      dispatcher: openAgent({
        connect: { timeout: CONNECT_TIMEOUT_MS },
        headersTimeout: REQUEST_TIMEOUT_MS,
        bodyTimeout: REQUEST_TIMEOUT_MS,
      }) as never,
    }),
    ...dialect,
  });
  const at = (name: string) => ({ Bucket, Key: prefix + name });
  return {
    address,
    async get(name) {
      const head = isReadElsewhere && (await unlessStatus([404], client.headObject(at(name))));
      const found = await client.getObject(at(name)).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      });
      if (found?.Body === undefined) return undefined;
      return {
        body: Buffer.from(await found.Body.transformToByteArray()),
        version: (head || found).ETag ?? '',
      };
    },
    async put(name, Body, onlyIf) {
      const requestTimeout = Math.max(REQUEST_TIMEOUT_MS, Body.length / SLOW_BYTES_PER_MS);
      const input = { ...at(name), Body };
      if (onlyIf === undefined) return (await client.putObject(input, { requestTimeout })).ETag;
      const condition = onlyIf === null ? { IfNoneMatch: '*' } : { IfMatch: onlyIf };
      const put = client.putObject({ ...input, ...condition }, { requestTimeout });
      return (await unlessStatus(REFUSED, put))?.ETag;
    },
    async list(start) {
      const names: string[] = [];
      for await (const page of paginateListObjectsV2(
        { client },
        { Bucket, Prefix: prefix + start },
      ))
        names.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice(prefix.length)));
      return names;
    },
    async remove(name) {
      await unlessStatus([404], client.deleteObject(at(name)));
    },
  };
}
