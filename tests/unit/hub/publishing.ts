import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { queryDuckdb } from '../../../src/export/duckdb.ts';
import { columnsOf } from '../../../src/tables/columns.ts';
import { identifier, literal } from '../../../src/tables/duckdb.ts';
import { tables } from '../../../src/tables/index.ts';
import type { RunReport } from '../../../src/pipeline/report.ts';
import type { CliResult } from '../../helpers/cli.ts';
import { expect, temporaryFolder, test as base } from '../../helpers/fixtures.ts';
import { runInProcess } from '../../helpers/pipeline.ts';
import { startHub } from '../../../demo/hub/index.ts';

/** With the storage of a finished run over models, data sets and Spaces, the test's own. */
export const test = base.extend<{ storage: string }, { crawled: string }>({
  crawled: [
    async ({ few }, use) => {
      const { folder, remove } = await temporaryFolder();
      const hub = await startHub({ data: few });
      const settings = { storage: folder, endpoint: hub.url, to: 'duckdb' };
      await runInProcess({ ...settings, sources: 'models,datasets,spaces,tags' });
      await hub.close();
      await use(folder);
      await remove();
    },
    { scope: 'worker' },
  ],
  storage: async ({ crawled, folder }, use) => {
    await cp(crawled, folder, { recursive: true });
    await use(folder);
  },
});

/** What was published, of a command that ended well. */
export const outcomeOf = ({ stdout, stderr, code }: CliResult) => {
  expect(code, stderr).toBe(0);
  const [load] = (JSON.parse(stdout) as RunReport).hub ?? [];
  if (load === undefined) throw new Error('nothing was published');
  return load;
};

/** Files of a release as a folder, and its tables as DuckDB reads them, by name. */
export async function download(
  files: ReadonlyMap<string, Buffer>,
  to: string,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [file, content] of files) {
    const target = path.join(to, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
    const table = /^data\/(\w+)\//.exec(file)?.[1];
    if (table !== undefined)
      found.set(table, `read_parquet(${literal(path.join(to, 'data', table, '*.parquet'))})`);
  }
  return found;
}

/** Rows of texts, numbers and nulls. */
export const ask = async (storage: string, sql: string) =>
  (await queryDuckdb(path.join(storage, 'warehouse', 'hub.duckdb'), sql)) as Record<
    string,
    string | number | null
  >[];

/** Rows that differ, columns compared that both have whole. */
export async function differences(storage: string, table: string, from: string): Promise<unknown> {
  const definition = tables.find(({ name }) => name === table);
  if (definition === undefined) throw new Error(`no table ${table}`);
  const there = await ask(storage, `DESCRIBE SELECT * FROM ${from}`);
  const names = new Set(there.map((it) => it['column_name']));
  const whole = columnsOf(definition).filter(
    ({ name, fields }) => names.has(name) && fields === undefined,
  );
  expect(whole.length).toBeGreaterThan(1);
  const columns = whole.map(({ name, type }) =>
    type === 'JSON' ? `${identifier(name)}::VARCHAR` : identifier(name),
  );
  const sides = [`huggingface.${table}`, from].map(
    (it) => `SELECT ${columns.join(', ')} FROM ${it}`,
  );
  const [a = '', b = ''] = sides;
  const [row] = await ask(
    storage,
    `SELECT (SELECT count(*) FROM (${a})) AS rows, (SELECT count(*) FROM (${b})) AS published,
      (SELECT count(*) FROM (${a} EXCEPT ALL ${b})) AS different`,
  );
  return row;
}

/** The first value of the first row. */
export async function one(storage: string, sql: string): Promise<string> {
  const [row] = await ask(storage, `${sql} LIMIT 1`);
  return String(Object.values(row ?? {})[0]);
}

/** A takedown list of a model, a base model, a data set and an owner, and what names them. */
export async function takedownIn(storage: string): Promise<{ list: string; gone: string[] }> {
  const most = 'GROUP BY 1 ORDER BY count(*) DESC, 1';
  const base_ = await one(storage, `SELECT base_model FROM huggingface.base_models ${most}`);
  const data = await one(
    storage,
    `SELECT dataset FROM huggingface.model_datasets WHERE contains(dataset, '/') ${most}`,
  );
  const model = await one(storage, 'SELECT id FROM huggingface.raw_model ORDER BY id');
  const _id = await one(storage, `SELECT _id FROM huggingface.raw_model WHERE id = '${model}'`);
  const owner = await one(storage, 'SELECT author FROM huggingface.hub_spaces ORDER BY id');
  const list = path.join(storage, 'takedown.txt');
  const address = `https://huggingface.co/datasets/${data.toUpperCase()}`;
  await writeFile(list, `# asked by mail\n${base_}\n${address} # twice\n${_id}\n${owner}\n`);
  const gone = [base_, data, model, _id, `${owner}/`].map((it) => it.toLowerCase());
  return { list, gone };
}

/** How many rows the second release lacks of the first; none of it names anybody of these. */
export async function rowsGone(
  storage: string,
  { before, after, gone }: Record<'before' | 'after', Map<string, string>> & { gone: string[] },
): Promise<number> {
  const naming = gone.map((it) => `contains(lower(t::VARCHAR), ${literal(it)})`).join(' OR ');
  let rows = 0;
  for (const [table, from] of before) {
    const left = after.get(table);
    rows += Number(await one(storage, `SELECT count(*) FROM ${from}`));
    if (left === undefined) continue;
    rows -= Number(await one(storage, `SELECT count(*) FROM ${left}`));
    expect(await ask(storage, `SELECT * FROM ${left} AS t WHERE ${naming}`), table).toEqual([]);
  }
  return rows;
}

/** That a release holds the rows of the DuckDB file, all of them and no other. */
export async function checkRows(storage: string, shards: Map<string, string>): Promise<void> {
  const rows = await ask(
    storage,
    tables
      .map((it) => `SELECT '${it.name}' AS name, count(*) AS n FROM huggingface.${it.name}`)
      .join(' UNION ALL '),
  );
  expect([...shards.keys()].sort()).toEqual(
    rows.flatMap(({ name, n }) => (Number(n) > 0 ? [String(name)] : [])).sort(),
  );
  for (const [table, from] of shards) {
    const found = await differences(storage, table, from);
    expect(found, table).toMatchObject({ different: 0 });
    expect(found, table).toMatchObject({ published: (found as { rows: number }).rows });
  }
}
