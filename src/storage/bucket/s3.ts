import { paginateListObjectsV2, S3 } from '@aws-sdk/client-s3';
import { unlessStatus, type Bucket, type BucketOptions, type BucketPlace } from './bucket.ts';

/** A part of a file goes in a second or two. */
const REQUEST_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** There is another one (412), another writer was at it (409), or it is gone (404). */
const REFUSED = [404, 409, 412];

/**
 * A bucket of S3, or of a store that speaks its protocol at AWS_ENDPOINT_URL_S3 and keeps preconditions.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function openS3(
  { address, bucket: Bucket, prefix }: BucketPlace,
  { env }: BucketOptions,
): Bucket {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  const client = new S3({
    ...(region === undefined ? {} : { region }),
    followRegionRedirects: true,
    // Other stores have no name in the DNS for each bucket.
    forcePathStyle: (env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']) !== undefined,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const at = (name: string) => ({ Bucket, Key: prefix + name });
  return {
    address,
    async get(name) {
      const found = await client.getObject(at(name)).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      });
      if (found?.Body === undefined) return undefined;
      return {
        body: Buffer.from(await found.Body.transformToByteArray()),
        version: found.ETag ?? '',
      };
    },
    async put(name, Body, onlyIf) {
      if (onlyIf === undefined) return (await client.putObject({ ...at(name), Body })).ETag;
      const condition = onlyIf === null ? { IfNoneMatch: '*' } : { IfMatch: onlyIf };
      const put = client.putObject({ ...at(name), Body, ...condition });
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
