import { createRequire } from 'node:module';
import path from 'node:path';
import { ProxyAgent, request } from 'undici';
import { isPublic, openNetworkGuard } from '../../../src/crawlers/network-guard.ts';
import { createConfiguration } from '../../../src/storage/storage-client.ts';
import { expect, test } from '../../helpers/fixtures.ts';

test('addresses of this machine, its networks and of nobody are not public', () => {
  const inner = [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254'],
    ...[
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:a00:1', '64:ff9b::10.0.0.1'],
    ...[
      '64:ff9b:1::1',
      '2002:7f00:1::1',
      '2001::1',
      'fd12::1',
      'fe80::1',
      'fe80::1%eth0',
      'ff02::1',
    ],
  ];
  const outer = ['1.1.1.1', '100.128.0.1', '172.32.0.1', '192.169.0.1', '2606:4700::1'];

  expect(inner.filter(isPublic)).toEqual([]);
  expect(outer.filter(isPublic)).toEqual([...outer]);
  expect(['::ffff:1.1.1.1', '64:ff9b::1.1.1.1'].filter(isPublic)).toHaveLength(2);
});

test('a name is asked for once, and judged by its address', async ({ keep, serve }) => {
  const server = await serve((_request, response) => response.end('reached'));
  const { port } = new URL(server);
  const asked: string[] = [];
  const guard = await keep(
    openNetworkGuard('https://board.example/', (name) => {
      asked.push(name);
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    }),
  );
  const dispatcher = await keep(new ProxyAgent({ uri: guard.url, proxyTunnel: false }));
  const { statusCode } = await request(`http://board.example:${port}/`, { dispatcher });

  expect(statusCode).toBe(403);
  expect(asked).toEqual(['board.example']);
  expect([...guard.refused.keys()]).toEqual(['board.example']);
});

test("a board of the own network reaches its own host, and no other board's page does", async ({
  keep,
  serve,
}) => {
  const server = await serve((_request, response) => response.end('reached'));
  const statuses: number[] = [];
  for (const own of [`${server}/board`, 'https://board.example/']) {
    const guard = await keep(openNetworkGuard(own));
    const dispatcher = await keep(new ProxyAgent({ uri: guard.url, proxyTunnel: false }));
    statuses.push((await request(server, { dispatcher })).statusCode);
  }

  expect(statuses).toEqual([200, 403]);
});

test('the proxy that Crawlee serves to everybody lets nothing through', async ({
  keep,
  serve,
  folder,
}) => {
  const server = await serve((_request, response) => response.end('reached'));
  createConfiguration(folder);
  const require = createRequire(import.meta.url);
  const crawlee = path.dirname(require.resolve('@crawlee/browser-pool'));
  const { getLocalProxyAddress } = require(path.join(crawlee, 'proxy-server.js')) as {
    getLocalProxyAddress: () => Promise<string>;
  };
  const dispatcher = await keep(
    new ProxyAgent({ uri: await getLocalProxyAddress(), proxyTunnel: false }),
  );
  const { statusCode } = await request(server, { dispatcher });

  expect(statusCode).toBe(403);
});
