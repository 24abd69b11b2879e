import { writeFile } from 'node:fs/promises';
import { request as ask, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { LookupFunction } from 'node:net';
import path from 'node:path';
import { ProxyAgent, request } from 'undici';
import { Server } from 'proxy-chain';
import { openNetworkGuard } from '../../../src/crawlers/network-guard.ts';
import { selfSigned } from '../../helpers/certificate.ts';
import { startCli } from '../../helpers/cli.ts';
import { gatewayEnv, startGateway } from '../../hub/gateway.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { listen } from '../../helpers/listen.ts';

interface Way {
  url: string;
  /** Hosts that were asked for. */
  asked: string[];
}

/** The only way to names under `.example`, which are this machine. */
const test = base.extend<{ way: Way }>({
  way: async ({}, use) => {
    const asked: string[] = [];
    const here: LookupFunction = (_host, { all }, done) =>
      all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
    const server = new Server({
      host: '127.0.0.1',
      port: 0,
      prepareRequestFunction({ hostname }) {
        asked.push(hostname);
        return { dnsLookup: here as never };
      },
    });
    await server.listen();
    await use({ url: `http://127.0.0.1:${server.port}`, asked });
    await server.close(true);
  },
});

test('the Hub and who is told are reached by way of HTTP_PROXY, this machine is not', async ({
  folder,
  fewHub: { url },
  keep,
  way,
  serve,
}) => {
  let beats = 0;
  const receiver = await serve((_request, response) => {
    beats += 1;
    response.end();
  });
  const outside = (address: string, name: string) => address.replace('127.0.0.1', name);
  const crawl = ['crawl', 'tags', '--storage', folder, '--endpoint'];
  const far = [outside(url, 'hub.example'), '--heartbeat', outside(receiver, 'beat.example')];
  // As curl has it, without a scheme.
  const proxy = { HTTP_PROXY: new URL(way.url).host };
  const first = await (await keep(startCli([...crawl, ...far], proxy))).done;
  expect(first.code, first.stderr).toBe(0);
  expect([...new Set(way.asked)]).toEqual(['hub.example', 'beat.example']);
  expect(beats).toBe(1);

  const env = { HTTP_PROXY: 'http://127.0.0.1:9' };
  const near = await (
    await keep(startCli([...crawl, url, '--fresh', '--heartbeat', receiver], env))
  ).done;
  expect(near.code, near.stderr).toBe(0);
  expect(beats).toBe(2);
});

test('a proxy that is none is said so, without its password', async ({ cli }) => {
  process.env['HTTPS_PROXY'] = 'http://us:s3cret@';
  const { code, stderr } = await cli(['crawl', 'tags', '--endpoint', 'https://hub.example']);
  delete process.env['HTTPS_PROXY'];
  expect(code).toBe(2);
  expect(stderr).toMatch(/HTTPS_PROXY or HTTP_PROXY .* \[CONFIG_INVALID\]/);
  expect(stderr).not.toContain('s3cret');
});

test('https goes by a tunnel of HTTPS_PROXY, and past it where NO_PROXY says so: the Hub, a bucket', async ({
  folder,
  fewHub,
  keep,
  way,
}) => {
  const { cert, key } = selfSigned(['hub.example', 's3.example']);
  const ca = path.join(folder, 'ca.pem');
  await writeFile(ca, cert);
  /** The same server, as https. */
  const secured = async (url: string): Promise<string> => {
    const pass: RequestListener = (request, response) => {
      const { method, headers } = request;
      const on = ask(url + request.url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.pipe(on);
    };
    const { port } = await keep(listen(createServer({ cert, key }, pass)));
    return String(port);
  };
  const gateway = await keep(startGateway());
  gateway.hasNoEdge = true;
  const [hubPort, s3Port] = [await secured(fewHub.url), await secured(gateway.url)];
  const endpoint = `https://hub.example:${hubPort}`;
  const args = ['crawl', 'tags', '--storage', path.join(folder, 'storage'), '--endpoint', endpoint];
  const state = ['--state', `${gateway.address}/state`, '--retry-base', '0.001'];
  const env = {
    ...gatewayEnv(`https://s3.example:${s3Port}`),
    NODE_EXTRA_CA_CERTS: ca,
    HTTPS_PROXY: way.url,
  };
  const run = async (more: Record<string, string>) =>
    (await keep(startCli([...args, ...state], { ...env, ...more }))).done;

  const far = await run({});
  expect(far.code, far.stderr).toBe(0);
  expect(new Set(way.asked)).toEqual(new Set(['s3.example', 'hub.example']));
  expect([...gateway.objects.keys()]).toContain('state/state.json');

  // What is asked for by https is not read in the clear.
  gateway.hasNoEdge = false;
  const plain = await run({});
  expect(plain.code, plain.stderr).toBe(75);
  gateway.hasNoEdge = true;

  way.asked.length = 0;
  // These names lead nowhere but through the proxy.
  const past = await run({ NO_PROXY: 's3.example' });
  expect(past.code, past.stderr).toBe(75);
  expect(past.stderr).toContain('STATE_FAILED');
  expect(way.asked).toEqual([]);
  const pastHub = await run({ NO_PROXY: 'hub.example' });
  expect(pastHub.code, pastHub.stderr).toBe(3);
  expect(pastHub.stderr).toContain('ENOTFOUND');
  expect(new Set(way.asked)).toEqual(new Set(['s3.example']));
});

test("a board's page goes by HTTP_PROXY, and still not into the own network", async ({
  keep,
  way,
  serve,
}) => {
  const { port } = new URL(await serve((_request, response) => response.end('reached')));
  process.env['HTTP_PROXY'] = way.url;
  try {
    const guard = await keep(openNetworkGuard('https://board.example/'));
    const dispatcher = await keep(new ProxyAgent({ uri: guard.url, proxyTunnel: false }));
    const statusOf = async (host: string): Promise<number> => {
      const { statusCode, body } = await request(`http://${host}:${port}/`, { dispatcher });
      await body.dump();
      return statusCode;
    };
    expect(await statusOf('board.example')).toBe(200);
    expect(await statusOf('127.0.0.1')).toBe(403);
    expect(await statusOf('10.0.0.1')).toBe(403);
    expect(await statusOf('wiki.corp')).toBe(502); // a name that only the own network has
    expect(way.asked).toEqual(['board.example']);
  } finally {
    delete process.env['HTTP_PROXY'];
  }
});
