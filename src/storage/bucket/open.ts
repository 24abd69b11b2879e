import { EtlError, fromSystemError } from '../../errors.ts';
import { statusOf, type Bucket, type BucketOptions } from './bucket.ts';

/**
 * Opens `gs://bucket/prefix`, `s3://bucket/prefix`, `hf://buckets/owner/name/prefix` or `file:///folder`. Credentials, region and endpoint
 * are those that Google's and Amazon's own clients find. The client is loaded only here.
 *
 * @throws {EtlError} of each method: `STATE_DENIED`, `STATE_FAILED`, `CONFIG_INVALID` for a bucket that there is
 * not, and of a folder `STORAGE_FULL`, `STORAGE_DENIED`
 */
export async function openBucket(address: string, options: BucketOptions): Promise<Bucket> {
  const { protocol, host, pathname } = new URL(address);
  const path = decodeURIComponent(pathname);
  const prefix = `${path.slice(1)}/`.replace(/^\/|(?<=\/)\/$/, '');
  const place = { address, bucket: host, prefix };
  if (protocol === 'file:') return named((await import('./folder.ts')).openFolder(address));
  if (protocol === 'hf:')
    return named((await import('./hub.ts')).openHubBucket(address, path, options));
  if (protocol === 's3:') return named((await import('./s3.ts')).openS3(place, options));
  return named((await import('./gcs.ts')).openGcs(place, options));
}

/** The same bucket, whose failures are ours. */
function named(bucket: Bucket): Bucket {
  const { address } = bucket;
  const said = async <Result>(doing: string, work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      throw failureOf(error, `${doing} ${address}`);
    }
  };
  return {
    address,
    get: (name) => said(`reading ${name} of`, bucket.get(name)),
    put: (name, body, onlyIf) => said(`writing ${name} to`, bucket.put(name, body, onlyIf)),
    list: (prefix) => said('listing', bucket.list(prefix)),
    remove: (name) => said(`removing ${name} from`, bucket.remove(name)),
  };
}

function failureOf(error: unknown, doing: string): unknown {
  const system = fromSystemError(error, doing);
  if (system instanceof EtlError || !(error instanceof Error)) return system;
  const status = statusOf(error);
  const message = `${doing}: ${error.message}`;
  const options = { cause: error, context: { status } };
  if (status === 404)
    return new EtlError('CONFIG_INVALID', `${doing}: there is no such bucket`, options);
  const isDenied = status === 401 || status === 403 || /credential/i.test(error.name + message);
  return new EtlError(isDenied ? 'STATE_DENIED' : 'STATE_FAILED', message, options);
}
