import { expect, test } from '@playwright/test';
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cleanModel } from '../../../src/clean/repos.ts';
import { tablesOf } from '../../../src/tables/index.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { duckdbColumns, duckdbDdl, identifier, literal } from '../../../src/tables/duckdb.ts';
import { tables } from '../../../src/tables/index.ts';
import { context } from '../clean/support/check.ts';

const models = gunzipSync(
  readFileSync(new URL('../../../demo/data/models.jsonl.gz', import.meta.url)),
)
  .toString('utf8')
  .trimEnd()
  .split('\n')
  .flatMap((line) => {
    const cleaned = cleanModel(JSON.parse(line), context);
    return cleaned.ok ? [cleaned.record] : [];
  });

test('DuckDB takes the statements of every table, and tells its comments', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();

  for (const table of tables)
    for (const statement of duckdbDdl(table)) await connection.run(statement);

  const comments = await connection.runAndReadAll(
    'SELECT table_name, comment FROM duckdb_tables() ORDER BY ALL',
  );
  expect(comments.getRows()).toEqual(
    tables.map(({ name, description }) => [name, description]).sort(),
  );
  connection.disconnectSync();
});

test('DuckDB loads the rows of every table of models with its own DDL, and gives them back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tables-'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    for (const { table, rows } of tablesOf('model')) {
      const file = join(folder, `${table.name}.jsonl`);
      const all = models.flatMap((model) => rows(model, context));
      writeFileSync(file, all.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await connection.run(duckdbDdl(table)[0] ?? '');
      const source = `read_json(${literal(file)}, format = 'newline_delimited', columns = ${duckdbColumns(table)})`;
      await connection.run(`INSERT INTO ${identifier(table.name)} SELECT * FROM ${source}`);

      const texts = columnsOf(table).filter(
        ({ type, mode }) => type === 'STRING' && mode !== 'REPEATED',
      );
      const names = texts.map(({ name }) => identifier(name)).join(', ');
      const stored = await connection.runAndReadAll(
        `SELECT ${names} FROM ${identifier(table.name)}`,
      );
      const expected = all.map((row) => texts.map(({ name }) => row[name]));
      expect(stored.getRows().map(String).sort()).toEqual(expected.map(String).sort());
      if (table.key.length > 0) {
        const keys = table.key.map(identifier).join(', ');
        const doubled = await connection.runAndReadAll(
          `SELECT ${keys} FROM ${identifier(table.name)} GROUP BY ALL HAVING count(*) > 1`,
        );
        expect(doubled.getRows(), `${table.name} is unique by ${keys}`).toEqual([]);
      }
    }
  } finally {
    connection.disconnectSync();
    rmSync(folder, { recursive: true });
  }
});
