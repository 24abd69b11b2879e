import { DuckDBInstance } from '@duckdb/node-api';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { planDuckdb } from '../../../src/export/duckdb/plan.ts';
import { listDuckdbReleases, rollbackDuckdb } from '../../../src/export/duckdb/rollback.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { filesOf, fingerprint, tinyRelease, type Warehouse } from './duckdb-place.ts';

// In one worker, which builds what they begin with once.
test.describe.configure({ mode: 'default' });

/** Loads the release of a number. */
async function load({ folder, path }: Warehouse, number: number): Promise<void> {
  await buildDuckdb({ ...(await tinyRelease(folder, number)), path, keepBackups: 2 });
}

const states = async (path: string): Promise<string[]> =>
  (await listDuckdbReleases(path)).map(({ run, state, rows }) => `${run} ${state} ${rows > 0}`);

const usageDays = async (path: string): Promise<unknown[]> =>
  (
    await queryDuckdb(
      path,
      'SELECT CAST(update_time AS DATE) AS day, count(*) AS n FROM huggingface.usage GROUP BY 1 ORDER BY 1',
    )
  ).map(({ day, n }) => `${day as string} ${n as number}`);

test('releases: what readers open, what a rollback can bring back, and what is gone', async ({
  released,
}) => {
  const place = await released(1, 2, 3, 4);
  const { path } = place;
  expect(await states(path)).toEqual([
    'r4 current true',
    'r3 backup true',
    'r2 backup true',
    'r1 gone true',
  ]);
  const [current] = await listDuckdbReleases(path);
  expect(current).toMatchObject({ file: path, finishedAt: '2026-11-04T11:00:00.000Z' });
  expect(current?.bytes).toBeGreaterThan(100_000);
  await writeFile(join(dirname(path), 'backups', 'hub-broken.duckdb'), 'no database');
  expect(await states(path)).toContain('unknown unreadable false');
});

test('rollback brings a file back; it can be undone, and a load afterwards builds upon it', async ({
  released,
  warehouses,
}) => {
  const place = await released(1, 2, 3);
  const { path, folder } = place;
  const second = await fingerprint(join(await warehouses(1, 2), 'hub.duckdb'));
  const third = await fingerprint(path);

  expect(await rollbackDuckdb(path, 'r2')).toMatchObject({
    outcome: 'rolled back',
    replaced: { run: 'r3', file: join(dirname(path), 'backups', 'hub-r3.duckdb') },
  });
  expect(await fingerprint(path)).toBe(second);
  expect((await states(path)).toSorted()).toEqual([
    'r1 backup true',
    'r2 current true',
    'r3 backup true',
  ]);
  expect(await rollbackDuckdb(path, 'r2')).toMatchObject({ outcome: 'already', replaced: null });
  expect(await fingerprint(path)).toBe(second);

  await rollbackDuckdb(path, 'r3');
  expect(await fingerprint(path)).toBe(third);
  await rollbackDuckdb(path, 'r2');

  // The day of the release that was rolled back is not in what follows.
  await load(place, 4);
  expect(await usageDays(path)).toEqual(['2026-11-01 1', '2026-11-02 2', '2026-11-04 4']);
  // What was just replaced is kept, even where a later file is there.
  expect(await filesOf(path)).toContain(join('backups', 'hub-r2.duckdb'));
  // An older export that is loaded again is the current release, whatever its time.
  await buildDuckdb({ ...(await tinyRelease(folder, 3)), path, checks: { minRows: 0 } });
  expect(await usageDays(path)).toHaveLength(4);
  expect(await states(path)).toContain('r3 current true');
  const runs = (await filesOf(path)).filter((it) => it.includes('hub-r3'));
  expect(runs).toEqual([]);
});

test('the newest few files before are kept under their runs; a counter that falls is a correction, and no use', async ({
  released,
}) => {
  const place = await released(1, 2, 3, 4);
  const { path } = place;
  await load(place, 4);
  const backups = join(dirname(path), 'backups');
  expect((await readdir(backups)).sort()).toEqual(['hub-r2.duckdb', 'hub-r3.duckdb']);
  const newest = 'SELECT run FROM huggingface.releases ORDER BY finished_at DESC LIMIT 1';
  expect(await queryDuckdb(join(backups, 'hub-r3.duckdb'), newest)).toEqual([{ run: 'r3' }]);
  await load(place, 7);
  const changes = await queryDuckdb(
    path,
    `SELECT day(update_time) AS day, days, downloads, likes, is_corrected FROM usage_changes
    WHERE id = 'owner/model-0' ORDER BY 1`,
  );
  expect(changes).toEqual([
    { day: 2, days: 1, downloads: 7, likes: 1, is_corrected: false },
    { day: 3, days: 1, downloads: 5, likes: 1, is_corrected: false },
    { day: 4, days: 1, downloads: 3, likes: 1, is_corrected: false },
    { day: 7, days: 3, downloads: null, likes: 3, is_corrected: true },
  ]);
});

test('a file that cannot be read any more is replaced by a rollback, and kept', async ({
  released,
  warehouses,
}) => {
  const place = await released(1, 2);
  const { path } = place;
  const first = await fingerprint(join(await warehouses(1), 'hub.duckdb'));
  await writeFile(path, 'half of a database');
  expect(await states(path)).toEqual(['r1 backup true', 'unknown unreadable false']);
  await rollbackDuckdb(path, 'r1');
  expect(await fingerprint(path)).toBe(first);
});

test('what cannot be brought back is said, and nothing is changed', async ({
  folder,
  released,
}) => {
  const none = join(folder, 'none', 'hub.duckdb');
  await expect(listDuckdbReleases(none)).rejects.toMatchObject({ code: 'WAREHOUSE_MISSING' });
  await expect(rollbackDuckdb(none, 'r1')).rejects.toMatchObject({ code: 'WAREHOUSE_MISSING' });
  const { path } = await released(1, 2, 3, 4);
  const before = await filesOf(path);
  const gone = rollbackDuckdb(path, 'r1');
  await expect(gone).rejects.toMatchObject({ code: 'CHECK_REFUSED' });
  await expect(gone).rejects.toThrow(/no longer kept; kept: r3, r2/);
  await expect(rollbackDuckdb(path, 'r9')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  expect(await filesOf(path)).toEqual(before);
});

test('a DuckDB file of somebody else is not put among our backups, which go with time', async ({
  released,
}) => {
  const place = await released(1);
  const { path } = place;
  await rm(path);
  const theirs = await (await DuckDBInstance.create(path)).connect();
  await theirs.run('CREATE TABLE mine AS SELECT 1 AS a; CHECKPOINT');
  theirs.closeSync();

  await expect(load(place, 2)).rejects.toMatchObject({ code: 'FOLDER_TAKEN' });
  expect(await filesOf(path)).not.toContain('backups');
});

test('a log of somebody who wrote into the file does not meet the next file', async ({
  released,
  warehouses,
}) => {
  const place = await released(1);
  const { path } = place;
  const script = `const { DuckDBInstance } = require('@duckdb/node-api');
    DuckDBInstance.create(process.argv[1]).then(async (it) => {
      const connection = await it.connect();
      await connection.run('CREATE TABLE huggingface.mine AS SELECT 1 AS a');
      process.kill(process.pid, 'SIGKILL');
    });`;
  spawnSync(process.execPath, ['-e', script, path]);
  expect(await filesOf(path)).toContain('hub.duckdb.wal');
  const reference = join(await warehouses(1, 2), 'hub.duckdb');
  await load(place, 2);
  expect(await fingerprint(path)).toBe(await fingerprint(reference));
  expect(await filesOf(path)).not.toContain('hub.duckdb.wal');
});

test('a dry run tells tables, files and disk, and changes nothing', async ({ released }) => {
  const place = await released(1, 2, 3);
  const { path, folder } = place;
  await writeFile(`${path}.new.tmp`, 'half a file');
  await mkdir(`${path}.tmp`); // what a query of somebody has spilled
  const before = await filesOf(path);
  const next = await tinyRelease(folder, 4);
  const options = { ...next, path, keepBackups: 2 };
  const plan = await planDuckdb(options);
  expect(await filesOf(path)).toEqual(before);

  const files = plan.steps.filter(({ step }) => step !== 'build');
  expect(
    files.map(({ step, target }) => `${step} ${target.slice(dirname(path).length + 1)}`),
  ).toEqual([
    'clean up hub.duckdb.new.tmp',
    `back up ${join('backups', 'hub-r3.duckdb')}`,
    'publish hub.duckdb',
    `drop backup ${join('backups', 'hub-r1.duckdb')}`,
  ]);
  const usage = plan.steps.find(({ target }) => target === 'usage');
  expect(usage).toMatchObject({ rowsBefore: 6, rowsNew: 4, rowsAfter: 10 });
  expect(usage?.what).toContain('day of update_time');
  const model = plan.steps.find(({ target }) => target === 'raw_model');
  expect(model).toMatchObject({ rowsBefore: 3, rowsNew: 4, rowsAfter: 4, what: 'replace' });
  expect(model?.bytes).toBe(next.manifest.tables['raw_model']?.bytes);
  expect(plan.steps.find(({ target }) => target === 'tags')?.what).toBe('carry over as it is');
  expect(plan.disk).toMatchObject({ isEnough: true });

  // What was foretold is what happens.
  const release = await buildDuckdb(options);
  const builds = plan.steps.filter(({ step }) => step === 'build');
  const foretold = Object.fromEntries(builds.map((it) => [it.target, it.rowsAfter]));
  expect(release.tables).toMatchObject(foretold);
  expect(release.backup).toBe(files[1]?.target);
  expect(await filesOf(path)).not.toContain(join('backups', 'hub-r1.duckdb'));
  expect(await filesOf(path)).not.toContain('hub.duckdb.new.tmp');
  expect(await filesOf(path)).toContain('hub.duckdb.tmp');
});

test('a disk that is too small is said before anything is written', async ({ released }) => {
  const place = await released(1);
  const { path, folder } = place;
  const before = await fingerprint(path);
  const next = await tinyRelease(folder, 2);
  const freeBytes = () => Promise.resolve(1_000_000);
  const steps: string[] = [];
  const onStep = (step: string): void => void steps.push(step);
  const refused = buildDuckdb({ ...next, path, freeBytes, onStep });
  await expect(refused).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  await expect(refused).rejects.toThrow(/needs \d+ MB in .*, 1 MB are free/);
  expect(steps).toEqual(['verify', 'clean up']);
  expect(await filesOf(path)).toEqual(['hub.duckdb']);
  expect(await fingerprint(path)).toBe(before);
  expect((await planDuckdb({ ...next, path, freeBytes })).disk).toMatchObject({
    freeBytes: 1_000_000,
    isEnough: false,
  });
});

test('views and tables are found under another name of the file too', async ({ released }) => {
  const place = await released(1);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`ATTACH '${place.path}' AS hub (READ_ONLY)`);
  const reader = await connection.runAndReadAll('SELECT * FROM hub.huggingface.usage_by_day');
  expect(reader.currentRowCount).toBe(1);
  connection.closeSync();
  instance.closeSync();
});
