import { openAgent } from '../api/proxy.ts';
import type { Bucket, BucketOptions } from '../storage/bucket/bucket.ts';

/** As `openBucket` of the storage, by way of the proxy that the environment names. */
export async function openBucketByProxy(
  address: string,
  options: Omit<BucketOptions, 'openAgent'>,
): Promise<Bucket> {
  const { openBucket } = await import('../storage/bucket/open.ts');
  return openBucket(address, { ...options, openAgent });
}
