import { gzipSync } from 'node:zlib';
import { parseEndpoint } from '../../../src/api/endpoint.ts';
import { createTransport } from '../../../src/api/transport.ts';
import { expect, test } from '../../helpers/fixtures.ts';

const TOKEN = 'hf_NotToBeSeenAnywhere';

const transportTo = (url: string, timeoutMs = 5000) =>
  createTransport({
    endpoint: parseEndpoint(url),
    token: TOKEN,
    userAgent: 'huggingface-etl/test',
    timeoutMs,
  });

test('an answer that repeats the token, in whatever letters, is kept without it', async ({
  serve,
}) => {
  const hub = await serve((request, response) => {
    const [, token = ''] = request.headers.authorization?.split(' ') ?? [];
    const inJson = JSON.stringify(`\u0001${token}`).replace('hf', String.raw`\u0068\u0066`);
    response.setHeader('etag', `"${token}"`);
    response.setHeader('link', `</api/models?a=${token}&b=%68%66${token.slice(2)}>; rel="next"`);
    response.end(`é ${token} ${inJson} &#104;f${token.slice(2)}`);
  });
  const transport = transportTo(hub);

  const { body, headers } = await transport.get(`${hub}/api/models`);

  expect(body.toString()).toBe('é [redacted] "\\u0001[redacted]" [redacted]');
  expect(headers).toMatchObject({
    etag: '"[redacted]"',
    link: '</api/models?a=[redacted]&b=[redacted]>; rel="next"',
  });
  await transport.close();
});

test('a redirect within the Hub is followed, one to another host is not even asked', async ({
  serve,
}) => {
  let strangers = 0;
  const other = await serve((_request, response) => {
    strangers += 1;
    response.end();
  });
  const hub = await serve((request, response) => {
    const target = request.url === '/old' ? '/new' : `${other}/stolen`;
    if (request.url === '/new') response.end('here');
    else response.writeHead(307, { location: target }).end();
  });
  const transport = transportTo(hub);

  const followed = await transport.get(`${hub}/old`);

  expect(followed).toMatchObject({ url: `${hub}/new` });
  await expect(transport.get(`${hub}/away`)).rejects.toMatchObject({
    code: 'HTTP_FOREIGN_HOST',
  });
  expect(strangers).toBe(0);
  await transport.close();
});

test('an answer that drips is over in its time, however often a byte comes', async ({ serve }) => {
  const hub = await serve((_request, response) => {
    const timer = setInterval(() => response.write(' '), 5);
    response.once('close', () => clearInterval(timer));
  });
  const transport = transportTo(hub, 300);

  await expect(transport.get(`${hub}/api/models`)).rejects.toMatchObject({
    failure: { kind: 'timeout', error: { code: 'HTTP_TIMEOUT' } },
  });
  await transport.close();
});

for (const encoding of ['gzip', 'identity']) {
  test(`an answer without end (${encoding}) is given up, and said to be too large`, async ({
    serve,
  }) => {
    const bytes = Buffer.alloc(65 * 1024 * 1024, ' ');
    const packed = encoding === 'gzip' ? gzipSync(bytes) : bytes;
    const hub = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(packed);
    });
    const transport = transportTo(hub, 60_000);

    await expect(transport.get(`${hub}/api/models`)).rejects.toMatchObject({
      failure: { kind: 'size', error: { code: 'HTTP_TOO_LARGE' } },
    });
    await transport.close();
  });
}
