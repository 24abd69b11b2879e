import { expect, test } from '@playwright/test';
import { checks } from '../../../src/export/checks/index.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { tableNamed } from '../../../src/tables/index.ts';
import {
  asRun,
  BACKUPS,
  contentsOf,
  DATASET,
  realExport,
  STAGING,
  withDouble,
  type Exported,
  type Place,
} from './warehouse.ts';

test('real records: all tables as the manifest states, described; once more only reads; checks pass', async () => {
  await withDouble(async (place) => {
    const { double, load } = place;
    const exported = await realExport(place.folder, { shardBytes: 300_000, boardRows: 300 });
    const result = await load(exported, { checks: {} });
    const before = contentsOf(double, DATASET);
    const { releases, release_checks: found, ...tables } = before;
    const stated = Object.entries(exported.manifest.tables).map(([name, { rows, sha256 }]) => [
      name,
      { rows, sha256 },
    ]);
    expect(stated.length).toBeGreaterThan(10);
    expect(tables).toEqual(Object.fromEntries(stated));
    expect(releases?.rows).toBe(stated.length);
    expect(found?.rows).toBe(result.checks.length);
    expect(result.outcome).toBe('published');
    expect(contentsOf(double, STAGING)).toEqual({});
    expect(contentsOf(double, BACKUPS)).toEqual({});
    expectDescribed(place);

    const sights = double.sights.length;
    double.requests.length = 0;
    expect(await load(exported)).toMatchObject({ outcome: 'already', sequence: 1 });
    expect(double.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(double.sights.length).toBe(sights);
    expect(contentsOf(double, DATASET)).toEqual(before);

    await expectChecked(place, exported);
  });
});

/** Tables carry descriptions, labels, clustering and the days of their history. */
function expectDescribed({ double }: Place): void {
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
}

/** With a release before, every check has something to say, and speaks of every table. */
async function expectChecked({ double, load }: Place, exported: Exported): Promise<void> {
  const names = Object.keys(exported.manifest.tables);
  const asked = double.queries.length;
  const { checks: results } = await load(asRun(exported, 'r2'), { checks: {} });
  expect(new Set(results.map(({ check }) => check))).toEqual(
    new Set(checks.map(({ name }) => name)),
  );
  expect(new Set(results.map(({ table }) => table))).toEqual(new Set(names));
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  expect(skipped.length).toBeLessThan(results.length / 3);
  // Plain reading: a few queries, and each of them in the words that both engines share.
  expect(double.queries.length - asked).toBeLessThan(3 * names.length);
}
