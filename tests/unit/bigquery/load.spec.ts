import { expect, test } from '@playwright/test';
import { columnsOf } from '../../../src/tables/columns.ts';
import { tableNamed } from '../../../src/tables/index.ts';
import { BACKUPS, contentsOf, DATASET, realExport, STAGING, withDouble } from './warehouse.ts';

test('every table of real records arrives as the manifest states, row by row', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const exported = await realExport(folder, { shardBytes: 300_000 });
    const result = await load(exported);
    const { releases, release_checks: checks, ...tables } = contentsOf(double, DATASET);
    const stated = Object.entries(exported.manifest.tables).map(([name, { rows, sha256 }]) => [
      name,
      { rows, sha256 },
    ]);
    expect(stated.length).toBeGreaterThan(10);
    expect(tables).toEqual(Object.fromEntries(stated));
    expect(releases?.rows).toBe(stated.length);
    expect(checks?.rows).toBe(result.checks.length);
    expect(result.outcome).toBe('published');
    expect(contentsOf(double, STAGING)).toEqual({});
    expect(contentsOf(double, BACKUPS)).toEqual({});
  });
});

test('tables carry descriptions, labels, clustering and the days of their history', async () => {
  await withDouble(async ({ folder, double, load }) => {
    await load(await realExport(folder));
    for (const [name, stored] of double.tables(DATASET)) {
      if (name.startsWith('release')) continue;
      const table = tableNamed(name);
      if (table === undefined) throw new Error(`unknown ${name}`);
      expect(stored.description, name).toBe(table.description);
      expect(stored.labels, name).toEqual({
        run: 'r1',
        schema_version: expect.stringMatching(/^[0-9a-f]{12}$/),
      });
      expect(stored.expiresMs, name).toBe(undefined);
      expect(stored.timePartitioning?.field, name).toBe(table.historyBy);
      expect(stored.schema.map(({ description }) => description)).toEqual(
        columnsOf(table).map(({ description }) => description),
      );
    }
    expect(double.tables(DATASET).get('raw_model')?.clustering).toEqual({ fields: ['id'] });
  });
});

test('loading the same export again only reads', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const exported = await realExport(folder);
    await load(exported);
    const before = contentsOf(double, DATASET);
    const sights = double.sights.length;
    double.requests.length = 0;
    const again = await load(exported);
    expect(again).toMatchObject({ outcome: 'already', sequence: 1 });
    expect(double.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(double.sights.length).toBe(sights);
    expect(contentsOf(double, DATASET)).toEqual(before);
  });
});
