import { expect, test } from '@playwright/test';
import { listBigqueryReleases, rollbackBigquery } from '../../../src/export/bigquery/rollback.ts';
import { Problem } from '../../bigquery/problem.ts';
import { killed } from './killed.ts';
import {
  BACKUPS,
  contentsOf,
  DATASET,
  STAGING,
  tinyExport,
  twoRuns,
  withDouble,
} from './warehouse.ts';
import type { Exported, Place } from './warehouse.ts';

const DAY_MS = 86_400_000;

/** What readers may look at, `releases` aside. */
const tablesOf = ({ double }: Place) => {
  const tables = contentsOf(double, DATASET);
  delete tables['releases'];
  delete tables['release_checks'];
  return tables;
};

/** The export of a run that left the source of a table out. */
const without = ({ manifest, exportDir }: Exported, table: string): Exported => ({
  exportDir,
  manifest: {
    ...manifest,
    tables: Object.fromEntries(Object.entries(manifest.tables).filter(([it]) => it !== table)),
  },
});

const rollBack = ({ place, clock }: Place, run: string) => rollbackBigquery({ clock }, run, place);

test('a dry run tells the steps with rows and bytes, and only reads', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    const first = await it.load(a, { dryRun: true });
    expect(first.outcome).toBe('dry-run');
    expect(first.plan.steps.map(({ step }) => step)).toContain('create');
    await it.load(a);
    it.double.requests.length = 0;
    const { plan } = await it.load(b, { dryRun: true });
    const { usage, core_model: core, runs } = b.manifest.tables;
    const all = [usage, core, runs];
    expect(plan.bytes).toBe(all.reduce((sum, entry) => sum + (entry?.bytes ?? 0), 0));
    expect(plan.rows).toBe(all.reduce((sum, entry) => sum + (entry?.rows ?? 0), 0));
    expect(plan.steps).toContainEqual({
      step: 'stage',
      target: 'staging_huggingface.usage__b',
      what: 'upload and load',
      rows: 4,
      bytes: usage?.bytes,
    });
    expect(plan.steps).toContainEqual({
      step: 'back up',
      target: 'huggingface.usage',
      what: 'snapshot huggingface_backups.usage_20261123',
      rows: 3,
    });
    expect(it.double.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect((await it.load(a, { dryRun: true })).plan).toEqual({ steps: [], rows: 0, bytes: 0 });
  });
});

test('releases are listed with what each brought and where the one before is kept', async () => {
  await withDouble(
    async (it) => {
      const [a, b] = await twoRuns(it.folder);
      expect(await listBigqueryReleases({ clock: it.clock }, it.place)).toEqual([]);
      await it.load(a);
      it.clock.set(Date.parse('2026-12-01T00:00:00.000Z'));
      await it.load(b);
      const releases = await listBigqueryReleases({ clock: it.clock }, it.place);
      expect(releases.map(({ sequence, run, action }) => [sequence, run, action])).toEqual([
        [1, 'a', 'publish'],
        [2, 'b', 'publish'],
      ]);
      expect(
        it.double.requests.filter(({ query }) => query.includes('pageToken')).length,
      ).toBeGreaterThan(2);
      expect(releases[1]).toMatchObject({
        publishedAt: expect.stringMatching(/^2026-12-01T00:/),
        startedAt: '2026-11-02T09:00:00.000Z',
        version: '0.1.0',
        tables: {
          usage: { rows: 4, sha256: b.manifest.tables['usage']?.sha256, backup: 'usage_20261123' },
        },
      });
    },
    { pageRows: 2 },
  );
});

test('a table whose source the run left out stays as it was', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    await it.load(a);
    await it.load(without(b, 'core_model'));
    expect(tablesOf(it)['core_model']?.sha256).toBe(a.manifest.tables['core_model']?.sha256);
    expect(tablesOf(it)['usage']?.rows).toBe(7);
  });
});

test('a run made anew on the same day replaces its day, and only its day', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    await it.load(a);
    await it.load(b);
    const again = await tinyExport(it.folder, {
      run: 'b',
      day: '2026-11-02',
      models: 6,
      likes: 9,
    });
    const result = await it.load(again);
    expect(result).toMatchObject({ outcome: 'published', sequence: 3 });
    expect(result.backups['usage']).toBe('usage_20261123_2');
    const likes = it.double.rows(DATASET, 'usage').map(({ likes }) => likes);
    expect(likes).toEqual([1, 1, 1, 9, 9, 9, 9, 9, 9]);
  });
});

test('what a failed load staged is not taken for an export that was made anew', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    await it.load(a);
    it.double.onStatement = () => {
      throw new Problem(400, 'invalidQuery', 'stop here');
    };
    await expect(it.load(b)).rejects.toThrow('stop here');
    it.double.onStatement = () => undefined;
    // The same run, as many rows, other values.
    const anew = await tinyExport(it.folder, { run: 'b', day: '2026-11-02', models: 4, likes: 7 });
    await it.load(anew);
    const likes = it.double.rows(DATASET, 'usage').map(({ likes }) => likes);
    expect(likes).toEqual([1, 1, 1, 7, 7, 7, 7]);
  });
});

test('rolling back brings every table back at once, history too, and can be undone', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    const c = await tinyExport(it.folder, { run: 'c', day: '2026-11-03', models: 5 });
    await it.load(a);
    const stateA = tablesOf(it);
    await it.load(b);
    await it.load(c);
    const stateC = tablesOf(it);
    const sights = it.double.sights.filter(({ dataset }) => dataset === DATASET).length;
    const back = await rollBack(it, 'a');
    expect(back).toMatchObject({ outcome: 'rolled back', sequence: 4 });
    expect(tablesOf(it)).toEqual(stateA);
    const seen = it.double.sights.filter(({ dataset }) => dataset === DATASET);
    expect(seen.length).toBe(sights + 1);
    expect(await rollBack(it, 'a')).toMatchObject({ outcome: 'already', sequence: 4 });
    expect((await it.load(a)).outcome).toBe('already');
    expect(await rollBack(it, 'c')).toMatchObject({ outcome: 'rolled back', sequence: 5 });
    expect(tablesOf(it)).toEqual(stateC);
    const releases = await listBigqueryReleases({ clock: it.clock }, it.place);
    expect(releases.map(({ run, action }) => `${action} ${run}`)).toEqual([
      'publish a',
      'publish b',
      'publish c',
      'rollback a',
      'rollback c',
    ]);
  });
});

test('rolling back empties a table that the release did not have, and leaves one it shares', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    await it.load(without(a, 'core_model'));
    await it.load(without(b, 'usage'));
    const back = await rollBack(it, 'a');
    expect(back.tables).toEqual({ core_model: null, runs: 'runs_20261123' });
    expect(tablesOf(it)['core_model']?.rows).toBe(0);
    expect(tablesOf(it)['usage']?.rows).toBe(3);
    expect(tablesOf(it)['runs']?.rows).toBe(1);
  });
});

test('rolling back is refused when the release is unknown or its snapshot has expired', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    await it.load(a);
    await it.load(b);
    await expect(rollBack(it, 'nope')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const before = contentsOf(it.double, DATASET);
    it.clock.set(it.clock.nowMs() + 91 * DAY_MS);
    await expect(rollBack(it, 'a')).rejects.toMatchObject({ code: 'CHECK_REFUSED' });
    expect(contentsOf(it.double, DATASET)).toEqual(before);
  });
});

test('a rollback that is killed ends, when it is given again, in the same tables', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    await it.load(a);
    const stateA = tablesOf(it);
    let isKilled = true;
    for (let at = 1; isKilled; at += 4) {
      const run = `b${at}`;
      await it.load({ ...b, manifest: { ...b.manifest, run } });
      const stateB = tablesOf(it);
      isKilled = await killed(it, { isTime: ({ number }) => number >= at }, (more) =>
        rollbackBigquery({ clock: it.clock }, 'a', { ...it.place, ...more }),
      );
      const between = tablesOf(it);
      expect([stateA, stateB]).toContainEqual(between);
      if (at % 8 === 1) it.double.settle();
      await rollBack(it, 'a');
      expect(tablesOf(it), `killed at ${at}`).toEqual(stateA);
    }
  });
});

test('a rollback over a change of schema is refused, with what to do by hand', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    await it.load(a);
    await it.load(b);
    const core = it.double.tables(DATASET).get('core_model');
    if (core === undefined) throw new Error('no table');
    core.schema = core.schema.filter(({ name }) => name !== 'author');
    const before = contentsOf(it.double, DATASET);
    await expect(rollBack(it, 'a')).rejects.toThrow(
      /core_model has other columns .* `bq cp --restore --force huggingface_backups\.core_model_20261123 huggingface\.core_model`/,
    );
    await expect(rollBack(it, 'a')).rejects.toMatchObject({ code: 'CHECK_REFUSED' });
    expect(contentsOf(it.double, DATASET)).toEqual(before);
  });
});

test('staging and snapshots are born with an end', async () => {
  await withDouble(async (it) => {
    const [a, b] = await twoRuns(it.folder);
    await it.load(a);
    it.double.onStatement = () => {
      throw new Problem(400, 'invalidQuery', 'stop here');
    };
    await expect(it.load(b)).rejects.toThrow('stop here');
    const now = it.clock.nowMs();
    const staged = [...it.double.tables(STAGING).values()];
    expect(staged.length).toBe(3);
    for (const { expiresMs } of staged) expect(expiresMs).toBeLessThanOrEqual(now + 7 * DAY_MS);
    for (const { kind, expiresMs } of it.double.tables(BACKUPS).values()) {
      expect(kind).toBe('SNAPSHOT');
      expect(expiresMs).toBeGreaterThan(now + 89 * DAY_MS);
      expect(expiresMs).toBeLessThanOrEqual(now + 90 * DAY_MS);
    }
  });
});

test('settings that cannot be are refused before any request', async () => {
  await withDouble(async (it) => {
    const [a] = await twoRuns(it.folder);
    for (const options of [{ bucket: 'b/p' }, { dataset: 'a`; DROP' }, { project: '../x' }]) {
      await expect(it.load(a, options)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        exitCode: 2,
      });
    }
    expect(it.double.requests).toEqual([]);
  });
});

test('a dataset in another place than the jobs is refused, with its place', async () => {
  await withDouble(
    async (it) => {
      const [a] = await twoRuns(it.folder);
      await it.load(a, { location: 'EU' });
      const again = await tinyExport(it.folder, { run: 'x', day: '2026-11-09', models: 1 });
      await expect(it.load(again)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('is in EU, not in US'),
      });
    },
    { location: 'EU' },
  );
});
