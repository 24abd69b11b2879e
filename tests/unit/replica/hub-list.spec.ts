import fc from 'fast-check';
import { expect, test } from '../../helpers/fixtures.ts';
import { startHub } from '../../../demo/hub/index.ts';
import type { HubReplica } from '../../../demo/hub/index.ts';
import { MODELS } from '../../../demo/hub/listing.ts';
import { getAllModels, getModels, ids, readModels } from './hub-client.ts';
import type { Model } from './hub-client.ts';

const data = readModels();
let hub: HubReplica;
let list: string;

test.beforeAll(async () => {
  hub = await startHub();
  list = `${hub.url}/api/models`;
});
test.afterAll(() => hub.close());

type Key = string | number | null;
const asKey = (value: unknown): Key =>
  typeof value === 'string' || typeof value === 'number' ? value : null;
const total = (value: unknown): Key =>
  typeof value === 'object' && value !== null && 'total' in value ? asKey(value.total) : null;

function keyOf(model: Model, sort: string): Key {
  if (sort === 'num_parameters') return total(model['safetensors']) ?? total(model['gguf']);
  if (sort === 'mainSize') return asKey(model['usedStorage']);
  return asKey(model[sort]);
}

function plainSort(models: readonly Model[], sort: string, direction: number): Model[] {
  return [...models].sort((a, b) => {
    const [x, y] = [keyOf(a, sort), keyOf(b, sort)];
    if (x === y) return a._id < b._id ? -1 : 1;
    if (x === null || y === null) return x === null ? 1 : -1;
    return (x < y ? -1 : 1) * direction;
  });
}

test('pages of any size, in any order, of any filter visit each record once, in order', async () => {
  const asked = fc.record({
    sort: fc.constantFrom(...MODELS.sorts),
    direction: fc.constantFrom(1, -1),
    filter: fc.constantFrom<string[]>(
      [],
      ['pytorch'],
      ['transformers', 'license:apache-2.0'],
      ['no-such'],
    ),
    limits: fc.array(fc.integer({ min: 20, max: 700 }), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ sort, direction, filter, limits }) => {
      const query = new URLSearchParams({ sort, direction: String(direction) });
      query.set('limit', String(limits[0]));
      for (const tag of filter) query.append('filter', tag);
      let page = 0;
      const found = await getAllModels(`${list}?${query.toString()}`, (next) => {
        // A cursor is good for any limit: the size changes from page to page.
        page += 1;
        next.searchParams.set('limit', String(limits[page % limits.length]));
      });

      const wanted = data.filter(({ tags = [] }) => filter.every((tag) => tags.includes(tag)));
      expect(ids(found)).toEqual(ids(plainSort(wanted, sort, direction)));
    }),
    { numRuns: 20 },
  );
});

test('pages of one record pass equal keys and records without the key', async () => {
  for (const sort of ['createdAt', 'lastModified']) {
    const query = `sort=${sort}&direction=1&limit=1&expand=likes&filter=jax`;
    const wanted = data.filter(({ tags = [] }) => tags.includes('jax'));
    const found = await getAllModels(`${list}?${query}`);

    expect(wanted.length).toBeGreaterThan(5);
    expect(ids(found)).toEqual(ids(plainSort(wanted, sort, 1)));
  }
  const lacking = data.filter((model) => model['lastModified'] === undefined);
  const all = await getAllModels(`${list}?sort=lastModified&limit=200`);
  expect(lacking.length).toBeGreaterThan(1);
  expect(ids(all.slice(-lacking.length))).toEqual(ids(lacking));
});

test('the cursor is the filter that the Hub writes', async () => {
  const { models, next } = await getModels(`${list}?limit=3&sort=downloads`);
  const cursor = new URL(next ?? '').searchParams.get('cursor') ?? '';
  const last = models[2];

  expect(JSON.parse(Buffer.from(cursor, 'base64').toString())).toEqual({
    $or: [
      { downloads: last?.['downloads'], _id: { $gt: last?._id } },
      { downloads: { $lt: last?.['downloads'] } },
      { downloads: null },
    ],
  });
});

test('the recorded cursor of the Hub itself is understood', async () => {
  const recorded =
    'eyIkb3IiOlt7ImRvd25sb2FkcyI6ODczMDgxNTAsIl9pZCI6eyIkZ3QiOiI2MjFmZmRjMTM2NDY4ZDcwOWYxN2EyMGUifX0seyJkb3dubG9hZHMiOnsiJGx0Ijo4NzMwODE1MH19LHsiZG93bmxvYWRzIjpudWxsfV19';
  const { models } = await getModels(`${list}?sort=downloads&limit=1000&cursor=${recorded}`);

  const after = data.filter(
    ({ _id, downloads }) =>
      Number(downloads) < 87308150 || (downloads === 87308150 && _id > '621ffdc136468d709f17a20e'),
  );
  expect(ids(models)).toEqual(ids(plainSort(after, 'downloads', -1)));
});

test('Link echoes what was understood, with expand[] as expand, and is absent on the last page', async () => {
  const query =
    'limit=2&sort=createdAt&direction=1&expand[]=likes&expand=tags&bogus=1&filter=pytorch';
  const { next } = await getModels(`${list}?${query}`);

  const echo = 'limit=2&sort=createdAt&direction=1&expand=likes&expand=tags&filter=pytorch&cursor=';
  expect(next?.startsWith(`${list}?${echo}`)).toBe(true);
  expect((await getModels(`${list}?limit=${data.length}`)).next).toBeNull();
  expect((await getModels(`${list}?limit=${data.length - 1}`)).next).not.toBeNull();
});

test('a record without flags has the default fields; full, cardData and config add theirs', async () => {
  const path = `${list}?author=google-bert&search=BERT-base-uncased`;
  const fieldsOf = async (query: string): Promise<string[]> => {
    const { models } = await getModels(path + query);
    expect(models).toHaveLength(1);
    return Object.keys(models[0] ?? {});
  };
  const defaults =
    '_id id likes trendingScore private downloads tags pipeline_tag library_name createdAt modelId';

  expect(await fieldsOf('')).toEqual(defaults.split(' '));
  const full = `${defaults} author sha lastModified gated disabled siblings`.split(' ');
  expect((await fieldsOf('&full=true')).sort()).toEqual(full.sort());
  expect(await fieldsOf('&cardData=true&config=true')).toEqual(
    `${defaults} cardData config`.split(' '),
  );
});

test('expand gives _id, id and the asked fields as the data has them', async () => {
  const all = MODELS.expands.map((field) => `expand[]=${field}`).join('&');
  const { models } = await getModels(`${list}?sort=createdAt&direction=1&${all}`);
  const hidden = new Set([...MODELS.silent, 'usedStorage', 'childrenModelCount', 'gitalyUid']);

  expect(models).toHaveLength(data.length);
  models.forEach((model, index) => {
    const source = Object.entries(data[index] ?? {}).filter(([name]) => !hidden.has(name));
    const { inferenceProviderMapping: shown, ...fields } = model;
    const { inferenceProviderMapping: given, ...wanted } = Object.fromEntries(source);
    expect(fields).toEqual(wanted);
    expect(Array.isArray(shown)).toBe(given !== undefined);
  });
  const one = await getModels(`${list}?limit=1&expand[]=likes&expand=spaces`);
  expect(Object.keys(one.models[0] ?? {})).toEqual(['_id', 'id', 'likes']);
});

test('an unknown expand is refused with every valid name', async () => {
  for (const bad of [
    'no-such',
    'childrenModelCount',
    'usedStorage',
    '_id',
    'likes,tags',
    'modèle',
  ]) {
    const response = await fetch(`${list}?expand[]=${encodeURIComponent(bad)}`);
    const { error } = (await response.json()) as { error: string };

    expect(response.status).toBe(400);
    const named = error.split(': ')[1]?.replace('.', '').split(', ') ?? [];
    expect(named.sort()).toEqual([...MODELS.expands].sort());
    expect(named).toHaveLength(30);
  }
});

test('author, search and pipeline_tag choose records', async () => {
  const author = await getModels(`${list}?author=facebook`);
  const search = await getModels(`${list}?search=WAV2vec&full=true`);
  const task = await getModels(`${list}?pipeline_tag=fill-mask`);

  const wanted = (keep: (model: Model) => boolean): string[] => ids(data.filter(keep)).sort();
  expect(ids(author.models).sort()).toEqual(wanted(({ id }) => id.startsWith('facebook/')));
  expect(ids(search.models).sort()).toEqual(wanted(({ id }) => /wav2vec/i.test(id)));
  expect(ids(task.models).sort()).toEqual(wanted((it) => it['pipeline_tag'] === 'fill-mask'));
  for (const { models } of [author, search, task]) expect(models.length).toBeGreaterThan(0);
});

test('no page is larger than pageLimit', async ({ hub: open }) => {
  const small = await open({ pageLimit: 50 });
  const sizes = await Promise.all(
    ['', '?limit=1000', '?limit=10'].map(
      async (query) => (await getModels(`${small.url}/api/models${query}`)).models.length,
    ),
  );

  expect(sizes).toEqual([50, 50, 10]);
});

test('gzip is sent only when accepted, and is the same body', async () => {
  const url = `${list}?limit=100&expand=siblings`;
  const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  const packed = await fetch(url, { headers: { 'accept-encoding': 'gzip, br' } });

  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(Number(packed.headers.get('content-length'))).toBeLessThan(
    Number(plain.headers.get('content-length')) / 2,
  );
  expect(await packed.text()).toBe(await plain.text());
  expect(plain.headers.get('etag')).toMatch(/^W\/"[0-9a-f]+-[A-Za-z0-9+/]{27}"$/);
  expect(plain.headers.get('x-request-id')).not.toBe(packed.headers.get('x-request-id'));
});
