import type { DuckDBConnection } from '@duckdb/node-api';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { EtlError, fromSystemError, systemCode } from '../errors.ts';
import { duckdbDdl, identifier, literal } from '../tables/duckdb.ts';
import { tables as allTables } from '../tables/index.ts';
import type { Table } from '../tables/table.ts';
import { carryOver, PREVIOUS } from './duckdb-history.ts';
import { countOf, plainRows, readJsonSql, withDuckdb, type PlainRow } from './duckdb-session.ts';
import { syncFolder } from './folder.ts';
import type { Manifest } from './manifest.ts';
import { verifyFiles } from './verify-files.ts';

export interface DuckdbOptions {
  manifest: Manifest;
  /** Folder of the finished export that the manifest speaks of. */
  exportDir: string;
  /** The file that readers open. */
  path: string;
  /** Files of releases before that are kept under `backups/`. @default 3 */
  keepBackups?: number;
  /** DuckDB's own limit; the process takes up to twice that. @default '700MB' */
  memoryLimit?: string;
}

export interface DuckdbRelease {
  path: string;
  bytes: number;
  /** Rows a table, history included. */
  tables: Record<string, number>;
  /** Where the file before is kept; null when there was none, or it was of this same run. */
  backup: string | null;
}

/** Schema that holds all tables. */
export const SCHEMA = 'huggingface';

/**
 * Builds the DuckDB file of a finished export beside `path` and puts it in its place by a rename, so
 * that a reader has the release before or this one, whole. History (`historyBy`) and what this run has
 * not fetched (a board that drifted, a source left out) come over from the file before, which is kept
 * as a backup. Loading the same export again changes nothing.
 *
 * @throws {EtlError} `CHECK_REFUSED` when files, counts or keys are not what the manifest and the
 * tables say; `LOAD_FAILED` when DuckDB fails; `STORAGE_FULL`, `STORAGE_DENIED`. The file at `path`
 * is untouched in every case.
 */
export async function buildDuckdb(options: DuckdbOptions): Promise<DuckdbRelease> {
  const building = `${options.path}.tmp`;
  const removeBuilding = async () => {
    for (const end of ['', '.wal', '.spill']) {
      await rm(`${building}${end}`, { recursive: true, force: true });
    }
  };
  try {
    await mkdir(dirname(options.path), { recursive: true });
    await verifyFiles(options.manifest, options.exportDir);
    await removeBuilding();
    const rows = await build(building, options);
    await checkFinished(building, rows, options);
    return await publish(building, rows, options);
  } catch (error) {
    await removeBuilding();
    throw toEtlError(error, options.path);
  }
}

/**
 * Rows of a query over a DuckDB file, as plain values. Opens it read-only, so it may be run while
 * others read.
 *
 * @throws {EtlError} `LOAD_FAILED` when the file cannot be opened or the query fails.
 */
export async function queryDuckdb(path: string, sql: string): Promise<PlainRow[]> {
  try {
    return await withDuckdb(path, { readOnly: true }, async (connection) =>
      plainRows(await connection.runAndReadAll(sql)),
    );
  } catch (error) {
    throw toEtlError(error, path);
  }
}

const nameOf = (table: string): string => `${identifier(SCHEMA)}.${identifier(table)}`;

async function build(building: string, options: DuckdbOptions): Promise<Map<string, number>> {
  const session = {
    spillFolder: `${building}.spill`,
    ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
  };
  const rows = await withDuckdb(building, session, async (connection) => {
    const hasPrevious = await isFile(options.path);
    if (hasPrevious) {
      await connection.run(`ATTACH ${literal(options.path)} AS ${PREVIOUS} (READ_ONLY)`);
    }
    await createTables(connection);
    const counts = new Map<string, number>();
    for (const table of allTables) {
      counts.set(table.name, await buildTable(connection, table, { ...options, hasPrevious }));
    }
    counts.set('releases', await buildReleases(connection, options.manifest, hasPrevious));
    if (hasPrevious) await connection.run(`DETACH ${PREVIOUS}`);
    await connection.run('CHECKPOINT');
    return counts;
  });
  if (await isFile(`${building}.wal`)) throw new Error('DuckDB left a write-ahead log behind');
  return rows;
}

/** In one transaction: each of these hundreds of statements would otherwise wait for the disk. */
async function createTables(connection: DuckDBConnection): Promise<void> {
  await connection.run('BEGIN');
  await connection.run(`CREATE SCHEMA ${identifier(SCHEMA)}`);
  for (const table of allTables) {
    for (const statement of duckdbDdl(table, { schema: SCHEMA })) await connection.run(statement);
  }
  await connection.run('COMMIT');
}

async function buildTable(
  connection: DuckDBConnection,
  table: Table,
  { manifest, exportDir, hasPrevious }: DuckdbOptions & { hasPrevious: boolean },
): Promise<number> {
  const name = nameOf(table.name);
  const entry = manifest.tables[table.name];
  if (entry !== undefined) {
    await connection.run(
      `INSERT INTO ${name} SELECT * FROM ${readJsonSql(table, entry, exportDir)}`,
    );
    const loaded = await countOf(connection, `SELECT count(*) FROM ${name}`);
    if (loaded !== entry.rows) {
      refuse(`${table.name} has ${loaded} rows, the manifest says ${entry.rows}`, {
        table: table.name,
      });
    }
  }
  if (hasPrevious) {
    await carryOver(connection, table, { schema: SCHEMA, isFresh: entry !== undefined });
  }
  await checkKey(connection, table);
  return countOf(connection, `SELECT count(*) FROM ${name}`);
}

async function checkKey(connection: DuckDBConnection, table: Table): Promise<void> {
  if (table.key.length === 0) return;
  const key = table.key.map(identifier).join(', ');
  const reader = await connection.runAndReadAll(
    `SELECT ${key}, count(*) AS "rows" FROM ${nameOf(table.name)} GROUP BY ${key} HAVING count(*) > 1 LIMIT 3`,
  );
  const doubled = plainRows(reader);
  if (doubled.length > 0) {
    refuse(`${table.name} has several rows with one ${table.key.join(', ')}`, {
      table: table.name,
      first: JSON.stringify(doubled[0]),
    });
  }
}

/** What each release held: a reader can tell which one is open, and that it is whole. */
async function buildReleases(
  connection: DuckDBConnection,
  manifest: Manifest,
  hasPrevious: boolean,
): Promise<number> {
  const name = nameOf('releases');
  await connection.run(
    `CREATE TABLE ${name} (run VARCHAR NOT NULL, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, version VARCHAR, "table" VARCHAR NOT NULL, "rows" BIGINT NOT NULL, sha256 VARCHAR NOT NULL)`,
  );
  await connection.run(
    `COMMENT ON TABLE ${name} IS 'One row is a table of a release, with the rows and the SHA-256 of the JSONL it was loaded from; history of tables is not counted. The latest finished_at is this file.'`,
  );
  for (const [table, { rows, sha256 }] of Object.entries(manifest.tables)) {
    const { run, startedAt, finishedAt, version } = manifest;
    const texts = [run, startedAt, finishedAt, version, table].map(literal).join(', ');
    await connection.run(
      `INSERT INTO ${name} VALUES (${texts}, ${String(rows)}, ${literal(sha256)})`,
    );
  }
  if (hasPrevious && (await previousHasReleases(connection))) {
    const before = `${PREVIOUS}.${nameOf('releases')}`;
    await connection.run(
      `INSERT INTO ${name} BY NAME SELECT * FROM ${before} WHERE run <> ${literal(manifest.run)}`,
    );
  }
  return countOf(connection, `SELECT count(*) FROM ${name}`);
}

const previousHasReleases = async (connection: DuckDBConnection): Promise<boolean> =>
  (await countOf(
    connection,
    `SELECT count(*) FROM duckdb_tables() WHERE database_name = '${PREVIOUS}' AND schema_name = '${SCHEMA}' AND table_name = 'releases'`,
  )) > 0;

/** Opens the file as a reader will and counts once more. */
async function checkFinished(
  building: string,
  rows: ReadonlyMap<string, number>,
  options: DuckdbOptions,
): Promise<void> {
  const limit = options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit };
  await withDuckdb(building, { readOnly: true, ...limit }, async (connection) => {
    for (const [table, expected] of rows) {
      const found = await countOf(connection, `SELECT count(*) FROM ${nameOf(table)}`);
      if (found !== expected)
        refuse(`${table} has ${found} rows after reopening, not ${expected}`, { table });
    }
  });
}

async function publish(
  building: string,
  rows: ReadonlyMap<string, number>,
  { path, manifest, keepBackups = 3 }: DuckdbOptions,
): Promise<DuckdbRelease> {
  const file = await open(building, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  const { size } = await stat(building);
  const backup = await keepBackup(path, manifest.run);
  await rename(building, path);
  await syncFolder(dirname(path));
  await rm(`${building}.spill`, { recursive: true, force: true });
  if (backup !== null) await dropOldBackups(path, keepBackups);
  return { path, bytes: size, tables: Object.fromEntries(rows), backup };
}

const backupsFolder = (path: string): string => join(dirname(path), 'backups');

/** Gives the file before a second name, so that readers find it under `path` until the rename. */
async function keepBackup(path: string, run: string): Promise<string | null> {
  if (!(await isFile(path))) return null;
  const before = await runOf(path);
  if (before === run) return null;
  const stem = basename(path, extname(path));
  const backup = join(backupsFolder(path), `${stem}-${before}${extname(path)}`);
  await mkdir(backupsFolder(path), { recursive: true });
  await rm(backup, { force: true });
  try {
    await link(path, backup);
  } catch (error) {
    // Some file systems have no hard links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV'].includes(systemCode(error) ?? '')) throw error;
    await copyFile(path, backup);
  }
  await syncFolder(backupsFolder(path));
  return backup;
}

/** The run of a released file, as a part of a file name. */
async function runOf(path: string): Promise<string> {
  const found = await withDuckdb(path, { readOnly: true }, async (connection) => {
    const exists = await countOf(
      connection,
      `SELECT count(*) FROM duckdb_tables() WHERE schema_name = '${SCHEMA}' AND table_name = 'releases'`,
    );
    if (exists === 0) return [];
    return plainRows(
      await connection.runAndReadAll(
        `SELECT run FROM ${nameOf('releases')} ORDER BY finished_at DESC, run DESC LIMIT 1`,
      ),
    );
  });
  const run = found[0]?.['run'];
  return typeof run === 'string' ? run.replaceAll(/[^\w.-]/g, '_') : 'unknown';
}

async function dropOldBackups(path: string, keep: number): Promise<void> {
  const folder = backupsFolder(path);
  const prefix = `${basename(path, extname(path))}-`;
  const names = (await readdir(folder)).filter(
    (it) => it.startsWith(prefix) && it.endsWith(extname(path)),
  );
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  dated.sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1));
  for (const { name } of dated.slice(keep)) await rm(join(folder, name), { force: true });
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function refuse(message: string, context: Record<string, string>): never {
  throw new EtlError('CHECK_REFUSED', message, { context });
}

function toEtlError(error: unknown, path: string): unknown {
  const known = fromSystemError(error, `loading ${path}`);
  if (known instanceof EtlError) return known;
  const text = error instanceof Error ? error.message : String(error);
  return new EtlError('LOAD_FAILED', `loading ${path}: ${text.slice(0, 500)}`, { cause: error });
}
