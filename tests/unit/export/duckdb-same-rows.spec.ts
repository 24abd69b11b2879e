import { expect, test } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBigquery } from '../../../src/export/bigquery/load.ts';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { exportRun } from '../../../src/export/export.ts';
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
  writePages,
} from './captured.ts';
import { jsonlContent, rowsContent, sqlContent } from './same-rows.ts';

/** With enough rows of the board for some threads of DuckDB. */
const BOARD_ROWS = 600;

test('every table of real records has the same rows in JSONL, Parquet, DuckDB and BigQuery', async () => {
  await withTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    const board = (await realBoardRows()).slice(0, BOARD_ROWS);
    await writePages(storage, 'models', [{ records: await realModels() }]);
    await writeBoards(storage, 'boards', [snapshotOf(board)]);
    const tags = '{"license":[{"id":"license:mit","label":"MIT","type":"license"}]}';
    await writeDataset(storage, 'tags', [capture('tags', tags)]);
    const exportDir = join(folder, 'out');
    const datasets = { models: 'models', boards: 'boards', tags: 'tags' };
    const manifest = await exportRun(inputOf(storage, datasets), {
      out: exportDir,
      compress: 'zstd',
      formats: ['jsonl', 'parquet'],
    });
    const path = join(folder, 'warehouse', 'hub.duckdb');
    await buildDuckdb({ manifest, exportDir, path });
    const double = await startBigqueryDouble();
    const place = { project: double.project, endpoint: double.url };
    await loadBigquery({}, { manifest, exportDir }, place);

    let rows = 0;
    for (const table of tables.filter(({ name }) => manifest.tables[name] !== undefined)) {
      const sent = await jsonlContent(table, manifest, exportDir);
      const parquet = `read_parquet('${join(exportDir, `${table.name}.parquet`)}')`;
      expect(sent.rows, table.name).toBe(manifest.tables[table.name]?.rows);
      const sources = {
        Parquet: await sqlContent(table, parquet),
        DuckDB: await sqlContent(table, `huggingface."${table.name}"`, path),
        BigQuery: await rowsContent(table, double.rows('huggingface', table.name)),
      };
      for (const [name, content] of Object.entries(sources)) {
        expect(content, `${name} ${table.name}`).toEqual(sent);
      }
      rows += sent.rows;
    }
    expect(rows).toBeGreaterThan(10_000);
    expect(manifest.tables['leaderboard']?.rows).toBe(BOARD_ROWS);
    const bare = `SELECT table_name FROM duckdb_columns() WHERE schema_name = 'huggingface' AND comment IS NULL AND table_name <> 'releases'`;
    expect(await queryDuckdb(path, bare)).toEqual([]);
    await expectBoard(path, folder, board);
    await double.close();
  });
});

/** SQL over the rows of the board as they were sent agrees with its tables. */
async function expectBoard(path: string, folder: string, board: readonly unknown[]) {
  const sent = join(folder, 'board.jsonl');
  await writeFile(sent, board.map((row) => JSON.stringify(row)).join('\n'));
  const rows = `read_json('${sent}', format = 'newline_delimited', columns = {'id': 'VARCHAR', 'model': 'JSON', 'evaluations': 'JSON', 'features': 'JSON', 'metadata': 'JSON'})`;
  const sum = (columns: string) => `count(*) AS n, sum(hash(${columns}) % 1000003) AS checksum`;
  for (const [ours, theirs] of [
    [
      `${sum('entry_id, id, params, "MMLU-PRO", BBH_Raw, not_merged, available_on_hub, flagged, mixture_of_experts, submission_date')} FROM huggingface.leaderboard`,
      sum(
        "id, model->>'$.name', CASE WHEN (metadata->>'$.params_billions')::DOUBLE > 0 THEN (metadata->>'$.params_billions')::DOUBLE END, (evaluations->>'$.mmlu_pro.normalized_score')::DOUBLE, (evaluations->>'$.bbh.value')::DOUBLE, NOT (features->>'$.is_merged')::BOOLEAN, (features->>'$.is_not_available_on_hub')::BOOLEAN, (features->>'$.is_flagged')::BOOLEAN, (features->>'$.is_moe')::BOOLEAN, (metadata->>'$.submission_date')::DATE",
      ),
    ],
    [
      `count(*) AS n, round(sum(value), 6) AS total FROM huggingface.leaderboard_scores WHERE metric = 'gpqa_raw'`,
      `count(*) AS n, round(sum((evaluations->>'$.gpqa.value')::DOUBLE), 6) AS total`,
    ],
  ]) {
    const [found] = await queryDuckdb(path, `SELECT ${ours}`);
    expect(found).toEqual((await queryDuckdb(path, `SELECT ${theirs} FROM ${rows}`))[0]);
    expect(Object.values(found ?? {}).every((value) => value !== null && value !== 0)).toBe(true);
  }
}

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
