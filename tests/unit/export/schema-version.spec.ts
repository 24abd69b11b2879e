import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { withDuckdb } from '../../../src/export/duckdb/session.ts';
import { SCHEMA_VERSION } from '../../../src/tables/index.ts';
import { tinyRelease, withPlace } from './duckdb-place.ts';

test('a file of an older schema gets the new columns, and its history stays', async () => {
  await withPlace(async ({ path, folder }) => {
    await buildDuckdb({ ...(await tinyRelease(folder, 1)), path });
    await withDuckdb(path, {}, async (connection) => {
      // One that may be null, and one that may not.
      for (const column of ['runs DROP COLUMN exit_code', 'runs DROP COLUMN version'])
        await connection.run(`ALTER TABLE huggingface.${column}`);
    });

    await buildDuckdb({ ...(await tinyRelease(folder, 2)), path });

    const ask = (sql: string) => queryDuckdb(path, sql);
    expect(
      await ask('SELECT day(update_time) AS day, count(*) AS n FROM usage GROUP BY 1 ORDER BY 1'),
    ).toEqual([1, 2].map((n) => ({ day: n, n })));
    expect(
      await ask('SELECT run, exit_code, version, len(sources) AS n FROM runs ORDER BY 1'),
    ).toEqual([
      { run: 'r1', exit_code: null, version: null, n: 2 },
      expect.objectContaining({ run: 'r2', exit_code: 0, n: 2 }),
    ]);
  });
});

test('an export of another schema, and a file of a later one, are refused with a hint', async () => {
  await withPlace(async (place) => {
    const { path, folder } = place;
    const release = await tinyRelease(folder, 1);
    const old = { ...release.manifest, schemaVersion: SCHEMA_VERSION - 1 };
    const refused = {
      code: 'SCHEMA_VERSION',
      hint: expect.stringContaining('--replay') as unknown,
    };
    await expect(buildDuckdb({ ...release, manifest: old, path })).rejects.toMatchObject(refused);
    await buildDuckdb({ ...release, path });
    await withDuckdb(path, {}, async (connection) => {
      await connection.run('UPDATE huggingface.releases SET schema_version = 99');
    });
    const bytes = await readFile(path);
    const next = await tinyRelease(folder, 2);
    await expect(buildDuckdb({ ...next, path })).rejects.toMatchObject(refused);
    expect(bytes.equals(await readFile(path))).toBe(true);
  });
});
