import type { GoogleAuth } from 'google-auth-library';
import { PassThroughClient } from 'google-auth-library';
import { EtlError } from '../../errors.ts';
import type { Host } from './exchange.ts';

const GOOGLE = 'https://storage.googleapis.com';

/** A bucket of Cloud Storage that tables go through. */
export interface Bucket {
  name: string;
  /** Before each object's name: '', or with a slash at its end. */
  prefix: string;
  host: Host;
}

/** An object in a bucket, there or not. */
export interface BucketObject {
  bucket: Bucket;
  name: string;
}

/** The same work has the same name after a kill: the content is a part of it. */
export const objectOf = (bucket: Bucket, staging: string, content: string): BucketObject => ({
  bucket,
  name: `${bucket.prefix}${staging}-${content}.jsonl`,
});

export const uriOf = ({ bucket, name }: BucketObject): string => `gs://${bucket.name}/${name}`;

export const isPlainHttp = (url: string): boolean => !/^https:/i.test(url);

export interface BucketPlace {
  /** `gs://bucket/prefix` */
  bucket: string;
  storageEndpoint?: string;
  signal?: AbortSignal;
}

/**
 * The bucket of an address. No request is made. Beside a BigQuery that is asked over plain `http:` (an
 * emulator) it is looked for there too. Over plain `http:` no token is sent.
 *
 * @throws {EtlError} `CONFIG_INVALID`
 */
export function openBucket(
  { apiEndpoint, authClient }: { apiEndpoint: string; authClient: GoogleAuth },
  { bucket, storageEndpoint, signal }: BucketPlace,
): Bucket {
  const url = storageEndpoint ?? (isPlainHttp(apiEndpoint) ? apiEndpoint : GOOGLE);
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new EtlError(
      'CONFIG_INVALID',
      `--storage-endpoint: ${JSON.stringify(url)} is no address`,
    );
  }
  return {
    ...splitBucket(bucket),
    host: {
      url: url.replace(/\/+$/, ''),
      authClient: isPlainHttp(url) ? new PassThroughClient() : authClient,
      signal,
    },
  };
}

/** The parts of `gs://bucket/prefix`: the prefix is empty, or ends in a slash. */
export function splitBucket(address: string): { name: string; prefix: string } {
  const [, name = '', rest = ''] = /^gs:\/\/([^/]*)\/?([\s\S]*)$/.exec(address) ?? [];
  return { name, prefix: rest === '' || rest.endsWith('/') ? rest : `${rest}/` };
}
