import { expect, test } from '@playwright/test';
import { startHub } from '../../../demo/hub/index.ts';
import type { HubReplica } from '../../../demo/hub/index.ts';
import type { VocabularyTag } from '../../../demo/hub/vocabulary.ts';
import { readModels } from './hub-client.ts';

let hub: HubReplica;
test.beforeAll(async () => {
  hub = await startHub({ tokens: ['hf_good'] });
});
test.afterAll(() => hub.close());

const get = (path: string, token?: string): Promise<Response> =>
  fetch(`${hub.url}/api/${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

interface Row {
  rank: number;
  modelId: string;
  value: number;
  num_parameters?: number;
}
const rowsOf = async (path: string): Promise<Row[]> =>
  (await (await get(`datasets/${path}`)).json()) as Row[];

test('official benchmarks are listed; other data sets are not among them', async () => {
  const official = await get('datasets?filter=benchmark:official');
  const records = (await official.json()) as { id: string; createdAt: string }[];

  expect(records.map(({ id }) => id).sort()).toEqual([
    'Idavidrein/gpqa',
    'TIGER-Lab/MMLU-Pro',
    'cais/hle',
    'mteb/arguana',
    'openai/gsm8k',
  ]);
  for (const { createdAt } of records) {
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  }
  expect(await (await get('datasets')).json()).toHaveLength(14);
});

test('a leaderboard hides models with a base model unless told otherwise', async () => {
  const all = await rowsOf('Idavidrein/gpqa/leaderboard?base_model=false');
  const shown = await rowsOf('Idavidrein/gpqa/leaderboard');

  expect(all.map(({ rank }) => rank)).toEqual(all.map((_, index) => index + 1));
  expect(shown.length).toBeLessThan(all.length);
  expect(shown.length).toBeGreaterThan(0);
  expect(all).toEqual(expect.arrayContaining(shown));
  for (const row of all) expect(row).toMatchObject({ filename: expect.any(String) });
});

test('task_id chooses the board, the first by default; max_params bounds it', async () => {
  const path = 'Idavidrein/gpqa/leaderboard?base_model=false';
  const first = await rowsOf(path);
  const main = await rowsOf(`${path}&task_id=gpqa_main`);
  const small = await rowsOf(`${path}&max_params=8B`);

  expect(await rowsOf(`${path}&task_id=gpqa_diamond`)).toEqual(first);
  expect(main).not.toEqual(first);
  expect(small.length).toBeLessThan(first.length);
  for (const row of small) expect(row.num_parameters).toBeLessThanOrEqual(8e9);
});

test('a gated board needs a token, one without rows is 404, a missing one is 401', async () => {
  expect((await get('datasets/cais/hle/leaderboard')).status).toBe(401);
  expect((await get('datasets/cais/hle/leaderboard', 'hf_good')).status).toBe(200);
  expect((await get('datasets/openai/gsm8k/leaderboard')).status).toBe(404);
  expect((await get('datasets/Idavidrein/gpqa/leaderboard?task_id=none')).status).toBe(404);
  expect((await get('datasets/no/such/leaderboard')).status).toBe(401);
});

test('the vocabulary holds each tag of the models once, in the shape of the Hub', async () => {
  const whole = (await (await get('models-tags-by-type')).json()) as Record<
    string,
    VocabularyTag[]
  >;
  const licences = await get('models-tags-by-type?type=license');
  const tags = new Set(readModels().flatMap(({ tags = [] }) => tags));

  expect(whole['language']).toContainEqual({ id: 'en', label: 'English', type: 'language' });
  expect(whole['library']?.map(({ id }) => id)).toContain('pytorch');
  expect(whole['region']).toContainEqual({ id: 'region:us', label: 'us', type: 'region' });
  expect(whole['pipeline_tag']).toContainEqual({
    id: 'fill-mask',
    label: 'Fill Mask',
    type: 'pipeline_tag',
    subType: 'nlp',
  });
  expect(await licences.json()).toEqual({ license: whole['license'] });
  const ids = Object.values(whole).flatMap((list) => list.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  const missing = [...tags].filter((tag) => !ids.includes(tag) && !tag.startsWith('base_model:'));
  expect(missing).toEqual([]);
  expect((await get('models-tags-by-type?type=none')).status).toBe(400);
});
