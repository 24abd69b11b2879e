import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openHubClient } from '../../../src/api/client.ts';
import { queryDuckdb } from '../../../src/export/duckdb.ts';
import { withDuckdb } from '../../../src/export/duckdb/session.ts';
import { loadHub, type HubOptions } from '../../../src/export/hub/load.ts';
import { textColumns, type HubLoad } from '../../../src/export/hub/publication.ts';
import { columnsOf, type Column } from '../../../src/tables/columns.ts';
import { tables } from '../../../src/tables/index.ts';
import { startDatasetHub, type DatasetHub } from '../../hub/server.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { tinyRelease } from '../export/duckdb-place.ts';

interface Published {
  /** The DuckDB file whose release is published. */
  file: string;
  dataset: DatasetHub;
  publish: (options: Partial<HubOptions>) => Promise<HubLoad>;
}

const test = base.extend<{ published: Published }>({
  published: async ({ folder, loaded, keep }, use) => {
    const dataset = await keep(startDatasetHub());
    const client = await keep(
      openHubClient({ endpoint: dataset.url, token: 'hf_write', userAgent: 'x/1' }),
    );
    const { manifest } = await tinyRelease(folder, 2);
    const file = path.join(loaded, 'warehouse', 'hub.duckdb');
    const options = {
      ...{ name: dataset.name, endpoint: dataset.url, fetch: client.webFetch, path: file },
      ...{ manifest, folder: path.join(folder, 'publish') },
      ...{ withText: false, takedown: [], dryRun: false, signal: new AbortController().signal },
    };
    await use({ file, dataset, publish: (more) => loadHub({ ...options, ...more }) });
  },
});

test('a large table is several files of bounded size; one that grew adds files and changes the last', async ({
  published: { file, dataset, publish },
}) => {
  const grow = (from: number, to: number) =>
    withDuckdb(file, {}, (connection) =>
      connection.run(`INSERT INTO huggingface.usage BY NAME
        SELECT 'a/m' || i AS id, md5(i::VARCHAR) AS _id, i AS downloads,
        TIMESTAMPTZ '2026-01-01 00:00:00Z' + to_minutes(i) AS update_time FROM range(${from}, ${to}) AS r(i)`),
    );
  const usage = ({ files }: HubLoad) => files.filter((it) => it.path.startsWith('data/usage/'));

  await grow(0, 40_000);
  const first = await publish({ shardBytes: 150_000 });
  await grow(40_000, 60_000);
  const second = await publish({ shardBytes: 150_000 });

  const before = usage(first);
  expect(before.length).toBeGreaterThan(2);
  expect(before[0]?.path).toBe('data/usage/usage-00000.parquet');
  // Beyond it by one group of rows.
  expect(Math.max(...before.map((it) => it.bytes))).toBeLessThan(600_000);
  const changes = usage(second).map((it) => it.change);
  expect(changes.slice(0, before.length - 1)).toEqual(before.slice(1).map(() => 'keep'));
  expect(changes.at(-1)).toBe('add');
  expect(dataset.commits).toHaveLength(3);
});

test('rows of boards that not everybody may publish are left out and counted, licences stand in the card', async ({
  published: { file, dataset, publish },
}) => {
  const boards = ['leaderboard', 'leaderboard_entries', 'leaderboard_scores', 'board_models'];
  const sql = boards.map((it) => `SELECT count(*) AS n FROM huggingface.${it}`).join(' UNION ALL ');
  const counts = await queryDuckdb(file, sql);

  const { leftOut, files } = await publish({ takedown: ['owner/model-1'] });

  const card = dataset.commits.at(-1)?.files.get('README.md')?.content.toString();
  expect(leftOut.withheld).toBe(counts.reduce((sum, { n }) => sum + Number(n), 0));
  expect(leftOut.withheld).toBeGreaterThan(2);
  expect(leftOut.takenDown).toBeGreaterThan(3);
  expect(files.filter((it) => /leaderboard|board_models/.test(it.path))).toEqual([]);
  expect(card).toContain('| open-llm | not stated by open-llm-leaderboard/contents | unknown |');
});

test('a name that is taken down is followed through renames, and by the id that survives them', async ({
  folder,
  published: { file, dataset, publish },
}) => {
  await withDuckdb(file, {}, async (connection) => {
    // Of a day before, and of the name that its owner asks by; an edge that has the id alone.
    await connection.run(`INSERT INTO huggingface.usage BY NAME
      SELECT 'former/name' AS id, _id, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS update_time
      FROM huggingface.raw_model WHERE id = 'owner/model-1'`);
    await connection.run(`INSERT INTO huggingface.aliases VALUES
      ('asked/name', 'owner/model-1', NULL, 'redirect', TIMESTAMPTZ '2026-01-01 00:00:00Z', 'model')`);
    await connection.run(`INSERT INTO huggingface.base_models BY NAME
      SELECT 'owner/model-0' AS id, 'x' AS _id, 'odd spelling' AS base_model, _id AS base_model_id,
      [] AS sources, [] AS stated_as, false AS is_self FROM huggingface.raw_model WHERE id = 'owner/model-1'`);
  });

  await publish({ takedown: ['asked/name'] });

  const files = dataset.commits.at(-1)?.files;
  const shard = path.join(folder, 'usage.parquet');
  await writeFile(shard, files?.get('data/usage/usage-00000.parquet')?.content ?? '');
  const ids = await queryDuckdb(file, `SELECT id FROM '${shard}'`);
  expect(ids).toEqual([{ id: 'owner/model-0' }]);
  expect([...(files?.keys() ?? [])]).not.toContain('data/base_models/base_models-00000.parquet');
  expect([...(files?.keys() ?? [])]).not.toContain('data/aliases/aliases-00000.parquet');
});

test('what is called text is a column, or a field of one', () => {
  const pathsOf = (columns: readonly Column[], above = ''): string[] =>
    columns.flatMap(({ name, fields = [] }) => [
      above + name,
      ...pathsOf(fields, `${above}${name}.`),
    ]);
  for (const table of tables) {
    expect(pathsOf(columnsOf(table)), table.name).toEqual(
      expect.arrayContaining([...textColumns(table.name)]),
    );
  }
});
