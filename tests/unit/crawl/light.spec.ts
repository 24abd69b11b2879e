import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HubReplica } from '../../../demo/hub/index.ts';
import { datasetsOf, readRuns } from '../../../src/pipeline/state.ts';
import { dropDataset } from '../../../src/storage/dataset-folder.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { shippedModels, writeJsonl, type Model } from '../../helpers/jsonl.ts';
import {
  rowsIn,
  runInProcess,
  tableRows,
  type PipelineRun,
  type Settings,
} from '../../helpers/pipeline.ts';

const SETTINGS = { sources: 'models', compress: 'none', to: 'jsonl', pageSize: 20 };

interface Day {
  models: readonly Model[];
  settings?: Settings;
  prepare?: () => Promise<void>;
}

interface Fixtures {
  /** A Hub with these models, at the address of the one before. */
  hubWith: (models: readonly Model[]) => Promise<HubReplica>;
  /** A run a Hub, all at one address and in one storage. */
  runDays: (days: readonly Day[]) => Promise<PipelineRun[]>;
}

const test = base.extend<Fixtures>({
  hubWith: async ({ folder, nextHub }, use) => {
    await use(async (models) =>
      nextHub({ data: await writeJsonl(path.join(folder, `${Math.random()}.jsonl`), models) }),
    );
  },
  runDays: async ({ folder, hubWith }, use) => {
    await use(async (days) => {
      const runs: PipelineRun[] = [];
      for (const { settings, models, prepare } of days) {
        await prepare?.();
        const { url: endpoint } = await hubWith(models);
        const storage = path.join(folder, 'storage');
        runs.push(await runInProcess({ ...SETTINGS, storage, endpoint, ...settings }));
      }
      return runs;
    });
  },
});

/** The next day of a Hub: all are read more, some are changed, added, gone, renamed, and one was hidden. */
function nextDay(models: readonly Model[], day: number): Model[] {
  const lastModified = new Date().toISOString();
  const sha = String(day).repeat(40);
  const changed = models.flatMap((it, n): Model[] => {
    const popular = { ...it, downloads: 7 * n + day, likes: n, trendingScore: day };
    if (n % 97 === day) return [];
    if (n % 89 === day) return [{ ...popular, id: `moved-${day}/${it.id.replace('/', '-')}` }];
    if (n % 83 === day) return [{ ...popular, gated: 'manual' }];
    if (n % 50 !== day) return [popular];
    return [
      { ...popular, sha, lastModified, siblings: [{ rfilename: `day-${day}` }], tags: ['x'] },
    ];
  });
  const [like] = models;
  const own = (n: number, more: object): Model => ({
    ...like,
    _id: `${String(9000 + n)}${'0'.repeat(19)}${day}`,
    id: `own/new-${n}-${day}`,
    sha: `${n}${day}`.padStart(40, 'a'),
    ...more,
  });
  return [
    ...changed,
    own(1, { createdAt: lastModified, lastModified }),
    // Neither new nor changed, and never seen: it was hidden until today.
    own(2, { createdAt: '2023-05-05T05:05:05.000Z', lastModified: '2023-06-05T05:05:05.000Z' }),
  ];
}

const fieldsAsked = (hub: HubReplica): Set<string> =>
  new Set(
    hub.requests
      .map((it) => new URL(it.path, hub.url))
      .filter(
        (url) => url.pathname === '/api/models' && url.searchParams.get('sort') === 'createdAt',
      )
      .filter((url) => url.searchParams.has('cursor'))
      .flatMap((url) => url.searchParams.getAll('expand[]')),
  );

/** All tables, less what says when a row was read. */
async function tablesIn({ report }: PipelineRun): Promise<Record<string, unknown[]>> {
  const rows = await tableRows(report.folder ?? '');
  // Which repair of a kind was the first one depends on the order of the records.
  const apart = new Set(['observed_at', 'example_id', 'example_path']);
  const withoutPlace = (row: unknown): string =>
    JSON.stringify(row, (key, value: unknown) => (apart.has(key) ? undefined : value));
  return Object.fromEntries([...rows].map(([name, all]) => [name, all.map(withoutPlace).sort()]));
}

interface Counts {
  listed: number;
  exported: number;
  carried?: number;
  duplicates: number;
  rejected: number;
}

const countsOf = ({ report }: PipelineRun): Counts => report.sources.models as Counts;

test('a light run gives the tables of a full one, and so does one that stands on a light one', async ({
  folder,
  hubWith,
}) => {
  const storage = path.join(folder, 'light');
  const full = path.join(folder, 'full');
  let models = await shippedModels(5);
  for (let day = 0; day < 3; day += 1) {
    const before = new Map(models.map((it) => [it._id, it['lastModified']]));
    if (day > 0) models = nextDay(models, day);
    const hub = await hubWith(models);
    await rm(full, { recursive: true, force: true });
    if (day > 0) await cp(storage, full, { recursive: true });
    const sources = 'models,datasets,spaces,tags';
    const options = { ...SETTINGS, sources, endpoint: hub.url };
    const light = await runInProcess({ ...options, storage });
    expect(light.report.exitCode).toBe(0);
    if (day === 0) continue;
    expect(fieldsAsked(hub)).not.toContain('siblings');
    const whole = await runInProcess({ ...options, storage: full, fullEvery: 0 });
    expect(await tablesIn(light)).toEqual(await tablesIn(whole));
    const { listed, exported, carried = 0, duplicates, rejected } = countsOf(light);
    expect(listed).toBe(exported + carried + duplicates + rejected);
    const moved = models.filter((it) => before.get(it._id) !== it['lastModified']);
    // The Hub's clock tells seconds: what was changed within one of them is asked for twice.
    expect(exported).toBeGreaterThanOrEqual(moved.length);
    expect(exported).toBeLessThanOrEqual(2 * moved.length);
    expect(countsOf(whole).carried).toBeUndefined();
  }
  expect(readRuns(storage).map(({ carried }) => carried.models?.runs.length ?? 0)).toEqual([
    0, 1, 2,
  ]);
});

/** Models that nothing is said of. */
const plain = (n: number, more: object = {}): Model => ({
  _id: (0x65000000 + n).toString(16).padEnd(24, '0'),
  id: `plain/m${n}`,
  createdAt: '2024-01-01T00:00:00.000Z',
  lastModified: '2024-02-01T00:00:00.000Z',
  sha: 'c'.repeat(40),
  siblings: [{ rfilename: 'a' }],
  ...more,
});
const some = Array.from({ length: 30 }, (_, n) => plain(n));

test('one that cannot be had whole is a row of what the list says, told as missed, and asked for again', async ({
  runDays,
}) => {
  // Its path is none that a single model has: asked for by itself, it is not there.
  const hidden = plain(99, { id: 'plain/not/there', downloads: 5 });
  const shown = plain(99, { id: 'plain/there', downloads: 6 });
  const [, second, third] = await runDays([
    { models: some },
    { models: [...some, hidden] },
    { models: [...some, shown] },
  ]);
  const rowOf = async (run: PipelineRun | undefined): Promise<unknown> =>
    run && (await rowsIn(run, 'raw_model')).find((it) => it['_id'] === hidden._id);
  expect(second && countsOf(second)).toMatchObject({ listed: 31, exported: 1, carried: 30 });
  expect(await rowOf(second)).toMatchObject({ downloads: 5, siblings: [] });
  expect(second && (await rowsIn(second, 'missed'))).toMatchObject([
    { id: hidden.id, source: 'singles', reason: 'private_or_missing' },
  ]);
  expect(second?.report.completeness?.find((it) => it.source === 'models')).toMatchObject({
    is_complete: false,
    why_not: '1 could not be had',
  });
  expect(await rowOf(third)).toMatchObject({ downloads: 6, siblings: [{ rfilename: 'a' }] });
});

test('a Hub where all was changed unseen is walked in full', async ({ runDays }) => {
  const many = Array.from({ length: 2001 }, (_, n) => plain(1000 + n));
  const settings = { pageSize: 1000 };
  const [, second] = await runDays([
    { models: some, settings },
    { models: [...some, ...many], settings },
  ]);
  expect(second?.report.exitCode).toBe(0);
  expect(second && countsOf(second)).toMatchObject({ listed: 2031, exported: 2031 });
  expect(second && countsOf(second).carried).toBeUndefined();
  const rows = second === undefined ? [] : await rowsIn(second, 'raw_model');
  const files = rows.map((it) => it['siblings']);
  expect(files).not.toContainEqual([]);
});

test('nothing is carried past its time, of a sample, or where a light run came to nothing', async ({
  folder,
  fewHub: hub,
  pipeline,
}) => {
  const isLight = async (settings: Settings = {}): Promise<boolean> => {
    const { report } = await pipeline({ ...SETTINGS, pageSize: 50, keepRuns: 0, ...settings });
    return readRuns(folder).find((it) => it.run === report.run)?.carried.models !== undefined;
  };
  expect(await isLight({ limit: 5 })).toBe(false);
  expect(await isLight()).toBe(false);
  expect(await isLight()).toBe(true);
  expect(await isLight({ fullEvery: 1e-9 })).toBe(false);
  expect(await isLight({ author: 'google' })).toBe(false);
  hub.setFaults([{ kind: '503', at: 3, times: 999 }]);
  expect(await isLight()).toBe(true);
  hub.setFaults([]);
  expect(await isLight({ fresh: true })).toBe(false);
  expect(await isLight()).toBe(true);
  const base = readRuns(folder).findLast((it) => it.carried.models === undefined);
  const [catchup = ''] = base === undefined ? [] : datasetsOf(base, 'catchup');
  await dropDataset(folder, catchup);
  expect(await isLight()).toBe(false);
});

test('what a light run stands on is not pruned, and damage of it is found', async ({
  folder,
  runDays,
}) => {
  const storage = path.join(folder, 'storage');
  const damage = async (): Promise<void> => {
    const [base] = readRuns(storage);
    const [list = ''] = base === undefined ? [] : datasetsOf(base, 'models');
    const file = path.join(storage, 'datasets', list, '000001.sqlite');
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(file, bytes);
  };
  const days = Array.from({ length: 6 }, (_, day) => ({
    models: [...some, plain(100 + day)],
    settings: { keepRuns: 1 },
    ...(day === 5 && { prepare: damage }),
  }));
  const runs = await runDays(days);
  expect(runs.slice(0, 5).map(({ report }) => report.exitCode)).toEqual([0, 0, 0, 0, 0]);
  expect(runs.slice(0, 5).map((it) => countsOf(it).carried ?? 0)).toEqual([0, 30, 30, 30, 30]);
  expect(runs[5]?.report.error).toMatchObject({ code: 'STORAGE_CORRUPT' });
});

test('a light list that lacks records is refused, and the run after it asks for all', async ({
  folder,
  fewHub: hub,
  pipeline,
}) => {
  const settings = { ...SETTINGS, parts: 1 };
  await pipeline(settings);
  hub.setFaults([{ kind: 'lost-records', at: 2 }]);
  const lossy = await pipeline(settings);
  hub.setFaults([]);
  const next = await pipeline(settings);
  expect(lossy.report.error).toMatchObject({ code: 'CHECK_REFUSED' });
  expect(next.report.error).toBeUndefined();
  expect(readRuns(folder).map(({ carried }) => carried.models !== undefined)).toEqual([
    ...[false, true, false],
  ]);
});
