import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal } from '../../tables/duckdb.ts';
import type { Manifest } from '../manifest.ts';
import { columnNames, countOf, nameOf, PREVIOUS, withDuckdb } from './session.ts';
import { plainRows, textOf } from './values.ts';

/** Name, type and meaning of the columns of `releases`. */
export const RELEASE_COLUMNS: readonly (readonly [string, string, string])[] = [
  ['sequence', 'BIGINT', 'Counts publications; the highest is what this file holds.'],
  ['run', 'VARCHAR', 'Id of the run.'],
  ['started_at', 'TIMESTAMPTZ', 'When the run began, UTC.'],
  ['finished_at', 'TIMESTAMPTZ', 'When the run ended, UTC.'],
  ['version', 'VARCHAR', 'Version of huggingface-etl that crawled.'],
  ['table', 'VARCHAR', 'Name of the table.'],
  ['rows', 'BIGINT', 'Rows that the run brought; history of tables is not counted.'],
  ['sha256', 'VARCHAR', 'Of the rows as JSONL, as in manifest.json of the export.'],
];

export const RELEASES_DESCRIPTION =
  'One row is a table of a release, with the rows and the SHA-256 of the JSONL it was loaded from. The highest sequence is what this file holds; the others are the releases it was built upon.';

/** What each release held: a reader can tell which one is open, and that it is whole. */
export async function buildReleases(
  connection: DuckDBConnection,
  manifest: Manifest,
  { hasPrevious }: { hasPrevious: boolean },
): Promise<number> {
  const name = nameOf('releases');
  const columns = RELEASE_COLUMNS.map(([column, type]) => `${identifier(column)} ${type} NOT NULL`);
  await connection.run(`CREATE TABLE ${name} (${columns.join(', ')})`);
  await connection.run(`COMMENT ON TABLE ${name} IS ${literal(RELEASES_DESCRIPTION)}`);
  for (const [column, , meaning] of RELEASE_COLUMNS) {
    await connection.run(`COMMENT ON COLUMN ${name}.${identifier(column)} IS ${literal(meaning)}`);
  }
  if (hasPrevious) await copyReleases(connection, manifest.run);
  const sequence = `(SELECT coalesce(max(sequence), 0) + 1 FROM ${name})`;
  const { run, startedAt, finishedAt, version } = manifest;
  const rows = Object.entries(manifest.tables).map(([table, { rows, sha256 }]) => {
    const texts = [run, startedAt, finishedAt, version, table].map(literal).join(', ');
    return `(${sequence}, ${texts}, ${String(rows)}, ${literal(sha256)})`;
  });
  if (rows.length > 0) await connection.run(`INSERT INTO ${name} VALUES ${rows.join(', ')}`);
  return countOf(connection, `SELECT count(*) FROM ${name}`);
}

/** The releases before; not those of this same run, which is published anew. */
async function copyReleases(connection: DuckDBConnection, run: string): Promise<void> {
  const before = await columnNames(connection, PREVIOUS, 'releases');
  if (before.size === 0) return;
  const name = nameOf('releases');
  await connection.run(
    `INSERT INTO ${name} BY NAME SELECT * FROM ${releasesSql(PREVIOUS, before)} WHERE run <> ${literal(run)}`,
  );
}

/** The table, with the sequence that files of the first versions lack. */
function releasesSql(database: string, columns: ReadonlySet<string>): string {
  const table = `${identifier(database)}.${nameOf('releases')}`;
  if (columns.has('sequence')) return table;
  return `(SELECT dense_rank() OVER (ORDER BY finished_at, run) AS sequence, * FROM ${table})`;
}

/** A release as the `releases` table of a file tells it. */
export interface ReleaseFacts {
  run: string;
  sequence: number;
  /** ISO 8601, UTC. */
  finishedAt: string;
  /** That the run brought, over all tables; history before it is not counted. */
  rows: number;
}

/** The releases that a file was built upon, the one it holds last; none for a file of somebody else. */
export async function releasesOf(path: string): Promise<ReleaseFacts[]> {
  return withDuckdb(path, { readOnly: true }, async (connection) => {
    const [[database] = []] = (
      await connection.runAndReadAll('SELECT current_database()')
    ).getRowsJS();
    const columns = await columnNames(connection, textOf(database), 'releases');
    if (columns.size === 0) return [];
    const reader = await connection.runAndReadAll(
      `SELECT run, sequence, max(finished_at) AS finished_at, sum("rows")::BIGINT AS "rows" FROM ${releasesSql(textOf(database), columns)} GROUP BY ALL ORDER BY sequence`,
    );
    return plainRows(reader).map(({ run, sequence, finished_at: finishedAt, rows }) => ({
      run: textOf(run),
      sequence: Number(sequence),
      finishedAt: textOf(finishedAt),
      rows: Number(rows),
    }));
  });
}
