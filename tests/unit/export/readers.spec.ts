import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportRun } from '../../../src/export/export.ts';
import { isNested } from '../../../src/export/csv.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { tableNamed } from '../../../src/tables/index.ts';
import {
  inputOf,
  realBoardRows,
  realModels,
  snapshotOf,
  withTemporaryFolder,
  writeBoards,
  writePages,
} from './captured.ts';

/** A Python of one's own: READERS_PYTHON=/path/to/venv/bin/python. */
const PYTHON = process.env['READERS_PYTHON'] ?? 'python3';
const MODULES = 'import pandas, polars, pyarrow, duckdb';

test('pandas, Polars, PyArrow and DuckDB read every table in every format', async () => {
  const { status } = spawnSync(PYTHON, ['-c', MODULES]);
  test.skip(status !== 0, `${PYTHON} lacks pandas, polars, pyarrow or duckdb: set READERS_PYTHON`);
  await withTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    await writePages(storage, 'models', [{ records: await realModels() }]);
    await writeBoards(storage, 'boards', [snapshotOf((await realBoardRows()).slice(0, 200))]);
    const out = join(folder, 'out');
    const { tables } = await exportRun(inputOf(storage, { models: 'models', boards: 'boards' }), {
      ...{ out, compress: 'gzip', formats: ['parquet', 'csv'] },
    });
    const expected = Object.entries(tables).map(([name, { rows }]) => {
      const table = tableNamed(name);
      const columns = (table === undefined ? [] : columnsOf(table)).map((it) => {
        return { name: it.name, type: it.type, nested: isNested(it) };
      });
      return [name, { rows, columns }] as const;
    });
    const facts = join(folder, 'expected.json');
    await writeFile(facts, JSON.stringify(Object.fromEntries(expected)));
    const script = fileURLToPath(new URL('readers.py', import.meta.url));
    const { stdout, stderr } = spawnSync(PYTHON, [script, out, facts], { encoding: 'utf8' });
    expect(JSON.parse(stdout === '' ? JSON.stringify(stderr) : stdout)).toEqual([]);
  });
});
