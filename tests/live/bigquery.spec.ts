import { BigQuery } from '@google-cloud/bigquery';
import { expect, test } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBigquery } from '../../src/export/bigquery/load.ts';
import { listBigqueryReleases, rollbackBigquery } from '../../src/export/bigquery/rollback.ts';
import { publishScript } from '../../src/export/bigquery/script.ts';
import { realExport, tinyExport } from '../unit/bigquery/warehouse.ts';

// Against a real project, with a dataset of its own that is removed at the end:
// HF_BIGQUERY_TEST_PROJECT=my-project [HF_BIGQUERY_TEST_LOCATION=EU] npm run test:live
const project = process.env['HF_BIGQUERY_TEST_PROJECT'] ?? '';
const location = process.env['HF_BIGQUERY_TEST_LOCATION'] ?? 'US';
const dataset = `hf_etl_test_${Date.now()}_${process.pid}`;
const place = { project, location, dataset };

test.skip(project === '', 'HF_BIGQUERY_TEST_PROJECT is not set: nothing was tried at Google');
test.describe.configure({ mode: 'serial' });

let folder = '';
let client: BigQuery;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'etl-live-'));
  client = new BigQuery({ projectId: project, location });
});

test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const name of [dataset, `staging_${dataset}`, `${dataset}_backups`]) {
    await client.dataset(name).delete({ force: true });
  }
});

/** Rows of a table, by its metadata. */
async function rowsOf(table: string): Promise<number> {
  const [metadata] = (await client.dataset(dataset).table(table).getMetadata()) as [
    { numRows: string },
    unknown,
  ];
  return Number(metadata.numRows);
}

test('every table of real records arrives, described; a second load only reads', async () => {
  const exported = await realExport(folder);
  const result = await loadBigquery({}, exported, place);
  expect(result.outcome).toBe('published');
  for (const [table, entry] of Object.entries(exported.manifest.tables)) {
    expect(await rowsOf(table), table).toBe(entry.rows);
    const [metadata] = (await client.dataset(dataset).table(table).getMetadata()) as [
      { description: string; labels: object; expirationTime?: string; schema: object },
      unknown,
    ];
    expect(metadata.description.length, table).toBeGreaterThan(20);
    expect(metadata.labels, table).toMatchObject({ run: 'r1' });
    expect(JSON.stringify(metadata.schema), table).toContain('"description"');
  }
  expect((await loadBigquery({}, exported, place)).outcome).toBe('already');
});

test('a later run replaces, keeps its history once, and can be rolled back', async () => {
  const before = await rowsOf('usage');
  const later = await tinyExport(folder, { run: 'later', day: '2026-11-30', models: 3 });
  await loadBigquery({}, later, place);
  expect(await rowsOf('usage')).toBe(before + 3);
  expect(await rowsOf('core_model')).toBe(3);
  const anew = await tinyExport(folder, { run: 'later', day: '2026-11-30', models: 4, likes: 2 });
  await loadBigquery({}, anew, place);
  expect(await rowsOf('usage')).toBe(before + 4);
  await rollbackBigquery({}, 'r1', place);
  expect(await rowsOf('usage')).toBe(before);
  const releases = await listBigqueryReleases({}, place);
  expect(releases.map(({ action, run }) => `${action} ${run}`)).toEqual([
    'publish r1',
    'publish later',
    'publish later',
    'rollback r1',
  ]);
});

test('each form of SQL that we send is understood (dry run, free)', async () => {
  const target = `${project}.${dataset}`;
  const query = publishScript(
    [
      {
        target: `${target}.usage`,
        source: `${target}.usage`,
        columns: ['id', '_id', 'update_time'],
        slice: [{ name: 'update_time', byDay: true }],
      },
      {
        target: `${target}.leaderboard_scores`,
        source: `${target}.leaderboard_scores`,
        columns: [
          'board',
          'entry_id',
          'snapshot_date',
          'captured_at',
          'metric',
          'header',
          'status',
          'run',
        ],
        slice: [
          { name: 'board', byDay: false },
          { name: 'snapshot_date', byDay: false },
        ],
      },
    ],
    { dataset: target, sequence: 5, rows: [], checks: [] },
  ).replace(/INSERT INTO `[^`]+\.releases`[^;]*;\n/, '');
  const [job] = await client.createQueryJob({ query, dryRun: true, location });
  expect((job.metadata as { status: { errorResult?: unknown } }).status.errorResult).toBe(
    undefined,
  );
});
