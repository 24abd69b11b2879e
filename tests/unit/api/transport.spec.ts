import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseEndpoint } from '../../../src/api/endpoint.ts';
import { createTransport } from '../../../src/api/transport.ts';

const TOKEN = 'hf_NotToBeSeenAnywhere';

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

const transportTo = (url: string) =>
  createTransport({
    endpoint: parseEndpoint(url),
    token: TOKEN,
    userAgent: 'huggingface-etl/test',
    timeoutMs: 5000,
  });

test('an answer that repeats the token is kept without it', async () => {
  const hub = await serve((request, response) =>
    response.end(`é ${request.headers.authorization}`),
  );
  const transport = transportTo(hub.url);

  const { body } = await transport.get(`${hub.url}/api/models`);

  expect(body.toString()).toBe('é Bearer [redacted]');
  await transport.close();
  hub.close();
});

test('a redirect within the Hub is followed, one to another host is not even asked', async () => {
  let strangers = 0;
  const other = await serve((_request, response) => {
    strangers += 1;
    response.end();
  });
  const hub = await serve((request, response) => {
    const target = request.url === '/old' ? '/new' : `${other.url}/stolen`;
    if (request.url === '/new') response.end('here');
    else response.writeHead(307, { location: target }).end();
  });
  const transport = transportTo(hub.url);

  const followed = await transport.get(`${hub.url}/old`);

  expect(followed).toMatchObject({ url: `${hub.url}/new` });
  await expect(transport.get(`${hub.url}/away`)).rejects.toMatchObject({
    code: 'HTTP_FOREIGN_HOST',
  });
  expect(strangers).toBe(0);
  await transport.close();
  hub.close();
  other.close();
});
