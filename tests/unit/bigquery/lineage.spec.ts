import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { openWarehouse } from '../../../src/export/bigquery/client.ts';
import { queryRows } from '../../../src/export/bigquery/jobs.ts';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { asRun, DATASET, realExport, tinyExport, withDouble } from './warehouse.ts';

const sorted = (rows: readonly object[]): string[] => rows.map((it) => JSON.stringify(it)).sort();

test('a load makes the view lineage, whose rows are those of DuckDB, and keeps it up to date', async () => {
  await withDouble(async ({ folder, double, clock, place, load }) => {
    const exported = await realExport(folder, { boardRows: 1 });
    await load(exported);
    const view = double.views(DATASET).get('lineage');
    if (view === undefined) throw new Error('no view');
    const path = join(folder, 'hub.duckdb');
    await buildDuckdb({ ...exported, path });
    const warehouse = await openWarehouse({ clock }, place);
    const rows = await queryRows(warehouse, view.query);
    const same = await queryDuckdb(path, 'SELECT * FROM huggingface.lineage');
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.some(({ generation }) => generation === 2)).toBe(true);
    expect(sorted(rows)).toEqual(sorted(same));

    const { query } = view;
    view.query = 'SELECT 1';
    await load(asRun(exported, 'r2'));
    expect(view.query).toBe(query);
  });
});

test('a load without the tables of lineage makes no view', async () => {
  await withDouble(async ({ folder, double, load }) => {
    await load(await tinyExport(folder, { run: 'a', day: '2026-11-01', models: 3 }));
    expect([...double.views(DATASET)]).toEqual([]);
  });
});
