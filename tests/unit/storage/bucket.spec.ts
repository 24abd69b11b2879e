import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bucket } from '../../../src/storage/bucket/bucket.ts';
import { openBucket } from '../../../src/storage/bucket/open.ts';
import { withEnv } from '../../helpers/env.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { gatewayEnv, startGateway } from '../../hub/gateway.ts';

const { env } = process;
const { S3_SERVER, S3_BUCKET = 'state', GCS_SERVER, GCS_BUCKET = 'state' } = env;

const amazon = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: env['AWS_ACCESS_KEY_ID'] ?? 'test',
  AWS_SECRET_ACCESS_KEY: env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
});

/** What a state relies on, of whatever store. */
async function checkBucket(bucket: Bucket): Promise<void> {
  expect(await bucket.get('head')).toBeUndefined();
  expect(await bucket.put('head', Buffer.from('0'), '1')).toBeUndefined();
  const first = await bucket.put('head', Buffer.from('1'), null);
  expect(first).toBeTruthy();
  expect(await bucket.put('head', Buffer.from('2'), null)).toBeUndefined();
  const second = await bucket.put('head', Buffer.from('3'), first);
  expect(await bucket.put('head', Buffer.from('4'), first)).toBeUndefined();
  expect(await bucket.get('head')).toEqual({ body: Buffer.from('3'), version: second });
  // Of many at once one is done.
  const all = Array.from({ length: 8 }, (_, at) =>
    bucket.put('head', Buffer.from(`a${at}`), second),
  );
  expect((await Promise.all(all)).filter((it) => it !== undefined)).toHaveLength(1);

  const names = Array.from({ length: 12 }, (_, at) => `objects/holder-${at % 2}/${at}`).sort();
  for (const name of names) await bucket.put(name, Buffer.from(name));
  expect((await bucket.list('objects/')).sort()).toEqual(names);
  for (const name of [...names, 'objects/none']) await bucket.remove(name);
  expect(await bucket.list('objects/')).toEqual([]);
  const large = Buffer.alloc(8 * 1024 * 1024, 'x');
  await bucket.put('objects/large', large);
  expect((await bucket.get('objects/large'))?.body.equals(large)).toBe(true);
  for (const name of ['objects/large', 'head']) await bucket.remove(name);
}

test('a folder keeps preconditions', async ({ folder }) => {
  const address = pathToFileURL(path.join(folder, 'of mine', 'bucket')).href;
  await checkBucket(await openBucket(address, { env: {} }));
});

test('a server of S3 keeps preconditions', async () => {
  test.skip(S3_SERVER === undefined, 'S3_SERVER names none');
  const values = amazon(S3_SERVER ?? '');
  await withEnv(values, async () =>
    checkBucket(await openBucket(`s3://${S3_BUCKET}/unit/${randomUUID()}`, { env: values })),
  );
});

test('the gateway of the Hub keeps preconditions; what it keeps elsewhere is read without a signature', async ({
  keep,
}) => {
  const gateway = await keep(startGateway());
  const { address } = gateway;
  for (const url of [gateway.url, `${gateway.url}/owner`]) {
    const values = gatewayEnv(url);
    await withEnv(values, async () => {
      await checkBucket(await openBucket(`${address}/unit/${randomUUID()}`, { env: values }));
    });
  }
  const values = gatewayEnv(gateway.url);
  await withEnv(values, async () => {
    const bucket = await openBucket(address, { env: values });
    await bucket.put('a name with = and é', Buffer.from('x'));
    expect((await bucket.get('a name with = and é'))?.body.toString()).toBe('x');
    expect([...gateway.objects.keys()]).toEqual(['a name with = and é']);
  });
  expect(gateway.refused).toEqual([]);
});

test('a server of Cloud Storage keeps preconditions', async () => {
  test.skip(GCS_SERVER === undefined, 'GCS_SERVER names none');
  const options = { env: {}, gcsEndpoint: GCS_SERVER };
  await checkBucket(await openBucket(`gs://${GCS_BUCKET}/unit/${randomUUID()}`, options));
});

test('a store that denies, lacks the bucket or is not there has an exit code each', async ({
  cli,
  serve,
}) => {
  const answers: Record<string, string> = { 403: 'AccessDenied', 404: 'NoSuchBucket' };
  const server = await serve(({ url = '' }, response) => {
    const [status = ''] = Object.keys(answers).filter((it) => url.includes(it));
    response.writeHead(Number(status), { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${answers[status] ?? ''}</Code><Message>no</Message></Error>`);
  });
  const codes: string[] = [];
  for (const [endpoint, bucket] of [
    [server, 'bucket-403'],
    [server, 'bucket-404'],
    ['http://127.0.0.1:9', 'bucket'],
  ] as const)
    await withEnv(amazon(endpoint), async () => {
      const { code, stdout } = await cli(['pull', '--state', `s3://${bucket}/x`, '--json'], {
        env: amazon(endpoint),
      });
      const { error } = JSON.parse(stdout) as { error: { code: string } };
      codes.push(`${bucket} ${code} ${error.code}`);
    });
  expect(codes).toEqual([
    'bucket-403 7 STATE_DENIED',
    'bucket-404 2 CONFIG_INVALID',
    'bucket 75 STATE_FAILED',
  ]);
});
