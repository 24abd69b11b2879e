import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { HubOptions, HubReplica } from '../../../demo/hub/index.ts';
import { LIST_EXPANDS } from '../../../src/api/models.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { runInProcess, tableRows, type Settings } from '../../helpers/pipeline.ts';

interface Crawl {
  report: RunReport;
  rows: Map<string, unknown[]>;
  requests: HubReplica['requests'];
  ids: string[];
}

const test = base.extend<{ crawl: (options: HubOptions, settings?: Settings) => Promise<Crawl> }>({
  crawl: async ({ folder, hub }, use) => {
    await use(async (options, settings = {}) => {
      const { url, requests } = await hub(options);
      const { report } = await runInProcess({
        storage: path.join(folder, new URL(url).port),
        endpoint: url,
        sources: 'models,tags',
        to: 'jsonl',
        compress: 'none',
        ...settings,
      });
      const rows =
        report.folder === null ? new Map<string, unknown[]>() : await tableRows(report.folder);
      return { report, rows, requests: [...requests], ids: idsOf(rows) };
    });
  },
});

const idsOf = (rows: Map<string, unknown[]>): string[] =>
  (rows.get('raw_model') ?? []).map((row) => (row as { id: string }).id);

const listPages = ({ requests }: { requests: HubReplica['requests'] }): URLSearchParams[] =>
  requests
    .filter(({ path }) => path.includes('sort=createdAt&direction=1'))
    .map(({ path }) => new URL(path, 'http://hub').searchParams);

async function shippedModels(): Promise<Record<string, unknown>[]> {
  const file = new URL('../../../demo/data/models.jsonl.gz', import.meta.url);
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('lists every model with all fields, oldest first, and asks for each page once', async ({
  crawl,
}) => {
  const run = await crawl({}, { pageSize: 100 });

  const pages = listPages(run);
  expect(pages).toHaveLength(6);
  expect(new Set(pages.map((it) => it.get('cursor'))).size).toBe(6);
  expect(pages[0]?.getAll('expand[]').sort()).toEqual([...LIST_EXPANDS].sort());
  expect(pages.every((it) => it.get('direction') === '1')).toBe(true);
  expect(new Set(run.ids).size).toBe(557);
  // Probe, six pages, the newest model, one page of the catch-up pass; the tag vocabulary is another source.
  expect(run.report.sources['models']).toMatchObject({
    listed: 557,
    requests: 9,
    resumedFrom: null,
  });
});

test('--light leaves out the heavy fields, --limit, --filter and --author choose', async ({
  crawl,
}) => {
  const light = await crawl({}, { light: true });
  const limited = await crawl({}, { limit: 120, pageSize: 50 });
  const byTag = await crawl({}, { filter: 'license:mit' });
  const byAuthor = await crawl({}, { author: 'google' });

  expect(listPages(light)[0]?.getAll('expand[]')).not.toContain('siblings');
  expect(limited.ids).toHaveLength(120);
  expect(listPages(limited).map((it) => it.get('limit'))).toEqual(['50', '50', '20']);
  expect(byTag.ids.length).toBeGreaterThan(0);
  for (const row of byTag.rows.get('raw_model') ?? []) {
    expect(JSON.stringify((row as { tags: unknown }).tags)).toContain('license:mit');
  }
  expect(byAuthor.ids.length).toBeGreaterThan(0);
  expect(byAuthor.ids.every((id) => id.startsWith('google/'))).toBe(true);
});

test('links that name the canonical host are followed on the endpoint', async ({ crawl }) => {
  const run = await crawl({ canonicalLinks: true }, { pageSize: 200 });

  expect(run.ids).toHaveLength(557);
});

test('a Hub that cannot answer large pages gets smaller ones, and larger ones again', async ({
  crawl,
}) => {
  const run = await crawl({ overloadAbove: 60 }, { pageSize: 200 });

  const limits = listPages(run).map((it) => Number(it.get('limit')));
  expect(run.ids).toHaveLength(557);
  expect(limits.slice(0, 5)).toEqual([200, 200, 100, 50, 100]);
});

test('a record that comes only without its heavy fields is there, and stated as missed in part', async ({
  crawl,
}) => {
  const whole = await crawl({});
  const heavy = whole.ids[100] ?? '';

  const run = await crawl({ overloadIds: [heavy] }, { pageSize: 50 });

  expect(run.ids).toEqual(whole.ids);
  expect(run.rows.get('missed')).toEqual([
    expect.objectContaining({ id: heavy, reason: 'server_error' }),
  ]);
  expect(run.report.sources['models']).toMatchObject({ listed: 557, exported: 557, missed: 1 });
});

test('a record that the Hub can never give is stated by name, and those after it are there', async ({
  crawl,
}) => {
  const whole = await crawl({});
  const [broken = '', newest = ''] = [whole.ids[100], whole.ids.at(-1)];

  const run = await crawl({ brokenIds: [broken, newest] }, { pageSize: 50 });

  expect(run.report.error).toBeUndefined();
  expect(run.ids).toEqual(whole.ids.filter((id) => id !== broken && id !== newest));
  const reason = 'server_error';
  expect(run.rows.get('missed')).toEqual(
    [broken, newest].map((id) => expect.objectContaining({ id, reason, source: 'models' })),
  );
  expect(run.report.sources['models']).toMatchObject({ listed: 555, exported: 555, missed: 2 });
});

test('a model that is made while the crawl runs is in its tables', async ({ folder, crawl }) => {
  const data = path.join(folder, 'models.jsonl');
  const records = await shippedModels();
  const now = new Date(Date.now() + 600_000).toISOString();
  const young = { ...records[0], _id: 'f'.repeat(24), id: 'made/now' };
  // In the catch-up only: the list of models was read before.
  const made = { ...young, createdAt: now, lastModified: now };
  await writeFile(data, [...records, made].map((it) => `${JSON.stringify(it)}\n`).join(''));

  const cut = { kind: 'no-link', at: 6, path: 'sort=createdAt&direction=1' } as const;
  const run = await crawl({ data, faults: [cut] }, { pageSize: 100, retryBase: 0.001 });

  expect(run.report.error).toBeUndefined();
  expect(run.ids).toContain('made/now');
  expect(run.report.sources['models']).toMatchObject({ newest: { id: 'made/now' } });
});

test('the quota is never overdrawn: no 429 while the header is obeyed', async ({ crawl }) => {
  const run = await crawl({ quota: { limit: 5, windowMs: 1000 } }, { pageSize: 100 });

  expect(run.ids).toHaveLength(557);
  expect(run.requests.filter(({ status }) => status === 429)).toEqual([]);
});

test('what changed while the crawl ran comes in by the catch-up pass, once', async ({
  folder,
  crawl,
}) => {
  const data = path.join(folder, 'models.jsonl');
  const records = await shippedModels();
  const soon = new Date(Date.now() + 600_000).toISOString();
  for (const n of [7, 300]) Object.assign(records[n] ?? {}, { lastModified: soon });
  await writeFile(data, records.map((record) => `${JSON.stringify(record)}\n`).join(''));

  const run = await crawl({ data }, { pageSize: 100 });

  const models = run.report.sources['models'];
  expect(models).toMatchObject({ listed: 559, exported: 557, duplicates: 2, rejected: 0 });
  expect(new Set(run.ids).size).toBe(557);
  expect(run.ids.slice(0, 2).sort()).toEqual([records[7]?.['id'], records[300]?.['id']].sort());
});
