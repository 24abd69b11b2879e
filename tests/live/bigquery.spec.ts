import type { BigQuery } from '@google-cloud/bigquery';
import { expect, test } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBigqueryClient } from '../../src/export/bigquery/client.ts';
import { loadBigquery } from '../../src/export/bigquery/load.ts';
import { listBigqueryReleases, rollbackBigquery } from '../../src/export/bigquery/rollback.ts';
import { publishScript } from '../../src/export/bigquery/script.ts';
import { tables, tablesByName } from '../../src/tables/index.ts';
import type { Table } from '../../src/tables/table.ts';
import { realExport, tinyExport } from '../unit/bigquery/warehouse.ts';
import { jsonlContent, rowsContent } from '../unit/export/same-rows.ts';

// Against a real project, with a dataset of its own that is removed at the end:
// HF_BIGQUERY_TEST_PROJECT=my-project [HF_BIGQUERY_TEST_LOCATION=EU] npm run test:live
// Or against an emulator: BIGQUERY_EMULATOR_HOST=http://127.0.0.1:9050, too.
const project = process.env['HF_BIGQUERY_TEST_PROJECT'] ?? '';
const location = process.env['HF_BIGQUERY_TEST_LOCATION'] ?? 'US';
const endpoint = process.env['BIGQUERY_EMULATOR_HOST'];
const dataset = `hf_etl_test_${Date.now()}_${process.pid}`;
const place = { project, location, dataset, ...(endpoint !== undefined && { endpoint }) };

test.skip(project === '', 'HF_BIGQUERY_TEST_PROJECT is not set: nothing was tried at Google');
test.describe.configure({ mode: 'serial' });

const TABLES = ['raw_model', 'core_model', 'usage', 'runs'];

let folder = '';
let client: BigQuery;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'etl-live-'));
  client = createBigqueryClient(place);
});

test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const name of [dataset, `staging_${dataset}`, `${dataset}_backups`]) {
    await client.dataset(name).delete({ force: true });
  }
});

async function rowsOf(table: string): Promise<number> {
  const query = `SELECT COUNT(*) AS n FROM \`${project}.${dataset}.${table}\``;
  const [rows] = (await client.query({ query, location })) as [{ n: number }[], ...unknown[]];
  return rows[0]?.n ?? Number.NaN;
}

/** What a reader finds in a table, as `jsonlContent` has it. */
async function contentOf(table: Table, where = 'TRUE') {
  const query = `SELECT TO_JSON_STRING(it) AS json FROM \`${project}.${dataset}.${table.name}\` AS it WHERE ${where}`;
  const [rows] = (await client.query({ query, location })) as [{ json: string }[], ...unknown[]];
  return rowsContent(
    table,
    rows.map(({ json }) => JSON.parse(json) as object),
  );
}

test('every table of real records arrives, described; a second load only reads', async () => {
  const exported = await realExport(folder);
  const result = await loadBigquery({}, exported, place);
  expect(result.outcome).toBe('published');
  for (const definition of tables.filter(({ name }) => exported.manifest.tables[name])) {
    const table = definition.name;
    const sent = await jsonlContent(definition, exported.manifest, exported.exportDir);
    expect(await contentOf(definition), table).toEqual(sent);
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
  const run = {
    run: 'later',
    day: '2026-11-30',
    tables: ['raw_model', 'core_model', 'usage', 'runs'],
  };
  const small = { ...place, checks: { minRows: 0 } };
  await loadBigquery({}, await tinyExport(folder, { ...run, models: 3 }), small);
  expect(await rowsOf('usage')).toBe(before + 3);
  expect(await rowsOf('core_model')).toBe(3);
  await loadBigquery({}, await tinyExport(folder, { ...run, models: 4, likes: 2 }), small);
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

test('a load that is stopped at a request is ended by the same load', async () => {
  const sequence = (await listBigqueryReleases({}, place)).length;
  let stops = 0;
  for (let at = 1, isStopped = true; isStopped; at += 9) {
    const [run, day] = [`s${at}`, new Date(Date.UTC(2027, 0, at)).toISOString().slice(0, 10)];
    const exported = await tinyExport(folder, { run, day, tables: TABLES, models: 3 + at });
    const stop = new AbortController();
    const stopped = createBigqueryClient(place);
    let requests = 0;
    stopped.interceptors.push({
      request(options) {
        requests += 1;
        if (requests === at) stop.abort();
        return options as never; // what it gives and what it takes have other types there
      },
    });
    const options = { ...place, checks: { minRows: 0 }, signal: stop.signal };
    await loadBigquery({ client: stopped }, exported, options).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    isStopped = stop.signal.aborted;
    stops += Number(isStopped);
    await loadBigquery({}, exported, { ...place, checks: { minRows: 0 } });
    const sent = await jsonlContent(tablesByName.usage, exported.manifest, exported.exportDir);
    const found = await contentOf(tablesByName.usage, `DATE(update_time) = '${day}'`);
    expect(found, `stopped at ${at}`).toEqual(sent);
    expect(await rowsOf('core_model')).toBe(3 + at);
  }
  expect(stops).toBeGreaterThan(4);
  expect((await listBigqueryReleases({}, place)).length).toBe(sequence + stops + 1);
});
