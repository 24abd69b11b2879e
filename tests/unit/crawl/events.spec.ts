import path from 'node:path';
import type { HubOptions } from '../../../demo/hub/index.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { writeJsonl, type Model } from '../../helpers/jsonl.ts';
import { rowsIn, type PipelineRun, type Settings } from '../../helpers/pipeline.ts';

const OF_MODELS = { sources: 'models', compress: 'none', to: 'jsonl' };

interface Fixtures {
  /** A file of a day's models for a Hub. */
  dayOf: (models: readonly object[]) => Promise<string>;
  /** Crawls one Hub after the other. */
  crawlDays: (days: readonly HubOptions[], settings?: Settings) => Promise<PipelineRun[]>;
}

const test = base.extend<Fixtures>({
  dayOf: async ({ folder }, use) => {
    await use((models) => writeJsonl(path.join(folder, `${Math.random()}.jsonl`), models));
  },
  crawlDays: async ({ nextHub, pipeline }, use) => {
    await use(async (days, settings) => {
      const runs: PipelineRun[] = [];
      for (const day of days) {
        const { url: endpoint } = await nextHub(day);
        runs.push(await pipeline({ ...OF_MODELS, endpoint, ...settings }));
      }
      return runs;
    });
  },
});

/** `event id: before → after`, and what was confirmed. */
async function eventsOf(run: PipelineRun, table = 'model_events'): Promise<string[]> {
  const rows = (await rowsIn(run, table)) as Record<string, string | undefined>[];
  return rows
    .map(
      ({ event, id, before, after, confirmed }) =>
        `${event} ${id}: ${before ?? '-'} → ${after ?? '-'}${confirmed === undefined ? '' : ` (${confirmed})`}`,
    )
    .sort();
}

/** Models of the tests' own: 40, each with a commit, a licence and a base. */
const model = (n: number, more: object = {}): Model => ({
  _id: (0x65000000 + n).toString(16).padEnd(24, '0'),
  id: `own/m${n}`,
  author: 'own',
  createdAt: `2024-01-01T00:00:${String(n).padStart(2, '0')}.000Z`,
  lastModified: '2024-02-01T00:00:00.000Z',
  sha: `a${n}`.padStart(40, '0'),
  private: false,
  disabled: false,
  gated: false,
  downloads: n,
  likes: 0,
  tags: ['license:mit'],
  cardData: { license: 'mit', base_model: 'other/base' },
  ...more,
});
const first = Array.from({ length: 40 }, (_, n) => model(n));
const edited = (changes: Record<number, object | null>, added: readonly Model[] = []): Model[] => [
  ...first.flatMap((it, n) => {
    const change = changes[n];
    return change === null ? [] : [{ ...it, ...change }];
  }),
  ...added,
];
const sha = 'b'.repeat(40);

test('what became of each model is told, and nothing else', async ({ dayOf, crawlDays }) => {
  const second = edited(
    {
      1: null,
      2: { id: 'own/m3' },
      3: { id: 'own/m4' },
      4: { id: 'own/new-name' },
      5: { gated: 'manual' },
      6: { disabled: true },
      7: {
        sha,
        tags: ['license:apache-2.0'],
        cardData: { license: 'apache-2.0', base_model: 'other/base' },
      },
      8: { sha, cardData: { license: 'mit', base_model: 'other/second' } },
      9: { sha },
      10: { downloads: 900, likes: 3, trendingScore: 4 },
      11: null,
    },
    [model(41), model(42, { id: 'own/m11' })],
  );
  const days = [first, second, second].map(async (it) => ({ data: await dayOf(it) }));
  const runs = await crawlDays(await Promise.all(days));
  expect(runs.map(({ report }) => report.exitCode)).toEqual([0, 0, 0]);
  const [none, told, again] = await Promise.all(runs.map((it) => eventsOf(it)));
  expect(none).toEqual([]);
  expect(again).toEqual([]);
  const commit = (n: number): string => `${`a${n}`.padStart(40, '0')} → ${sha}`;
  expect(told).toEqual(
    [
      'added own/m11: - → own/m11',
      'added own/m41: - → own/m41',
      'removed own/m1: own/m1 → - (hidden)',
      'removed own/m11: own/m11 → - (replaced)',
      'renamed own/m3: own/m2 → own/m3',
      'renamed own/m4: own/m3 → own/m4',
      'renamed own/new-name: own/m4 → own/new-name',
      'gated own/m5: no → manual',
      'disabled own/m6: - → -',
      `new_revision own/m7: ${commit(7)}`,
      'relicensed own/m7: mit → apache-2.0',
      `new_revision own/m8: ${commit(8)}`,
      'base_changed own/m8: other/base → other/second',
      `new_revision own/m9: ${commit(9)}`,
    ].sort(),
  );
});

test('a list that lost some of its models removes none', async ({ dayOf, crawlDays }) => {
  const data = await dayOf(first);
  const lost = { data, faults: [{ at: 2, kind: 'lost-records' as const }] };
  const [, refused, right] = await crawlDays([{ data }, lost, { data }], { pageSize: 10 });
  expect(refused?.report).toMatchObject({ exitCode: 5, folder: null });
  expect(refused?.report.error?.message).toContain('which the Hub still has');
  // The next run is compared with the last that was right.
  expect(right?.report.exitCode).toBe(0);
  expect(await eventsOf(right as PipelineRun)).toEqual([]);
});

test('a Hub that lists a third less is refused, unless that is said to be right', async ({
  dayOf,
  crawlDays,
}) => {
  const many = Array.from({ length: 90 }, (_, n) => model(n % 60, { ...named(n) }));
  const whole = { data: await dayOf(many) };
  const less = { data: await dayOf(many.slice(0, 60)) };
  const [, refused] = await crawlDays([whole, less]);
  expect(refused?.report.exitCode).toBe(5);
  expect(refused?.report.error?.message).toContain('30 of 90 models');
  const [allowed] = await crawlDays([less], { maxRemoved: 0.5 });
  expect(allowed?.report.exitCode).toBe(0);
});

test('a model that could not be had is neither removed nor added', async ({ dayOf, crawlDays }) => {
  const data = await dayOf(first);
  const broken = { data, brokenIds: ['own/m12'] };
  const runs = await crawlDays([{ data }, broken, { data }]);
  expect(runs.map(({ report }) => report.tables['core_model']?.rows)).toEqual([40, 39, 40]);
  for (const run of runs) expect(await eventsOf(run)).toEqual([]);
});

test('data sets and Spaces have events of their own', async ({ dayOf, crawlDays }) => {
  const dataset = (n: number, more: object = {}) => ({
    record: model(n, { id: `own/d${n}`, mainSize: 1, cardData: { license: 'mit' }, ...more }),
    boards: null,
  });
  const space = (n: number, more: object = {}): Model =>
    model(n, { id: `own/s${n}`, sdk: 'static', gated: undefined, cardData: undefined, ...more });
  const days = [
    {
      datasets: await dayOf([1, 2, 3].map((n) => dataset(n))),
      spaces: await dayOf([1, 2].map((n) => space(n))),
    },
    {
      datasets: await dayOf([
        dataset(1, { id: 'own/named' }),
        dataset(2, { sha, tags: ['license:cc-by-4.0'], gated: 'auto' }),
      ]),
      spaces: await dayOf([space(2, { sha }), space(3)]),
    },
  ];
  const runs = await crawlDays(days, { sources: 'datasets,spaces' });
  expect(runs.map(({ report }) => report.exitCode)).toEqual([0, 0]);
  const [, second] = runs as [PipelineRun, PipelineRun];
  const commit = (n: number): string => `${`a${n}`.padStart(40, '0')} → ${sha}`;
  expect(await eventsOf(second, 'dataset_events')).toEqual(
    [
      'gated own/d2: no → auto',
      `new_revision own/d2: ${commit(2)}`,
      'relicensed own/d2: mit → cc-by-4.0',
      'removed own/d3: own/d3 → - (hidden)',
      'renamed own/named: own/d1 → own/named',
    ].sort(),
  );
  expect(await eventsOf(second, 'space_events')).toEqual([
    'added own/s3: - → own/s3',
    `new_revision own/s2: ${commit(2)}`,
    'removed own/s1: own/s1 → - (hidden)',
  ]);
});

const named = (n: number): object => ({
  _id: (0x66000000 + n).toString(16).padEnd(24, '0'),
  id: `own/x${n}`,
});
