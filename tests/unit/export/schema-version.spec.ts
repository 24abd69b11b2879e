import { expect, test } from '@playwright/test';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { fitSchema } from '../../../src/export/bigquery/schema.ts';
import type { ColumnShape } from '../../../src/export/checks/check.ts';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { shapesIn } from '../../../src/export/duckdb/engine.ts';
import { nameOf, tableColumns, withDuckdb } from '../../../src/export/duckdb/session.ts';
import { bigquerySchema } from '../../../src/tables/bigquery.ts';
import { SCHEMA_VERSION, tables } from '../../../src/tables/index.ts';
import { tinyRelease, withPlace, type Warehouse } from './duckdb-place.ts';

/** The file that an earlier version made of two releases, in the place of `place`. */
async function putOldFile({ path }: Warehouse): Promise<void> {
  const packed = await readFile(new URL('fixtures/hub-schema-1.duckdb.zst', import.meta.url));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, zstdDecompressSync(packed));
}

test('a file of an older schema gets the new columns, and its history stays', async () => {
  await withPlace(async (place) => {
    await putOldFile(place);
    const { path, folder } = place;
    await buildDuckdb({ ...(await tinyRelease(folder, 3)), path });
    const ask = (sql: string) => queryDuckdb(path, sql);
    expect(
      await ask('SELECT day(update_time) AS day, count(*) AS n FROM usage GROUP BY 1 ORDER BY 1'),
    ).toEqual([1, 2, 3].map((n) => ({ day: n, n })));
    expect(
      await ask(
        'SELECT run, exit_code, schema_version, asked_sources, len(sources) AS n FROM runs ORDER BY 1',
      ),
    ).toEqual([
      { run: 'r1', exit_code: null, schema_version: null, asked_sources: null, n: 2 },
      { run: 'r2', exit_code: null, schema_version: null, asked_sources: null, n: 2 },
      expect.objectContaining({ run: 'r3', exit_code: 0, schema_version: SCHEMA_VERSION, n: 2 }),
    ]);
    expect(await ask('SELECT DISTINCT run, schema_version FROM releases ORDER BY 1')).toEqual([
      { run: 'r1', schema_version: null },
      { run: 'r2', schema_version: null },
      { run: 'r3', schema_version: SCHEMA_VERSION },
    ]);
    // What the old file had under this name called every run complete.
    expect(await ask('SELECT DISTINCT run FROM completeness')).toEqual([{ run: 'r3' }]);
    expect(
      await ask('SELECT count(DISTINCT snapshot_date) AS days FROM leaderboard_entries'),
    ).toEqual([{ days: 3 }]);
  });
});

test('an export of another schema, and a file of a later one, are refused with a hint', async () => {
  await withPlace(async (place) => {
    const { path, folder } = place;
    const release = await tinyRelease(folder, 1);
    const old = { ...release.manifest, schemaVersion: 1 };
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

/** As the API of BigQuery would tell it. */
const fieldOf = ({ name, type, isRepeated, fields }: ColumnShape): Field => ({
  ...{ name, type, mode: isRepeated ? 'REPEATED' : 'NULLABLE' },
  ...(fields.length === 0 ? {} : { fields: fields.map(fieldOf) }),
});

interface Field {
  name: string;
  type: string;
  mode: string;
  fields?: Field[];
}

test('tables of the older schema fit in BigQuery too: columns are added, none is lost', async () => {
  await withPlace(async (place) => {
    await putOldFile(place);
    await withDuckdb(place.path, { readOnly: true }, async (connection) => {
      const known = await tableColumns(connection);
      const old = tables.filter(({ name }) => known.has(name));
      expect(old.length).toBeGreaterThan(16);
      for (const table of old) {
        const before = (await shapesIn(connection, nameOf(table.name))).map(fieldOf);
        expect(fitSchema(bigquerySchema(table), before).misfits, table.name).toEqual([]);
      }
    });
  });
});
