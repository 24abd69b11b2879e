import fc from 'fast-check';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { csvLine } from '../../../src/export/csv.ts';
import { runCli, type CliResult } from '../../helpers/cli.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';

const test = base.extend<{ query: (...args: string[]) => Promise<CliResult> }>({
  /** `query` of a warehouse of two models. */
  query: async ({ loaded }, use) => {
    await use((...args) => runCli(['query', ...args, '--storage', loaded]));
  },
});

const VALUES = `SELECT 9007199254740993::BIGINT AS "big", 7::BIGINT AS small, sum(3) AS huge,
  DATE '2026-11-23' AS "day", {'on': DATE '2026-11-23', 'n': 1::BIGINT, 'l': [1.5, NULL]} AS nested,
  TIMESTAMPTZ '2026-11-23 10:00:00.123456+00' AS at, 'a "b", c' AS quoted, '' AS empty, NULL AS nothing,
  1.10::DECIMAL(5,2) AS price, 123456789012345.12345::DECIMAL(20,5) AS exact, true AS yes, 'nan'::DOUBLE AS nan,
  MAP {'k': 1} AS map, E'two\\nlines' AS lines, 'é' AS letter`;

test('every kind of value comes out right as JSON, CSV and table', async ({ query }) => {
  const json = await query(VALUES, '--format', 'json');
  const csv = await query(VALUES, '--format', 'csv');
  const table = await query(VALUES, '--format', 'table');
  const values = {
    big: '9007199254740993',
    small: 7,
    huge: 3,
    day: '2026-11-23',
    nested: { on: '2026-11-23', n: 1, l: [1.5, null] },
    at: '2026-11-23T10:00:00.123456Z',
    quoted: 'a "b", c',
    empty: '',
    nothing: null,
    price: 1.1,
    exact: '123456789012345.12345',
    yes: true,
    nan: 'NaN',
    map: [{ key: 'k', value: 1 }],
    lines: 'two\nlines',
    letter: 'é',
  };
  expect(json.code, json.stderr).toBe(0);
  expect(JSON.parse(json.stdout)).toEqual([values]);
  expect(csv.stdout).toBe(
    `${Object.keys(values).join(',')}\n` +
      '9007199254740993,7,3,2026-11-23,"{""on"":""2026-11-23"",""n"":1,""l"":[1.5,null]}",' +
      '2026-11-23T10:00:00.123456Z,"a ""b"", c","",,1.1,123456789012345.12345,true,NaN,' +
      '"[{""key"":""k"",""value"":1}]","two\nlines",é\n',
  );
  expect(table.stdout).toContain('two lines');
  expect(table.stdout).toMatch(/^big +small/);
});

test('a pipe gets CSV, --json JSON; no rows are an empty list, a header, a note', async ({
  query,
}) => {
  const sql = 'SELECT id, likes FROM huggingface.raw_model WHERE likes > 5';
  expect((await query(sql)).stdout).toBe('id,likes\n');
  expect((await query(sql, '--json')).stdout).toBe('[]\n');
  expect((await query(sql, '--format', 'table')).stdout).toBe('(no rows)\n');
  const same = await query('SELECT 1 AS a, 2 AS a', '--json');
  expect(JSON.parse(same.stdout)).toEqual([{ a: 1, 'a:1': 2 }]);
});

test('an answer of many parts is whole, and a table of it is cut with a note', async ({
  query,
}) => {
  const sql = 'SELECT range AS n, repeat(chr(120), 100) AS text FROM range(30000)';
  const csv = await query(sql);
  const lines = csv.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(30_001);
  expect(lines.at(-1)).toBe(`29999,${'x'.repeat(100)}`);
  expect(JSON.parse((await query(sql, '--json')).stdout)).toHaveLength(30_000);
  const table = await query(sql, '--format', 'table');
  expect(table.stdout.split('\n')).toHaveLength(1 + 1 + 1000 + 2);
  expect(table.stdout).toContain('The first 1000 rows');
});

const WRITING = [
  'CREATE TABLE huggingface.x (a INT)',
  'CREATE TEMP TABLE x AS SELECT 1',
  'INSERT INTO huggingface.tags SELECT * FROM huggingface.tags',
  'UPDATE huggingface.raw_model SET likes = 1',
  'DELETE FROM huggingface.raw_model',
  'DROP TABLE huggingface.raw_model',
  "COPY huggingface.raw_model TO 'FOLDER/copy.csv'",
  "EXPLAIN ANALYZE COPY huggingface.usage TO 'FOLDER/copy.csv'",
  "EXPLAIN ANALYZE COPY (SELECT 1) TO 'FOLDER/warehouse/hub.duckdb' (FORMAT csv)",
  "EXPLAIN ANALYZE COPY (SELECT 1) TO 'FOLDER/warehouse/hub.duckdb.wal'",
  "EXPLAIN COPY (SELECT 1) TO 'FOLDER/warehouse/hub.duckdb'",
  "EXPORT DATABASE 'FOLDER/exported'",
  "ATTACH 'FOLDER/other.duckdb'",
  "SET temp_directory = 'FOLDER/spill'",
  'SET enable_external_access = true',
  'CHECKPOINT',
  'INSTALL httpfs',
  "SELECT * FROM read_csv('FOLDER/usage.jsonl')",
  'SELECT 1; SELECT 2',
  'SELECT 1; DROP TABLE huggingface.raw_model',
  '',
];

test('what does not only read is refused by name, before it is run', async ({
  loaded: folder,
  query,
}) => {
  const file = path.join(folder, 'warehouse', 'hub.duckdb');
  const before = await readFile(file);

  const names = (await readdir(folder)).toSorted();
  for (const sql of WRITING) {
    const { code, stderr, stdout } = await query(sql.replace('FOLDER', folder), '--format', 'csv');
    expect(code, sql).toBe(2);
    expect(stdout, sql).toBe('');
    expect(stderr, sql).toContain('[QUERY_REFUSED]');
  }
  expect((await readdir(folder)).toSorted()).toEqual(names);
  expect((await readFile(file)).equals(before)).toBe(true);
  const insert = await query('DELETE FROM huggingface.raw_model');
  expect(insert.stderr).toContain('this is DELETE');
});

test('a query that DuckDB cannot run is the query’s fault, with what DuckDB says', async ({
  query,
}) => {
  const syntax = await query('SELEC 1');
  const column = await query('SELECT no_such FROM huggingface.raw_model');
  const late = await query("SELECT CAST('x' AS INT)");
  for (const { code, stderr } of [syntax, column, late]) {
    expect(code).toBe(2);
    expect(stderr).toContain('[QUERY_FAILED]');
  }
  expect(column.stderr).toContain('no_such');
});

test('the statement may come from a file or from stdin, and must come from one place', async ({
  folder,
  cli,
  query,
}) => {
  const file = path.join(folder, 'q.sql');
  await writeFile(file, 'SELECT count(*) AS n\nFROM huggingface.raw_model; -- all\n');
  expect((await query('--file', file)).stdout).toBe('n\n2\n');

  const stdin = 'FROM huggingface.usage SELECT sum(likes) AS n';
  expect(await cli(['query', '-'], { stdin })).toMatchObject({ code: 0, stdout: 'n\n4\n' });

  for (const args of [
    [],
    ['SELECT 1', '--file', file],
    ['--file', path.join(folder, 'none.sql')],
  ]) {
    const { code, stderr } = await query(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('[CONFIG_INVALID]');
  }
  const format = await query('SELECT 1', '--format', 'xml');
  expect(format.stderr).toContain('--format knows table, json, csv');
});

test('a file that is no warehouse, and none at all, are said', async ({ folder, cli }) => {
  const none = await cli(['query', 'SELECT 1']);
  await mkdir(path.join(folder, 'warehouse'));
  await writeFile(path.join(folder, 'warehouse', 'hub.duckdb'), 'no database');
  const broken = await cli(['query', 'SELECT 1']);
  expect(none.stderr).toContain('[WAREHOUSE_MISSING]');
  expect(broken).toMatchObject({ code: 6 });
});

test('any row of texts survives CSV: what a reader by RFC 4180 gets back is what went in', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string({ unit: 'grapheme' })), { minLength: 1 }), (row) => {
      // What a spreadsheet would run has an apostrophe before it.
      const isFormula = (it: string | null) =>
        /^[=+\-@\t\r]/.test(it ?? '') && !/^[+-]\d+$/.test(it ?? '');
      const guarded = row.map((it) => (isFormula(it) ? `'${it}` : it));
      expect(readCsvLine(csvLine(row))).toEqual(guarded);
    }),
  );
});

test('CSV of a query runs nothing in a spreadsheet, and a number stays a number', async ({
  query,
}) => {
  const sql = `SELECT '=1+1' AS a, '@x' AS b, -5 AS c, -9007199254740993 AS d, '-2+3' AS e`;
  expect((await query(sql, '--format', 'csv')).stdout).toBe(
    `a,b,c,d,e\n'=1+1,'@x,-5,-9007199254740993,'-2+3\n`,
  );
});

test('no escape of other people reaches a terminal, and a pipe gets every byte', async ({
  loaded,
}) => {
  const args = ['query', "SELECT chr(27) || ']0;x' || chr(7) AS a", '--format', 'csv'];
  const where = ['--storage', loaded];
  const terminal = await runCli([...args, ...where], { isTerminal: true });
  const pipe = await runCli([...args, ...where]);
  const failed = await runCli(['query', '--format', '\u001b[2J', 'SELECT 1', ...where]);

  expect(terminal.stdout).toBe('a\n\\u001b]0;x\\u0007\n');
  expect(pipe.stdout).toBe('a\n\u001b]0;x\u0007\n');
  expect(failed.stderr).not.toContain('\u001b');
});

/** A reader of its own: an empty field is null, a quoted one a text. */
function readCsvLine(line: string): (string | null)[] {
  const cells: (string | null)[] = [];
  let rest = `,${line.slice(0, -1)}`;
  while (rest !== '') {
    const [whole = '', quoted, plain] = /^,(?:"((?:[^"]|"")*)"|([^,]*))/s.exec(rest) ?? [rest];
    if (quoted !== undefined) cells.push(quoted.replaceAll('""', '"'));
    else cells.push(plain === '' || plain === undefined ? null : plain);
    rest = rest.slice(whole.length);
  }
  return cells;
}
