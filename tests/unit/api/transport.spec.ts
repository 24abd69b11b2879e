import { parseEndpoint } from '../../../src/api/endpoint.ts';
import { createTransport } from '../../../src/api/transport.ts';
import { expect, test } from '../../helpers/fixtures.ts';

const TOKEN = 'hf_NotToBeSeenAnywhere';

const transportTo = (url: string) =>
  createTransport({
    endpoint: parseEndpoint(url),
    token: TOKEN,
    userAgent: 'huggingface-etl/test',
    timeoutMs: 5000,
  });

test('an answer that repeats the token is kept without it', async ({ serve }) => {
  const hub = await serve((request, response) =>
    response.end(`é ${request.headers.authorization}`),
  );
  const transport = transportTo(hub);

  const { body } = await transport.get(`${hub}/api/models`);

  expect(body.toString()).toBe('é Bearer [redacted]');
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
