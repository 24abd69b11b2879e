import {
  LOUD_FAULTS,
  QUIET_FAULTS,
  startHub,
  type Fault,
  type FaultKind,
  type HubReplica,
} from '../../../demo/hub/index.ts';
import { expect, temporaryFolder, test as base } from '../../helpers/fixtures.ts';
import { runInProcess, tableRows, type Settings } from '../../helpers/pipeline.ts';

/** 112 models on 12 pages of 10, some requests at fault. */
async function crawlAt(endpoint: string, storage: string, more: Settings = {}) {
  const { report } = await runInProcess({
    ...{ storage, endpoint, sources: 'models,tags', pageSize: 10, to: 'jsonl', compress: 'none' },
    ...{ timeout: 60, ...more },
  });
  const rows =
    report.folder === null ? new Map<string, unknown[]>() : await tableRows(report.folder);
  return { report, rows };
}

type Crawl = Awaited<ReturnType<typeof crawlAt>> & { requests: HubReplica['requests'] };

const test = base.extend<
  { crawlWith: (faults: Fault[], more?: Settings) => Promise<Crawl> },
  { clean: Crawl['rows'] }
>({
  crawlWith: async ({ folder, fewHub }, use) => {
    await use(async (faults, more) => {
      fewHub.setFaults(faults);
      const { url, requests } = fewHub;
      return { ...(await crawlAt(url, folder, more)), requests };
    });
  },
  clean: [
    async ({ few }, use) => {
      const hub = await startHub({ data: few });
      const { folder, remove } = await temporaryFolder();
      const { rows } = await crawlAt(hub.url, folder);
      await hub.close();
      await remove();
      await use(rows);
    },
    { scope: 'worker' },
  ],
});

const models = (report: { sources: Record<string, unknown> }) =>
  report.sources['models'] as Record<string, number>;

const LOUD = LOUD_FAULTS.filter((kind) => kind !== 'hang');

// What hangs has a crawl of its own, as only there an answer has a second of time.
for (const kinds of [LOUD.slice(0, 4), LOUD.slice(4, 8), LOUD.slice(8), ['hang'] as const]) {
  test(`pages that meet ${kinds.join(', ')}, once or three times, give the same tables`, async ({
    crawlWith,
    clean,
  }) => {
    const faults = kinds.flatMap((kind, at): Fault[] => [
      { kind, at: 1 + 6 * at, resetSeconds: 0 },
      { kind, at: 3 + 6 * at, times: 3, resetSeconds: 0 },
    ]);

    // A page that hangs is waited for so long; no other page of a busy machine takes longer than that.
    const timeout = kinds[0] === 'hang' ? 1 : 60;
    const { report, rows, requests } = await crawlWith(faults, { timeout });

    expect(report.error).toBeUndefined();
    expect(rows).toEqual(clean);
    expect(models(report)).toMatchObject({ listed: 112, exported: 112, rejected: 0 });
    for (const kind of kinds) {
      expect(
        requests.filter(({ fault }) => fault === kind),
        kind,
      ).toHaveLength(4);
    }
  });
}

const OF_THE_END: readonly FaultKind[] = ['no-link', 'empty-page'];

test('a list that seems to end is walked on: the newest model is in it', async ({
  crawlWith,
  clean,
}) => {
  const { report, rows } = await crawlWith(OF_THE_END.map((kind, n) => ({ kind, at: 3 + 4 * n })));

  expect(report.error).toBeUndefined();
  expect(rows).toEqual(clean);
  const { listed = 0, exported = 0, duplicates = 0 } = models(report);
  expect([exported, listed - duplicates]).toEqual([112, 112]);
});

test('a list that ends too soon each time fails, and the next run goes on', async ({
  folder,
  fewHub: hub,
}) => {
  hub.setFaults([{ kind: 'no-link', path: 'sort=createdAt&direction=1', at: 3, times: 99 }]);
  const cut = await crawlAt(hub.url, folder);
  hub.setFaults([]);
  const whole = await crawlAt(hub.url, folder);

  expect(cut.report).toMatchObject({ exitCode: 3, error: { code: 'HUB_INCOMPLETE' } });
  expect(cut.report.folder).toBeNull();
  expect(whole.report.exitCode).toBe(0);
  expect(models(whole.report)).toMatchObject({ exported: 112, rejected: 0 });
});

test('a list that ends too soon is not whole because the Hub names no last record either', async ({
  crawlWith,
}) => {
  const { report } = await crawlWith([{ kind: 'empty-page', at: 3, times: 99 }]);

  expect(report).toMatchObject({ exitCode: 3, error: { code: 'HUB_INCOMPLETE' }, folder: null });
});

test('records that a page in the middle leaves out are missed by the count of the search', async ({
  crawlWith,
}) => {
  const { report } = await crawlWith([{ kind: 'lost-records', at: 3 }]);

  const warnings = 'the search of the Hub counts 112 models, the run knows of 107';
  expect(report).toMatchObject({ exitCode: 0, sources: { models: { listed: 107, warnings } } });
  const why_not = '5 more are counted by the search of the Hub';
  expect(report.completeness?.find(({ source }) => source === 'models')).toMatchObject({ why_not });
});

test('records that were listed twice do not make up for those that were left out', async ({
  folder,
  fewHub: hub,
}) => {
  const path = 'sort=createdAt&direction=1';
  hub.setFaults([{ kind: 'lost-records', path, at: 1, times: 99 }]);
  const cut = await crawlAt(hub.url, folder);
  hub.setFaults([]);
  const { report } = await crawlAt(hub.url, folder);

  expect(cut.report.error?.code).toBe('HUB_INCOMPLETE');
  expect(models(report)['listed']).toBeGreaterThan(models(report)['exported'] ?? 0);
  expect(models(report)['warnings']).toContain('counts 112 models');
});

test('a search that does not answer, or not with a number, says nothing of the list', async ({
  crawlWith,
}) => {
  for (const kind of ['500', 'truncated-chunked'] as const) {
    const { report, requests } = await crawlWith([{ kind, at: 1, times: 99, path: 'quicksearch' }]);

    expect(report.exitCode).toBe(0);
    expect(models(report)).not.toHaveProperty('warnings');
    expect(requests.filter(({ fault }) => fault === kind)).toHaveLength(1);
  }
});

test('short pages, a record twice and links that must not be followed give the same tables', async ({
  crawlWith,
  clean,
}) => {
  const kinds = QUIET_FAULTS.filter((it) => it !== 'bad-record' && !OF_THE_END.includes(it));
  const faults = kinds.map((kind, at) => ({ kind, at: 2 + 3 * at }));

  const { report, rows, requests } = await crawlWith(faults);

  expect(report.error).toBeUndefined();
  expect(rows).toEqual(clean);
  const { listed = 0, exported = 0, duplicates = 0, rejected = 0 } = models(report);
  expect(listed).toBe(exported + duplicates + rejected);
  expect(duplicates).toBe(1);
  expect(requests.flatMap(({ fault }) => fault ?? []).sort()).toEqual([...kinds].sort());
});

test('an element that is no record is rejected, counted and costs no other', async ({
  crawlWith,
  clean,
}) => {
  const records = ['null', 'string', 'no-id'] as const;
  const faults = records.map((record, at): Fault => ({ kind: 'bad-record', at: 3 + at, record }));

  const { report, rows } = await crawlWith(faults);

  expect(models(report)).toMatchObject({ listed: 115, exported: 112, rejected: 3 });
  expect(rows.get('raw_model')).toEqual(clean.get('raw_model'));
  expect(rows.get('rejects')).toHaveLength(3);
});

test('a link to another host is never followed, and ends the crawl when it stays', async ({
  crawlWith,
}) => {
  const { report, requests } = await crawlWith([{ kind: 'foreign-link', at: 3, times: 99 }]);

  expect(report.error?.code).toBe('HTTP_FOREIGN_HOST');
  expect(report.exitCode).toBe(3);
  expect(models(report)['pages']).toBe(2);
  expect(requests.length).toBeLessThan(10);
});

test('a cursor that comes again and again ends the crawl instead of looping', async ({
  crawlWith,
}) => {
  const { report } = await crawlWith([{ kind: 'repeated-cursor', at: 3, times: 99 }]);

  expect(report.error?.code).toBe('HUB_PAGING');
  expect(report.exitCode).toBe(3);
});

test('a Hub that stays overloaded fails with its code, after smaller and smaller pages', async ({
  crawlWith,
}) => {
  const { report, requests } = await crawlWith([{ kind: '503', at: 3, times: 999 }]);

  expect(report.error?.code).toBe('HTTP_BUSY');
  const limits = requests
    .filter(({ path }) => path.includes('sort=createdAt&direction=1'))
    .map(({ path }) => Number(new URL(path, 'http://hub').searchParams.get('limit')));
  expect(limits.slice(0, 7)).toEqual([10, 10, 10, 10, 5, 2, 1]);
  expect(report.error?.message).toMatch(/, after [\w.-]+\/[\w.-]+$/);
});

test('a quota that stays spent means later, not failed: exit code 75', async ({ crawlWith }) => {
  const { report, requests } = await crawlWith([
    { kind: '429-r0', at: 3, times: 99, resetSeconds: 0 },
  ]);

  expect(report.error?.code).toBe('HTTP_QUOTA');
  expect(report.exitCode).toBe(75);
  expect(requests.filter(({ status }) => status === 429).length).toBeLessThan(10);
});

test('a Hub that never answers a page is a time-out, after smaller and smaller pages', async ({
  crawlWith,
}) => {
  const { report } = await crawlWith([{ kind: 'hang', at: 3, times: 99 }], {
    ...{ timeout: 1, pageSize: 2 },
  });

  expect(report.error?.code).toBe('HTTP_TIMEOUT');
  expect(report.exitCode).toBe(3);
  expect(models(report)['pages']).toBe(2);
});
