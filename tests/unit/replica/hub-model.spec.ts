import { expect, test } from '@playwright/test';
import { startHub } from '../../../demo/hub/index.ts';
import type { HubReplica } from '../../../demo/hub/index.ts';
import { MODEL_DETAIL_DEFAULTS, MODEL_DETAIL_EXPANDS } from '../../../demo/hub/listing.ts';
import { RENAMES } from '../../../demo/hub/model.ts';
import { readModels } from './hub-client.ts';
import type { Model } from './hub-client.ts';

let hub: HubReplica;
const data = readModels();

test.beforeAll(async () => {
  hub = await startHub({ tokens: ['hf_good'] });
});
test.afterAll(() => hub.close());

const get = (path: string, token?: string): Promise<Response> =>
  fetch(`${hub.url}/api/models/${path}`, {
    redirect: 'manual',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

test('a model answers with the values that the list has', async () => {
  for (const { id, likes, sha, siblings } of data.filter((_, n) => n % 5 === 0)) {
    const response = await fetch(`${hub.url}/api/models/${id}`);
    expect([id, response.status]).toEqual([id, 200]);
    if (response.redirected) continue; // a one-word id with an heir among the models
    expect(await response.json()).toEqual(
      expect.objectContaining(JSON.parse(JSON.stringify({ id, likes, sha, siblings })) as Model),
    );
  }
});

test('a model has the default keys, and the 32 that can be expanded', async () => {
  const plain = (await (await get('google-bert/bert-base-uncased')).json()) as Model;
  const query = MODEL_DETAIL_EXPANDS.map((name) => `expand[]=${name}`).join('&');
  const path = `meta-llama/Llama-3.1-8B?${query}`;
  const expanded = (await (await get(path)).json()) as Model;

  for (const name of Object.keys(plain)) {
    expect(['_id', 'id', ...MODEL_DETAIL_DEFAULTS]).toContain(name);
  }
  expect(plain['modelId']).toBe(plain.id);
  expect(plain).not.toHaveProperty('trendingScore');
  expect(MODEL_DETAIL_EXPANDS).toHaveLength(32);
  expect(expanded['childrenModelCount']).toEqual({
    adapter: expect.any(Number),
    merge: expect.any(Number),
    quantized: expect.any(Number),
    finetune: expect.any(Number),
  });
  expect((await get('google-bert/bert-base-uncased?expand=no-such')).status).toBe(400);
});

test('the mapping of providers is an object here and an array in the list', async () => {
  const id = 'sentence-transformers/all-MiniLM-L6-v2';
  const query = 'expand=inferenceProviderMapping';
  const detail = (await (await get(`${id}?${query}`)).json()) as Model;
  const list = await fetch(`${hub.url}/api/models?search=${id}&${query}`);
  const [listed] = (await list.json()) as Model[];

  expect(detail['inferenceProviderMapping']).toEqual({
    'hf-inference': {
      status: 'live',
      providerId: id,
      task: 'sentence-similarity',
      isModelAuthor: false,
    },
  });
  expect(listed?.['inferenceProviderMapping']).toEqual([
    expect.objectContaining({ provider: 'hf-inference', providerId: id }),
  ]);
});

test('recorded renames, one-word ids and wrong case are redirected with the query kept', async () => {
  const heirs = {
    ...RENAMES,
    gpt2: 'openai-community/gpt2',
    'Google-BERT/bert-base-UNCASED': 'google-bert/bert-base-uncased',
  };
  for (const [from, to] of Object.entries(heirs)) {
    const response = await get(`${from}/revision/main?expand=likes`);
    const location = `/api/models/${to}/revision/main?expand=likes`;

    expect([from, response.status]).toEqual([from, 307]);
    expect(response.headers.get('location')).toBe(location);
    expect(await response.text()).toBe(`Temporary Redirect. Redirecting to ${location}`);
    expect((await fetch(`${hub.url}${location}`)).status).toBe(200);
  }
});

test('a missing model is 401 for anyone, 404 with a token', async () => {
  const anonymous = await get('nobody/nothing');
  const known = await get('nobody/nothing', 'hf_good');

  expect(anonymous.status).toBe(401);
  expect(await anonymous.text()).toBe('{"error":"Invalid username or password."}');
  expect(anonymous.headers.get('x-error-message')).toBe('Invalid username or password.');
  expect(anonymous.headers.get('x-error-code')).toBeNull();
  expect(known.status).toBe(404);
  expect(known.headers.get('x-error-code')).toBe('RepoNotFound');
});

test('a token that is not accepted is 401 everywhere, and is not kept', async () => {
  const list = await fetch(`${hub.url}/api/models`, {
    headers: { authorization: 'Bearer hf_stolen' },
  });
  const good = await get('google-bert/bert-base-uncased', 'hf_good');

  expect(list.status).toBe(401);
  expect(list.headers.get('x-error-message')).toBe('Invalid credentials in Authorization header');
  expect(good.status).toBe(200);
  expect(hub.requests.at(-1)?.hasAuthorization).toBe(true);
  expect(JSON.stringify(hub.requests)).not.toMatch(/hf_stolen|hf_good/);
});
