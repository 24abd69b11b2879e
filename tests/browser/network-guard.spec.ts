import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { dependenciesOf } from './board-harness.ts';
import { tableOf } from './table-page.ts';

/** Asks in every way that a page has, and shows its table when all are answered or refused. */
const askAll = (hosts: readonly string[], port: string, udpPort: number): string => `
  const ended = (it, ...names) => new Promise((resolve) => {
    for (const name of names) it.addEventListener(name, resolve);
  });
  const load = (tag, more) => {
    const element = Object.assign(document.createElement(tag), more);
    const done = ended(element, 'load', 'error');
    document.head.append(element);
    return done;
  };
  const frame = (src) => {
    const element = Object.assign(document.createElement('iframe'), { src });
    const done = ended(element, 'load');
    document.documentElement.append(element);
    return done;
  };
  const stun = async () => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${udpPort}' }] });
    peer.createDataChannel('x');
    const done = new Promise((resolve) => {
      peer.onicecandidate = ({ candidate }) => candidate ?? resolve();
    });
    await peer.setLocalDescription(await peer.createOffer());
    await done;
  };
  Promise.allSettled(${JSON.stringify(hosts)}.flatMap((host) => {
    const place = host + ':${port}';
    return [
      fetch('http://' + place + '/fetch', { mode: 'no-cors' }),
      fetch('/to?http://' + place + '/redirected', { mode: 'no-cors' }),
      load('script', { src: 'http://' + place + '/script' }),
      load('link', { rel: 'stylesheet', href: 'https://' + place + '/style' }),
      frame('http://' + place + '/frame'),
      ended(new WebSocket('ws://' + place + '/socket'), 'error', 'open'),
    ];
  }).concat(stun())).then(() => { document.body.innerHTML = '${tableOf(12)}'; });`;

test('a page reaches no other host of this machine, whatever it is called, and it is said', async ({
  serve,
  keep,
}) => {
  const reached: string[] = [];
  const other = await serve(({ url }, response) => {
    reached.push(url ?? '');
    response.end();
  });
  const udp = createSocket('udp4', () => reached.push('udp')).bind(0, '127.0.0.1');
  await once(udp, 'listening');
  await keep(udp);
  const hosts = ['localhost', 'name.example', '[::ffff:127.0.0.1]', '0.0.0.0'];
  const script = askAll(hosts, new URL(other).port, udp.address().port);
  const url = await serve(({ url: asked = '' }, response) => {
    const [, target] = asked.split('?');
    if (target !== undefined) return void response.writeHead(302, { location: target }).end();
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><body><script>${script}</script>`);
  });
  const dependencies = await dependenciesOf(() => Promise.resolve());
  const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
  const [outcome] = await crawlBoards(
    { ...dependencies, resolve },
    { boards: [{ id: 'x', url }], evidenceFolder: test.info().outputPath('evidence') },
    { seed: 1 },
  );

  expect(reached).toEqual([]);
  expect(outcome).toMatchObject({ status: 'at_rest', rows: 12 });
  expect(outcome?.warnings.toSorted()).toEqual([
    'The page asked for 0.0.0.0: no public address, not reached',
    'The page asked for ::ffff:7f00:1: no public address, not reached',
    'The page asked for localhost, which is 127.0.0.1: no public address, not reached',
    'The page asked for name.example, which is 127.0.0.1: no public address, not reached',
  ]);
});

for (const scheme of ['http', 'https']) {
  test(`a board whose public name is an address of this machine is not read (${scheme})`, async ({
    serve,
  }) => {
    const reached: string[] = [];
    const place = await serve(({ url }, response) => {
      reached.push(url ?? '');
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html>${tableOf(12)}`);
    });
    const url = `${scheme}://board.example:${new URL(place).port}/`;
    const dependencies = await dependenciesOf(() => Promise.reject(new Error('written')));
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const [outcome] = await crawlBoards(
      { ...dependencies, resolve },
      { boards: [{ id: 'x', url }], evidenceFolder: test.info().outputPath('evidence') },
    );

    expect(reached).toEqual([]);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        code: 'BOARD_UNREACHABLE',
        message: expect.stringMatching(
          /^Board x is at board\.example, which is 127\.0\.0\.1: .*not reached; .*security\.md/,
        ),
      },
    });
  });
}
