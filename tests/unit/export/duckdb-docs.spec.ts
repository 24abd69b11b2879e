import { expect, test } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { objectOf, table } from '../../../src/cli/table.ts';
import { askDuckdb } from '../../../src/export/duckdb/query.ts';
import { views } from '../../../src/export/duckdb/views.ts';
import { countOf, withDuckdb } from '../../../src/export/duckdb/session.ts';
import { releaseChecks, releases } from '../../../src/export/warehouse/releases.ts';
import { tables } from '../../../src/tables/index.ts';
import { buildDuckdb, queryDuckdb } from '../../../src/export/duckdb.ts';
import { exportRun } from '../../../src/export/export.ts';
import { realExport } from '../bigquery/warehouse.ts';
import { inputOf, realModels, tinyModel, writePages } from './captured.ts';

test.describe.configure({ mode: 'serial' });

let folder = '';
let path = '';
/** The same, with the day before. */
let twoDays = '';

/** A warehouse of everything that the package carries: what `demo` makes. */
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'etl-docs-'));
  path = join(folder, 'hub.duckdb');
  twoDays = join(folder, 'two-days.duckdb');
  const exported = await realExport(folder);
  await buildDuckdb({ ...exported, path });
  await buildDuckdb({ ...(await dayBefore(folder)), path: twoDays });
  await buildDuckdb({ ...exported, path: twoDays });
});

/** What the same models were a day before: two more, one with another name, and other downloads. */
async function dayBefore(folder: string) {
  const storage = join(folder, 'storage-before');
  const records = (await realModels()).map((text, at) => {
    const model = JSON.parse(text) as { id: string; downloads: number };
    if (at === 0) return { ...model, id: 'example/former-name' };
    return { ...model, downloads: Math.max(0, model.downloads - (at % 3) + 1) };
  });
  const texts = [...records.map((it) => JSON.stringify(it)), tinyModel(1), tinyModel(2)];
  await writePages(storage, 'models', [{ records: texts }]);
  const times = { startedAt: '2026-11-22T09:00:00.000Z', finishedAt: '2026-11-22T11:00:00.000Z' };
  const input = inputOf(storage, { models: 'models' }, { run: 'r0', ...times });
  const exportDir = join(folder, 'before');
  const out = { out: exportDir, compress: 'none', tables: ['usage'] } as const;
  return { manifest: await exportRun(input, out), exportDir };
}

test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** Asks as `query` does, so that what stands in the docs is also what it lets pass. */
const answerTo = (sql: string, file = path): Promise<object[]> =>
  askDuckdb({ path: file }, sql, async ({ columns, parts }) => {
    const rows: object[] = [];
    for await (const part of parts) rows.push(...part.map((it) => objectOf(columns, it)));
    return rows;
  });

const pageOf = (name: string): string =>
  fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));

/** A query with the answer that stands under it. */
const ANSWERED = /```sql\n([^`]*)```\n\n```text\n([^`]*)```/g;

/** Holds the answers of a page against those of a file; `npm run golden:update` writes them. */
async function checkAnswers(name: string, file: string): Promise<{ page: string; asked: number }> {
  const page = readFileSync(pageOf(name), 'utf8');
  const found = [...page.matchAll(ANSWERED)];
  let made = page;
  for (const [whole, sql = ''] of found) {
    const rows = await answerTo(sql, file);
    expect(rows.length, sql).toBeGreaterThan(0);
    made = made.replace(whole, () => `\`\`\`sql\n${sql}\`\`\`\n\n\`\`\`text\n${table(rows)}\`\`\``);
  }
  if (['all', 'changed'].includes(test.info().config.updateSnapshots))
    writeFileSync(pageOf(name), made);
  else expect(made).toBe(page);
  return { page, asked: found.length };
}

test('the queries of docs/warehouses.md give the answers that stand there', async () => {
  const { page, asked } = await checkAnswers('warehouses.md', path);
  expect(asked).toBeGreaterThan(6);
  for (const { name } of views) expect(page, name).toContain(name);
});

test('the query of the README gives the answer that stands there', async () => {
  expect((await checkAnswers('../README.md', path)).asked).toBe(1);
});

test('the twenty questions of docs/questions.md have the answers that stand there', async () => {
  const { page, asked } = await checkAnswers('questions.md', twoDays);
  expect(asked).toBe(20);
  expect(page.match(/^## \d+\. .*\?$/gm)).toHaveLength(20);
});

test('each view has a comment, on itself and on each of its columns, and gives rows', async () => {
  const comments = await queryDuckdb(
    path,
    `SELECT view_name AS name, comment FROM duckdb_views() WHERE schema_name = 'huggingface'`,
  );
  expect(comments.map(({ name }) => name).toSorted()).toEqual(
    views.map(({ name }) => name).toSorted(),
  );
  expect(comments.filter(({ comment }) => comment === null)).toEqual([]);
  for (const { name, columns } of views) {
    const found = await queryDuckdb(
      path,
      `SELECT column_name AS name, comment FROM duckdb_columns() WHERE schema_name = 'huggingface' AND table_name = '${name}' ORDER BY column_index`,
    );
    expect(found.map((it) => [it['name'], it['comment']])).toEqual(Object.entries(columns));
    const [counted] = await queryDuckdb(path, `SELECT count(*) AS n FROM huggingface.${name}`);
    // What changed needs a second day.
    if (!['usage_changes', 'events_history'].includes(name))
      expect(counted?.['n'], name).toBeGreaterThan(0);
  }
});

test('each table and view is found without its schema, also in a file that is attached', async () => {
  await withDuckdb(':memory:', { previous: path }, async (connection) => {
    for (const { name } of [...tables, ...views, releases, releaseChecks]) {
      const count = (from: string) => `SELECT count(*) AS n FROM ${from}`;
      const own = await queryDuckdb(path, count(`huggingface.${name}`));
      expect(await queryDuckdb(path, count(name)), name).toEqual(own);
      expect(await countOf(connection, count(`previous.${name}`)), name).toBe(own[0]?.['n']);
    }
  });
});

test('views agree with the tables that they are made from', async () => {
  const [sums] = await queryDuckdb(
    path,
    `SELECT (SELECT sum(models) FROM huggingface.models_by_month) = (SELECT count(createdAt) FROM huggingface.core_model) AS months,
      (SELECT sum(children) FROM huggingface.base_model_children) = (SELECT count(*) FROM huggingface.base_models) AS children,
      (SELECT count(*) FROM huggingface.lineage WHERE generation = 1) = (SELECT count(*) FROM huggingface.base_models WHERE id <> base_model) AS parents,
      (SELECT count(*) FROM huggingface.board_history) = (SELECT count(*) FROM huggingface.leaderboard_scores) AS scores,
      (SELECT sum(models) FROM huggingface.usage_by_day) = (SELECT count(*) FROM huggingface.usage) AS days,
      (SELECT bool_and(is_complete) FROM huggingface.completeness WHERE asked IS NOT NULL) AS complete,
      (SELECT sum(models) FROM huggingface.licences) >= (SELECT count(*) FROM huggingface.raw_model) AS licences`,
  );
  expect(Object.entries(sums ?? {}).filter(([, isTrue]) => isTrue !== true)).toEqual([]);
});

type OriginalColumn = [name: string, ...unknown[]];

test('docs/original.md has, for each table of the original, a query that gives its columns', async () => {
  const { tables: original } = JSON.parse(
    readFileSync(new URL('../tables/fixtures/table-columns.json', import.meta.url), 'utf8'),
  ) as { tables: Record<string, OriginalColumn[]> };
  const page = readFileSync(pageOf('original.md'), 'utf8');
  const queries = new Map(
    [...page.matchAll(/```sql\n-- (\w+)[^\n]*\n([^`]*)```/g)].map(([, name = '', sql = '']) => [
      name,
      sql,
    ]),
  );
  expect([...queries.keys()].toSorted()).toEqual(Object.keys(original).toSorted());
  for (const [name, columns] of Object.entries(original)) {
    const rows = await answerTo(queries.get(name) ?? '');
    expect(rows.length, name).toBeGreaterThan(0);
    expect(Object.keys(rows[0] ?? {}), name).toEqual(columns.map(([column]) => column));
  }
});
