import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EtlError } from '../../errors.ts';
import { duckdbDdl, identifier } from '../../tables/duckdb.ts';
import { tables as allTables } from '../../tables/index.ts';
import type { CheckOptions, CheckResult } from '../checks/check.ts';
import { refusalOf, runChecks } from '../checks/run-checks.ts';
import { verifyFiles, type Manifest } from '../manifest.ts';
import { syncFile } from '../../storage/files.ts';
import { releaseChecks, releases } from '../warehouse/releases.ts';
import { checkSchemaVersion } from '../warehouse/schema-version.ts';
import { checkEngine } from './engine.ts';
import * as files from './files.ts';
import { carryOver } from './history.ts';
import { buildReleases, readReleases } from './releases.ts';
import {
  asLoadError,
  countAll,
  countOf,
  nameOf,
  PREVIOUS,
  readJsonSql,
  SCHEMA,
  tableColumns,
  withDuckdb,
} from './session.ts';
import { freeBytesOf, neededBytes, refuseFullDisk } from './space.ts';
import { createShortNames, createViews } from './views.ts';

export interface DuckdbOptions {
  manifest: Manifest;
  /** Folder of the finished export that the manifest speaks of. */
  exportDir: string;
  /** The file that readers open. */
  path: string;
  /** Files of releases before that are kept under `backups/`. @default 3 */
  keepBackups?: number;
  /** What the checks ask for. @default as in `CheckOptions` */
  checks?: CheckOptions;
  /** Time of the load, ISO 8601, for checks of freshness. @default the end of the run */
  now?: string;
  /** Free disk space of a folder, in bytes. @default what the file system says */
  freeBytes?: (folder: string) => Promise<number>;
  /** Told what the checks said, before a refusal ends the load. */
  onChecks?: (results: readonly CheckResult[]) => void;
  /** Told before each step what comes next. */
  onStep?: (step: string) => void;
}

export interface DuckdbRelease {
  path: string;
  bytes: number;
  /** Rows a table, history included. */
  tables: Record<string, number>;
  /** Where the file before is kept; null when there was none, or it was of this same run. */
  backup: string | null;
  /** What each check said, in the order of docs/warehouses.md. */
  checks: CheckResult[];
}

/** A quarter of DuckDB's own: records of 7 kB would take a gigabyte beyond its limit otherwise. */
const ROW_GROUP_ROWS = 30_720;

interface Built {
  rows: Map<string, number>;
  checks: CheckResult[];
}

/**
 * Builds the DuckDB file of a finished export beside `path` and puts it in its place by a rename, so
 * that a reader has the release before or this one, whole. History (`historyBy`) and what this run has
 * not fetched (a board that drifted, a source left out) come over from the file before, which is kept
 * as a backup. Loading the same export again gives the same tables. What a check refuses is kept as
 * `<path>.refused` until the next load, so that its rows can be looked at.
 *
 * @throws {EtlError} `CHECK_REFUSED` when files, counts or a check are not as they should be;
 * `FOLDER_TAKEN` for a DuckDB file of somebody else at `path`; `LOAD_FAILED` when DuckDB fails; `STORAGE_FULL`, `STORAGE_DENIED`. The file at `path` is untouched in
 * every case.
 * @see docs/warehouses.md
 */
export async function buildDuckdb(options: DuckdbOptions): Promise<DuckdbRelease> {
  const { path, manifest, exportDir } = options;
  const step = options.onStep ?? (() => undefined);
  try {
    step('verify');
    await verifyFiles(manifest, exportDir);
    const before = await files.runOf(path);
    step('clean up');
    await mkdir(dirname(path), { recursive: true });
    await files.removeLeftovers(path);
    await files.removeRefused(path);
    await refuseSmallDisk(options);
    const built = await build(options, step);
    step('reopen');
    await checkFinished(built.rows, path);
    return await publish({ ...built, before }, options, step);
  } catch (error) {
    await files.removeLeftovers(path).catch(() => undefined);
    throw asLoadError(error, path);
  }
}

async function refuseSmallDisk(options: DuckdbOptions): Promise<void> {
  const { path, manifest, freeBytes = freeBytesOf } = options;
  const folder = dirname(path);
  const needed = neededBytes(manifest, await files.bytesOf(path));
  refuseFullDisk({ needed, free: await freeBytes(folder) }, folder);
}

async function build(options: DuckdbOptions, step: (name: string) => void): Promise<Built> {
  const { path, manifest } = options;
  const building = files.buildingPath(path);
  const hasPrevious = await files.isFile(path);
  const session = {
    spillFolder: `${building}.spill`,
    previous: hasPrevious ? path : undefined,
    rowGroupRows: ROW_GROUP_ROWS,
  };
  const built = await withDuckdb(building, session, async (connection) => {
    step('create tables');
    await createTables(connection);
    await loadTables(connection, options, step);
    step('check');
    const checks = await checkRelease(connection, options);
    const refusal = refusalOf(checks);
    const rows =
      refusal === undefined
        ? await complete(connection, { manifest, checks }, step)
        : new Map<string, number>();
    if (hasPrevious) await connection.run(`DETACH ${PREVIOUS}`);
    step('checkpoint');
    await connection.run('CHECKPOINT');
    return { rows, checks, refusal };
  });
  if (await files.isFile(`${building}.wal`)) {
    throw new Error('DuckDB left a write-ahead log behind');
  }
  if (built.refusal !== undefined) {
    await files.keepRefused(path);
    throw built.refusal;
  }
  return built;
}

/** What the rows of this run lack for a release. Returns the rows of every table. */
async function complete(
  connection: DuckDBConnection,
  { manifest, checks }: { manifest: Manifest; checks: readonly CheckResult[] },
  step: (name: string) => void,
): Promise<Map<string, number>> {
  step('carry over');
  const previous = await tableColumns(connection, PREVIOUS);
  for (const table of allTables) {
    const isFresh = manifest.tables[table.name] !== undefined;
    await carryOver(connection, table, { isFresh, previous });
  }
  await createViews(connection);
  await buildReleases(connection, previous, { manifest, checks });
  await createShortNames(connection);
  return countAll(
    connection,
    [...allTables, releases, releaseChecks].map(({ name }) => name),
  );
}

/** In one transaction: each of these hundreds of statements would otherwise wait for the disk. */
async function createTables(connection: DuckDBConnection): Promise<void> {
  await connection.run('BEGIN');
  await connection.run(`CREATE SCHEMA ${identifier(SCHEMA)}`);
  for (const table of allTables) {
    await connection.run(duckdbDdl(table, { schema: SCHEMA }).join(';'));
  }
  await connection.run('COMMIT');
}

/** The rows of this run, exactly as many as the manifest says. */
async function loadTables(
  connection: DuckDBConnection,
  { manifest, exportDir }: DuckdbOptions,
  step: (name: string) => void,
): Promise<void> {
  for (const table of allTables) {
    const entry = manifest.tables[table.name];
    if (entry === undefined) continue;
    step(`load ${table.name}`);
    const name = nameOf(table.name);
    await connection.run(
      `INSERT INTO ${name} SELECT * FROM ${readJsonSql(table, entry, exportDir)}`,
    );
    const loaded = await countOf(connection, `SELECT count(*) FROM ${name}`);
    if (loaded === entry.rows) continue;
    throw new EtlError(
      'CHECK_REFUSED',
      `${table.name} has ${loaded} rows, the manifest says ${entry.rows}`,
      { context: { table: table.name } },
    );
  }
}

async function checkRelease(
  connection: DuckDBConnection,
  options: DuckdbOptions,
): Promise<CheckResult[]> {
  const { manifest, now = manifest.finishedAt } = options;
  const before = await readReleases(connection, PREVIOUS);
  checkSchemaVersion(manifest, before);
  const results = await runChecks(await checkEngine(connection), {
    manifest,
    // A run that is loaded again is not compared with itself.
    releases: before.filter(({ run }) => run !== manifest.run),
    now,
    ...(options.checks === undefined ? {} : { options: options.checks }),
  });
  options.onChecks?.(results);
  return results;
}

/** Opens the file as a reader will and counts once more. */
async function checkFinished(rows: ReadonlyMap<string, number>, path: string): Promise<void> {
  await withDuckdb(files.buildingPath(path), { readOnly: true }, async (connection) => {
    for (const [table, found] of await countAll(connection, [...rows.keys()])) {
      const expected = rows.get(table);
      if (found === expected) continue;
      throw new EtlError(
        'CHECK_REFUSED',
        `${table} has ${found} rows after reopening, not ${expected}`,
        { context: { table } },
      );
    }
  });
}

async function publish(
  { rows, checks, before }: Built & { before: string | null },
  { path, manifest, keepBackups = files.KEEP_BACKUPS }: DuckdbOptions,
  step: (name: string) => void,
): Promise<DuckdbRelease> {
  const building = files.buildingPath(path);
  step('sync');
  await syncFile(building);
  const { size } = await stat(building);
  step('back up');
  const isOther = before !== null && before !== manifest.run;
  const backup = isOther ? await files.keepBackup(path, before) : null;
  step('publish');
  await files.replaceFile(building, path);
  step('remove old');
  const facts = { run: manifest.run, keep: keepBackups, justKept: backup };
  await files.removeBackups(await files.surplusBackups(path, facts));
  await files.removeLeftovers(path);
  return { path, bytes: size, tables: Object.fromEntries(rows), backup, checks };
}
