import { expect, test } from '@playwright/test';
import { LOUD_FAULTS, startHub } from '../../../demo/hub/index.ts';
import type { Fault, HubReplica } from '../../../demo/hub/index.ts';
import { getModels, ids, nextOf, readModels } from './hub-client.ts';

const data = readModels();
const QUERY = 'sort=createdAt&direction=1&limit=100&expand=likes';
let hub: HubReplica;
let list: string;

test.beforeEach(async () => {
  hub = await startHub();
  list = `${hub.url}/api/models?${QUERY}`;
});
test.afterEach(() => hub.close());

const inject = (...faults: Fault[]): void => hub.setFaults(faults);

for (const encoding of ['identity', 'gzip']) {
  const ask = (): Promise<Response> => fetch(list, { headers: { 'accept-encoding': encoding } });

  test(`each loud fault fails once and the same request then succeeds (${encoding})`, async () => {
    const right = await (await ask()).text();
    for (const kind of LOUD_FAULTS.filter((it) => it !== 'hang')) {
      inject({ at: 1, kind });
      const first = await ask()
        .then(
          async (response) => {
            if (response.status !== 200) return response.status;
            const bytes = Buffer.from(await response.arrayBuffer());
            const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
            return JSON.stringify(JSON.parse(text)) === right ? 'right' : 'wrong';
          },
          () => 'no answer',
        )
        .catch((error: unknown) => (error instanceof SyntaxError ? 'bad JSON' : 'bad body'));

      const status = Number(/\d{3}/.exec(kind)?.[0]);
      const wanted = {
        reset: 'no answer',
        truncated: 'bad body',
        'truncated-chunked': 'bad JSON',
        'invalid-json': 'bad JSON',
        'invalid-utf8': 'bad body',
      }[kind as string];
      expect([kind, first]).toEqual([kind, wanted ?? status]);
      expect(hub.requests.at(-1)).toMatchObject({ fault: kind });
      expect(await (await ask()).text()).toBe(right);
      expect(hub.requests.at(-1)).toMatchObject({ fault: null, status: 200, records: 100 });
    }
  });
}

test('hang never answers, until the client goes away or the replica ends', async () => {
  inject({ at: 1, kind: 'hang', times: 2 });
  const abort = new AbortController();
  const given = fetch(list, { signal: abort.signal });
  const kept = fetch(list).catch(() => 'ended');
  await expect.poll(() => hub.requests.length).toBe(2);
  abort.abort();

  await expect(given).rejects.toThrow();
  expect((await getModels(list)).models).toHaveLength(100);
  expect(hub.requests.map(({ status }) => status)).toEqual([0, 0, 200]);
  await hub.close();
  expect(await kept).toBe('ended');
  hub = await startHub();
});

test('429 tells the quota: r=0 with its seconds, or r=5 with a t that means nothing', async () => {
  inject({ at: 1, kind: '429-r0', resetSeconds: 0 }, { at: 2, kind: '429-r5' });
  const [zero, five] = [await fetch(list), await fetch(list)];

  expect(zero.headers.get('ratelimit')).toBe('"api";r=0;t=0');
  expect(five.headers.get('ratelimit')).toBe('"api";r=5;t=250');
  for (const response of [zero, five]) {
    expect(response.headers.get('content-type')).toContain('application/json');
  }
});

test('a reset may come in the midst of the body', async () => {
  inject({ at: 1, kind: 'reset', when: 'during' });
  const response = await fetch(list);

  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

test('truncated promises more bytes than it sends; truncated-chunked promises nothing', async () => {
  inject({ at: 1, kind: 'truncated' }, { at: 2, kind: 'truncated-chunked' });
  const headers = { 'accept-encoding': 'identity' };
  const cut = await fetch(list, { headers });
  const chunked = await fetch(list, { headers });

  expect(Number(cut.headers.get('content-length'))).toBeGreaterThan(1000);
  await expect(cut.text()).rejects.toThrow();
  expect(chunked.headers.get('content-length')).toBeNull();
  expect((await chunked.text()).startsWith('[{"_id"')).toBe(true);
});

test('a short last page has a Link', async () => {
  inject({ at: 1, kind: 'short-page' });
  const { models, next } = await getModels(list.replace('limit=100', 'limit=1000'));

  expect(models).toHaveLength(Math.ceil(data.length / 2));
  expect(next).not.toBeNull();
});

test('repeated-cursor links to the page itself', async () => {
  inject({ at: 2, kind: 'repeated-cursor' });
  const first = await getModels(list);
  const second = await getModels(first.next ?? '');

  expect(second.next).toBe(first.next);
  expect(ids(second.models)).toEqual(ids(data.slice(100, 200)));
});

test('foreign-link names another host with the right cursor', async () => {
  const right = new URL((await getModels(list)).next ?? '');
  inject(
    { at: 1, kind: 'foreign-link' },
    { at: 2, kind: 'foreign-link', origin: 'http://[::1]:1' },
  );
  const first = await fetch(list);
  const second = await fetch(list);

  expect(nextOf(first)).toBe(`https://hub.example${right.pathname}${right.search}`);
  expect(nextOf(second)).toBe(`http://[::1]:1${right.pathname}${right.search}`);
});

test('a fault counts the pages of the list of models, or what its path says', async () => {
  inject(
    { at: [2, 4], times: 2, kind: '500' },
    { at: 1, path: '/leaderboard', kind: '503' },
    { at: 1, path: /expand=no-such/, kind: '504' },
  );
  const status = async (path: string): Promise<number> => (await fetch(hub.url + path)).status;

  expect(await status('/api/models?expand=no-such')).toBe(504);
  expect(await status('/api/models?expand=no-such')).toBe(400);
  expect(await status('/api/models/google-bert/bert-base-uncased')).toBe(200);
  const pages: number[] = [];
  for (let page = 0; page < 6; page += 1) pages.push(await status('/api/models?limit=1'));
  expect(pages).toEqual([200, 500, 500, 500, 500, 200]);
  expect(await status('/api/datasets/mteb/arguana/leaderboard')).toBe(503);
  expect(await status('/api/datasets/mteb/arguana/leaderboard')).toBe(200);
  expect(hub.counters).toMatchObject({ requests: 11, pages: 2, records: 2, faults: 6 });
});
