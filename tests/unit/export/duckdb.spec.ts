import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { exportRun, type ExportInput } from '../../../src/export/export.ts';
import type { Manifest } from '../../../src/export/manifest.ts';
import {
  inputOf,
  snapshotOf,
  tinyModel,
  withTemporaryFolder,
  writeBoards,
  writePages,
} from './captured.ts';

interface Place {
  folder: string;
  path: string;
  /** Exports and loads a run. */
  release: (input: ExportInput) => Promise<Manifest>;
  storage: string;
}

/** A warehouse folder in which runs can be released one after the other. */
const withWarehouse = (work: (place: Place) => Promise<void>) =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, 'warehouse', 'hub.duckdb');
    const storage = join(folder, 'storage');
    const release = async (input: ExportInput) => {
      const out = join(folder, 'exports', input.run);
      const manifest = await exportRun(input, { out, compress: 'zstd' });
      await buildDuckdb({ manifest, exportDir: out, path, keepBackups: 2 });
      return manifest;
    };
    await work({ folder, path, release, storage });
  });

const count = async (path: string, table: string): Promise<unknown> =>
  (await queryDuckdb(path, `SELECT count(*) AS n FROM huggingface.${table}`))[0]?.['n'];

test('history keeps the days before and replaces its own', async () => {
  await withWarehouse(async ({ path, release, storage }) => {
    const releaseOn = (run: string, time: string) =>
      release(inputOf(storage, { models: run }, { run, startedAt: `${time}:00.000Z` }));
    const runOn = async (run: string, time: string, downloads: number) => {
      const records = [tinyModel(1, { downloads })];
      await writePages(storage, run, [{ records }]);
      await releaseOn(run, time);
    };
    await runOn('a', '2026-11-01T10:00', 10);
    await runOn('b', '2026-11-02T00:30', 20);
    await runOn('c', '2026-11-02T23:30', 30);
    await releaseOn('c', '2026-11-02T23:30');
    const usage = await queryDuckdb(
      path,
      'SELECT CAST(update_time AS DATE) AS "day", downloads FROM huggingface.usage ORDER BY 1, 2',
    );
    expect(usage).toEqual([
      { day: '2026-11-01', downloads: 10 },
      { day: '2026-11-02', downloads: 30 },
    ]);
    expect(await queryDuckdb(path, 'SELECT run FROM huggingface.runs ORDER BY 1')).toEqual([
      { run: 'a' },
      { run: 'b' },
      { run: 'c' },
    ]);
    expect(await count(path, 'raw_model')).toBe(1);
  });
});

test('a board that drifted, and a source that was left out, keep what was released before', async () => {
  await withWarehouse(async ({ path, release, storage }) => {
    const row = (n: number) => ({ id: `e${n}`, model: { name: `a/${n}` } });
    const other = { renderer: 'html', board: 'other' };
    const shown = [{ identity: 'x', index: 0, cells: { Model: 'a/x' } }];
    await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
    await writeBoards(storage, 'both', [
      snapshotOf([row(1), row(2)]),
      snapshotOf(null, { ...other, shown }),
    ]);
    await writeBoards(storage, 'one', [snapshotOf([row(1)])]);
    await release(inputOf(storage, { models: 'models', boards: 'both' }, { run: 'a' }));
    await release(inputOf(storage, { boards: 'one' }, { run: 'b' }));
    expect(await count(path, 'raw_model')).toBe(1);
    expect(await count(path, 'leaderboard')).toBe(1);
    const entries = await queryDuckdb(
      path,
      'SELECT board, entry_id, run FROM huggingface.leaderboard_entries ORDER BY 1, 2',
    );
    expect(entries).toEqual([
      { board: 'open-llm', entry_id: 'e1', run: 'b' },
      { board: 'other', entry_id: 'x', run: 'a' },
    ]);
    await release(inputOf(storage, { models: 'models' }, { run: 'c' }));
    expect(await count(path, 'leaderboard_entries')).toBe(2);
  });
});

const BROKEN: [string, string, (out: string, manifest: Manifest) => Promise<void>][] = [
  [
    'a file that was changed',
    'CHECK_REFUSED',
    (out) => appendFile(join(out, 'usage.jsonl'), '{}\n'),
  ],
  [
    'rows that are not the manifest’s',
    'CHECK_REFUSED',
    async (out, manifest) => {
      const entry = manifest.tables['usage'];
      if (entry !== undefined) entry.rows += 1;
      await Promise.resolve(out);
    },
  ],
  [
    'a key twice',
    'CHECK_REFUSED',
    (out, manifest) => rewrite(out, manifest, (text) => text + text),
  ],
  [
    'a text where a number belongs',
    'LOAD_FAILED',
    (out, manifest) =>
      rewrite(out, manifest, (text) => text.replace(/"likes":\w+/, '"likes":"many"')),
  ],
  [
    'a required value that is missing',
    'LOAD_FAILED',
    (out, manifest) => rewrite(out, manifest, (text) => text.replace(/"_id":"\w+",?/, '')),
  ],
];

/** Changes the usage table of an export, and lets the manifest agree with the file. */
async function rewrite(out: string, manifest: Manifest, change: (text: string) => string) {
  const path = join(out, 'usage.jsonl');
  const text = change(await readFile(path, 'utf8'));
  await writeFile(path, text);
  const [file] = manifest.tables['usage']?.files ?? [];
  const rows = text.split('\n').length - 1;
  Object.assign(manifest.tables['usage'] ?? {}, { rows });
  Object.assign(file ?? {}, {
    rows,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  });
}

test('what is not as the manifest says, or no row, is refused; the file before is untouched', async () => {
  await withWarehouse(async ({ folder, path, release, storage }) => {
    await writePages(storage, 'models', [{ records: [tinyModel(1, { likes: 5 })] }]);
    await release(inputOf(storage, { models: 'models' }, { run: 'good' }));
    const before = await readFile(path);
    for (const [what, code, spoil] of BROKEN) {
      const out = join(folder, 'out');
      const input = inputOf(storage, { models: 'models' }, { run: 'bad' });
      const manifest = await exportRun(input, { out, compress: 'none' });
      await spoil(out, manifest);
      const refused = buildDuckdb({ manifest, exportDir: out, path });
      await expect(refused, what).rejects.toMatchObject({ code });
      expect((await readFile(path)).equals(before), what).toBe(true);
      const kept = ['hub.duckdb'];
      // What a check refuses, rather than DuckDB, can be asked.
      if (what === 'a key twice') kept.push('hub.duckdb.refused');
      expect(await readdir(join(path, '..')), what).toEqual(kept);
      await rm(`${path}.refused`, { force: true });
    }
  });
});

test('a file before that is no DuckDB file: LOAD_FAILED, untouched', async () => {
  await withWarehouse(async ({ path, release, storage }) => {
    await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, 'not a database, but somebody’s file');
    const refused = release(inputOf(storage, { models: 'models' }));
    await expect(refused).rejects.toMatchObject({ code: 'LOAD_FAILED' });
    expect(await readFile(path, 'utf8')).toBe('not a database, but somebody’s file');
  });
});

test('a reader that has the old file open goes on while the new one is published', async () => {
  await withWarehouse(async ({ path, release, storage }) => {
    await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
    await writePages(storage, 'more', [{ records: [tinyModel(1), tinyModel(2)] }]);
    await release(inputOf(storage, { models: 'models' }, { run: 'a' }));
    const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
    const reader = await instance.connect();
    const sql = 'SELECT count(*)::INTEGER AS n FROM huggingface.raw_model';
    await release(inputOf(storage, { models: 'more' }, { run: 'b' }));
    expect((await reader.runAndReadAll(sql)).getRowObjectsJS()).toEqual([{ n: 1 }]);
    reader.closeSync();
    instance.closeSync();
    expect(await count(path, 'raw_model')).toBe(2);
  });
});

test('a query gives plain values', async () => {
  await withWarehouse(async ({ path, release, storage }) => {
    await writePages(storage, 'models', [{ records: [tinyModel(1)] }]);
    await release(inputOf(storage, { models: 'models' }));
    const sql = `SELECT 7::BIGINT AS a, 9007199254740993::BIGINT AS b, DATE '2026-11-23' AS c, TIMESTAMPTZ '2026-11-23 10:00:00+00' AS d, {'x': 1::BIGINT} AS e, [1.5] AS f, NULL AS g, sum(3) AS h, 1.25::DECIMAL(5,2) AS i`;
    expect(await queryDuckdb(path, sql)).toEqual([
      {
        a: 7,
        b: '9007199254740993',
        c: '2026-11-23',
        d: '2026-11-23T10:00:00.000Z',
        e: { x: 1 },
        f: [1.5],
        g: null,
        h: 3,
        i: 1.25,
      },
    ]);
    await expect(queryDuckdb(path, 'SELEC 1')).rejects.toMatchObject({ code: 'LOAD_FAILED' });
    await expect(queryDuckdb(path, 'CREATE TABLE x (a INT)')).rejects.toMatchObject({
      code: 'LOAD_FAILED',
    });
  });
});
