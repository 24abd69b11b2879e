import { expect, test } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runInProcess, tableRows, temporaryFolder } from '../../helpers/pipeline.ts';
import { LIST_EXPANDS } from '../../../src/api/models.ts';
import { startHub, type HubOptions, type HubReplica } from '../../../demo/hub/index.ts';

interface Crawl {
  options?: HubOptions;
  settings?: Record<string, unknown>;
}

async function crawl({ options = {}, settings = {} }: Crawl) {
  const { folder, remove } = await temporaryFolder();
  const hub = await startHub(options);
  try {
    const { report, log } = await runInProcess({
      storage: folder,
      endpoint: hub.url,
      sources: 'models,tags',
      to: 'jsonl',
      compress: 'none',
      ...settings,
    });
    const rows =
      report.folder === null ? new Map<string, unknown[]>() : await tableRows(report.folder);
    return { report, log: log.join(''), rows, requests: [...hub.requests], ids: idsOf(rows) };
  } finally {
    await hub.close();
    await remove();
  }
}

const idsOf = (rows: Map<string, unknown[]>): string[] =>
  (rows.get('raw_model') ?? []).map((row) => (row as { id: string }).id);

const listPages = ({ requests }: { requests: HubReplica['requests'] }): URLSearchParams[] =>
  requests
    .filter(({ path }) => path.includes('sort=createdAt'))
    .map(({ path }) => new URL(path, 'http://hub').searchParams);

test('lists every model with all fields, oldest first, and asks for each page once', async () => {
  const run = await crawl({ settings: { pageSize: 100 } });

  const pages = listPages(run);
  expect(pages).toHaveLength(6);
  expect(new Set(pages.map((it) => it.get('cursor'))).size).toBe(6);
  expect(pages[0]?.getAll('expand[]').sort()).toEqual([...LIST_EXPANDS].sort());
  expect(pages.every((it) => it.get('direction') === '1')).toBe(true);
  expect(new Set(run.ids).size).toBe(557);
  // Probe, six pages, one page of the catch-up pass; the tag vocabulary is another source.
  expect(run.report.sources['models']).toMatchObject({
    listed: 557,
    requests: 8,
    resumedFrom: null,
  });
});

test('--light leaves out the heavy fields, --limit, --filter and --author choose', async () => {
  const light = await crawl({ settings: { light: true } });
  const limited = await crawl({ settings: { limit: 120, pageSize: 50 } });
  const byTag = await crawl({ settings: { filter: 'license:mit' } });
  const byAuthor = await crawl({ settings: { author: 'google' } });

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

test('links that name the canonical host are followed on the endpoint', async () => {
  const run = await crawl({ options: { canonicalLinks: true }, settings: { pageSize: 200 } });

  expect(run.ids).toHaveLength(557);
});

test('a Hub that cannot answer large pages gets smaller ones, and larger ones again', async () => {
  const run = await crawl({ options: { overloadAbove: 60 }, settings: { pageSize: 200 } });

  const limits = listPages(run).map((it) => Number(it.get('limit')));
  expect(run.ids).toHaveLength(557);
  expect(limits.slice(0, 5)).toEqual([200, 200, 100, 50, 100]);
});

test('a record that comes only without its heavy fields is there, and stated as missed in part', async () => {
  const whole = await crawl({});
  const heavy = whole.ids[100] ?? '';

  const run = await crawl({ options: { overloadIds: [heavy] }, settings: { pageSize: 50 } });

  expect(run.ids).toEqual(whole.ids);
  expect(run.rows.get('missed')).toEqual([
    expect.objectContaining({ id: heavy, reason: 'server_error' }),
  ]);
  expect(run.report.sources['models']).toMatchObject({ listed: 557, exported: 557, missed: 1 });
});

test('the quota is never overdrawn: no 429 while the header is obeyed', async () => {
  const run = await crawl({
    options: { quota: { limit: 5, windowMs: 1000 } },
    settings: { pageSize: 100 },
  });

  expect(run.ids).toHaveLength(557);
  expect(run.requests.filter(({ status }) => status === 429)).toEqual([]);
});

test('what changed while the crawl ran comes in by the catch-up pass, once', async () => {
  const { folder, remove } = await temporaryFolder();
  const data = path.join(folder, 'models.jsonl');
  const shipped = gunzipSync(
    await readFile(new URL('../../../demo/data/models.jsonl.gz', import.meta.url)),
  );
  const records = shipped
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const soon = new Date(Date.now() + 600_000).toISOString();
  for (const n of [7, 300]) Object.assign(records[n] ?? {}, { lastModified: soon });
  await writeFile(data, records.map((record) => `${JSON.stringify(record)}\n`).join(''));

  const run = await crawl({ options: { data }, settings: { pageSize: 100 } });

  const models = run.report.sources['models'];
  expect(models).toMatchObject({ listed: 559, exported: 557, duplicates: 2, rejected: 0 });
  expect(new Set(run.ids).size).toBe(557);
  expect(run.ids.slice(0, 2).sort()).toEqual([records[7]?.['id'], records[300]?.['id']].sort());
  await remove();
});
