import path from 'node:path';
import type { HubOptions, HubReplica } from '../../../demo/hub/index.ts';
import { LIST_FIELDS } from '../../../src/api/repos.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { shippedModels, writeJsonl } from '../../helpers/jsonl.ts';
import { runInProcess, tableRows, type Settings } from '../../helpers/pipeline.ts';

interface Crawl {
  report: RunReport;
  rows: Map<string, unknown[]>;
  requests: HubReplica['requests'];
  ids: string[];
}

type Records = Record<string, unknown>[];

const test = base.extend<{
  crawl: (options: HubOptions, settings?: Settings) => Promise<Crawl>;
  /** A file of few models, some of them changed. */
  changed: (change: (records: Records) => void) => Promise<string>;
}>({
  changed: async ({ folder }, use) => {
    await use(async (change) => {
      const records: Records = await shippedModels(5);
      change(records);
      return writeJsonl(path.join(folder, 'models.jsonl'), records);
    });
  },
  crawl: async ({ folder, few, hub }, use) => {
    await use(async (options, settings = {}) => {
      const { url, requests } = await hub({ data: few, ...options });
      const { report } = await runInProcess({
        storage: path.join(folder, new URL(url).port),
        endpoint: url,
        sources: 'models,tags',
        to: 'jsonl',
        compress: 'none',
        tables: 'raw_model,missed',
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

test('lists every model with all fields, oldest first, and asks for each page once', async ({
  crawl,
}) => {
  const run = await crawl({}, { pageSize: 20 });

  const pages = listPages(run);
  expect(pages).toHaveLength(6);
  expect(new Set(pages.map((it) => it.get('cursor'))).size).toBe(6);
  expect(pages[0]?.getAll('expand[]').sort()).toEqual([...LIST_FIELDS.models.all].sort());
  expect(pages.every((it) => it.get('direction') === '1')).toBe(true);
  expect(new Set(run.ids).size).toBe(112);
  // Probe, six pages, the count of the search, the newest model, one page of the catch-up pass; the tag vocabulary is another source.
  expect(run.report.sources['models']).toMatchObject({
    listed: 112,
    requests: 10,
    resumedFrom: null,
  });
});

test('--limit, --filter and --author choose', async ({ crawl }) => {
  const limited = await crawl({}, { limit: 45, pageSize: 20 });
  const byTag = await crawl({}, { filter: 'license:mit' });
  const byAuthor = await crawl({}, { author: 'google' });

  expect(limited.ids).toHaveLength(45);
  expect(listPages(limited).map((it) => it.get('limit'))).toEqual(['20', '20', '5']);
  expect(byTag.ids.length).toBeGreaterThan(0);
  for (const row of byTag.rows.get('raw_model') ?? []) {
    expect(JSON.stringify((row as { tags: unknown }).tags)).toContain('license:mit');
  }
  expect(byAuthor.ids.length).toBeGreaterThan(0);
  expect(byAuthor.ids.every((id) => id.startsWith('google/'))).toBe(true);
});

test('links that name the canonical host are followed on the endpoint', async ({ crawl }) => {
  const run = await crawl({ canonicalLinks: true }, { pageSize: 50 });

  expect(run.ids).toHaveLength(112);
});

test('a Hub that cannot answer large pages gets smaller ones, and larger ones again', async ({
  crawl,
}) => {
  const run = await crawl({ overloadAbove: 12 }, { pageSize: 40 });

  const limits = listPages(run).map((it) => Number(it.get('limit')));
  expect(run.ids).toHaveLength(112);
  expect(limits.slice(0, 5)).toEqual([40, 40, 20, 10, 20]);
});

test('a record that comes only without its heavy fields is there, one that never comes is stated by name', async ({
  crawl,
}) => {
  const whole = await crawl({});
  const heavy = whole.ids[50] ?? '';

  const run = await crawl({ overloadIds: [heavy] }, { pageSize: 20 });

  expect(run.ids).toEqual(whole.ids);
  expect(run.rows.get('missed')).toEqual([
    expect.objectContaining({ id: heavy, reason: 'server_error' }),
  ]);
  expect(run.report.sources['models']).toMatchObject({ listed: 112, exported: 112, missed: 1 });

  const [broken = '', newest = ''] = [whole.ids[50], whole.ids.at(-1)];

  const without = await crawl({ brokenIds: [broken, newest] }, { pageSize: 20 });

  expect(without.report.error).toBeUndefined();
  expect(without.ids).toEqual(whole.ids.filter((id) => id !== broken && id !== newest));
  const reason = 'server_error';
  expect(without.rows.get('missed')).toEqual(
    [broken, newest].map((id) => expect.objectContaining({ id, reason, source: 'models' })),
  );
  expect(without.report.sources['models']).toMatchObject({ listed: 110, exported: 110, missed: 2 });
});

test('a list that is cut is walked on, though a newer model is made while the crawl runs', async ({
  changed,
  crawl,
}) => {
  const soon = new Date(Date.now() + 600_000).toISOString();
  const data = await changed((records) => {
    const made = { _id: 'f'.repeat(24), id: 'made/now', createdAt: soon, lastModified: soon };
    records.push({ ...records[0], ...made });
  });
  const path = 'sort=createdAt&direction=1';

  const run = await crawl({ data, faults: [{ kind: 'no-link', at: 3, path }] }, { pageSize: 20 });

  expect(run.report.error).toBeUndefined();
  expect(new Set(run.ids).size).toBe(113);
  expect(run.report.sources['models']).toMatchObject({ last: { id: 'made/now' } });
});

test('a record that never comes does not end the list of what changed', async ({
  changed,
  crawl,
}) => {
  const [soon, later] = [600_000, 900_000].map((ms) => new Date(Date.now() + ms).toISOString());
  let broken = '';
  const data = await changed((records) => {
    Object.assign(records[7] ?? {}, { lastModified: later });
    Object.assign(records[60] ?? {}, { lastModified: soon });
    broken = String(records[7]?.['id']);
  });

  const run = await crawl({ data, brokenIds: [broken] }, { pageSize: 20 });

  // The other one is listed twice, as it changed.
  expect(run.report.sources['models']).toMatchObject({ exported: 111, duplicates: 1 });
});

test('the quota is never overdrawn: no 429 while the header is obeyed', async ({ crawl }) => {
  const run = await crawl({ quota: { limit: 5, windowMs: 1000 } }, { pageSize: 20 });

  expect(run.ids).toHaveLength(112);
  expect(run.requests.filter(({ status }) => status === 429)).toEqual([]);
});

test('what changed while the crawl ran comes in by the catch-up pass, once', async ({
  changed,
  crawl,
}) => {
  const soon = new Date(Date.now() + 600_000).toISOString();
  let ids: unknown[] = [];
  const data = await changed((records) => {
    const moved = [records[7] ?? {}, records[60] ?? {}];
    ids = moved.map((it) => Object.assign(it, { lastModified: soon })['id']);
  });

  const run = await crawl({ data }, { pageSize: 20 });

  const models = run.report.sources['models'];
  expect(models).toMatchObject({ listed: 114, exported: 112, duplicates: 2, rejected: 0 });
  expect(new Set(run.ids).size).toBe(112);
  expect(run.ids.slice(0, 2).sort()).toEqual(ids.sort());
});
