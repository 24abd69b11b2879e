import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadBigquery } from '../../../src/export/bigquery/load.ts';
import { buildDuckdb } from '../../../src/export/duckdb.ts';
import { exportRun } from '../../../src/export/export.ts';
import { openCaptures } from '../../../src/storage/captures.ts';
import { tables } from '../../../src/tables/index.ts';
import { startBigqueryDouble } from '../../bigquery/server.ts';
import {
  capture,
  inputOf,
  realBoardRows,
  realModels,
  snapshotOf,
  withTemporaryFolder,
  writeBoards,
  writeDataset,
} from './captured.ts';
import { jsonlContent, linesIn, rowsContent, sqlContent } from './same-rows.ts';

/** A file of models of one's own, one a line (`.gz` too), instead of the replica's. */
const FILE = process.env['SAME_ROWS_MODELS'];
const PER_PAGE = 1000;

async function linesOf(): Promise<Iterable<string>> {
  if (FILE === undefined) return realModels();
  const bytes = await readFile(FILE);
  return linesIn(FILE.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

async function writeModels(storage: string): Promise<void> {
  const out = await openCaptures(storage, 'models');
  let page: string[] = [];
  const flush = async () => {
    const body = `[${page.join(',')}]`;
    await out.write(capture('models', body, { count: page.length }));
    page = [];
  };
  for (const line of await linesOf()) {
    page.push(line);
    if (page.length === PER_PAGE) await flush();
  }
  if (page.length > 0) await flush();
  await out.close();
}

test('every table has the same rows in JSONL, Parquet, DuckDB and BigQuery', async () => {
  if (FILE !== undefined) test.setTimeout(1_800_000);
  await withTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    await writeModels(storage);
    await writeBoards(storage, 'boards', [snapshotOf(await realBoardRows())]);
    const tags = '{"license":[{"id":"license:mit","label":"MIT","type":"license"}]}';
    await writeDataset(storage, 'tags', [capture('tags', tags)]);
    const exportDir = join(folder, 'out');
    const datasets = { models: 'models', boards: 'boards', tags: 'tags' };
    const manifest = await exportRun(inputOf(storage, datasets), {
      out: exportDir,
      compress: 'zstd',
      formats: ['jsonl', 'parquet'],
    });
    const path = join(folder, 'hub.duckdb');
    await buildDuckdb({ manifest, exportDir, path });
    const double = await startBigqueryDouble();
    const place = { project: double.project, endpoint: double.url };
    await loadBigquery({}, { manifest, exportDir }, place);

    let rows = 0;
    for (const table of tables.filter(({ name }) => manifest.tables[name] !== undefined)) {
      const sent = await jsonlContent(table, manifest, exportDir);
      const parquet = `read_parquet('${join(exportDir, `${table.name}.parquet`)}')`;
      expect(sent.rows, table.name).toBe(manifest.tables[table.name]?.rows);
      expect(await sqlContent(table, parquet), `Parquet ${table.name}`).toEqual(sent);
      expect(
        await sqlContent(table, `huggingface."${table.name}"`, path),
        `DuckDB ${table.name}`,
      ).toEqual(sent);
      expect(
        await rowsContent(table, double.rows('huggingface', table.name)),
        `BigQuery ${table.name}`,
      ).toEqual(sent);
      rows += sent.rows;
      if (FILE !== undefined)
        process.stderr.write(`${table.name}: ${sent.rows} rows, ${sent.sum}\n`);
    }
    expect(rows).toBeGreaterThan(10_000);
    await double.close();
  });
});

test('the checksum sees one changed value, a missing row and a row that is there twice', async () => {
  const [table] = tables.filter(({ name }) => name === 'usage');
  if (table === undefined) throw new Error('no table');
  const rows = [1, 2, 3].map((likes) => ({
    id: 'a/b',
    _id: String(likes),
    likes,
    update_time: '2026-11-23T00:00:00.000Z',
  }));
  const whole = await rowsContent(table, rows);
  expect(await rowsContent(table, rows.toReversed())).toEqual(whole);
  expect(
    await rowsContent(
      table,
      rows.map((it) => ({ ...it, downloads: null })),
    ),
  ).toEqual(whole);
  for (const other of [
    rows.map((it) => (it.likes === 2 ? { ...it, likes: 4 } : it)),
    rows.slice(1),
    [...rows, ...rows.slice(0, 1)],
    rows.map((it) => ({ ...it, update_time: '2026-11-23T00:00:00.001Z' })),
  ]) {
    expect(await rowsContent(table, other)).not.toEqual(whole);
  }
});
