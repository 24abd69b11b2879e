import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import type { Bucket, BucketOptions } from './bucket.ts';
import { openS3 } from './s3.ts';

const GATEWAY = 'https://s3.hf.co';

/**
 * A bucket of the Hub, by its gateway that speaks S3: the Hub's own calls know no precondition. Where
 * AWS_ENDPOINT_URL_S3 is set, it is the gateway, with the owner or without.
 *
 * @see https://huggingface.co/docs/hub/storage-buckets-s3
 */
export function openHubBucket(address: string, path: string, options: BucketOptions): Bucket {
  const [owner = '', bucket = '', ...folders] = path.split('/').filter((it) => it !== '');
  const prefix = folders.map((it) => `${it}/`).join('');
  const given = options.env['AWS_ENDPOINT_URL_S3'] ?? options.env['AWS_ENDPOINT_URL'] ?? GATEWAY;
  const gateway = given.replace(/\/$/, '');
  return openS3({ address, bucket, prefix }, options, {
    client: {
      endpoint: gateway.endsWith(`/${owner}`) ? gateway : `${gateway}/${owner}`,
      region: 'us-east-1',
      forcePathStyle: true,
      // The gateway reads no checksum that comes after a body.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    },
    isReadElsewhere: true,
    Handler: Following,
  });
}

/** What is read the gateway has elsewhere (302), and Amazon's client does not go there. */
class Following extends UndiciHttpHandler {
  override async handle(
    ...[request, options]: Parameters<UndiciHttpHandler['handle']>
  ): ReturnType<UndiciHttpHandler['handle']> {
    const answer = await super.handle(request, options);
    const { statusCode, headers } = answer.response;
    const location = headers['location'];
    if (request.method !== 'GET' || statusCode !== 302 || location === undefined) return answer;
    const { protocol, hostname, port, pathname, search } = new URL(location);
    // Never from https to http.
    if (protocol !== 'https:' && protocol !== request.protocol) return answer;
    const there = request.clone();
    Object.assign(there, { protocol, hostname, path: pathname + search, query: {} });
    if (port === '') delete there.port;
    else there.port = Number(port);
    // Nothing of the signed request goes along.
    there.headers = { 'user-agent': request.headers['user-agent'] ?? '' };
    const { body } = answer.response as { body: { dump: () => Promise<void> } }; // undici's
    await body.dump();
    return super.handle(there, options);
  }
}
