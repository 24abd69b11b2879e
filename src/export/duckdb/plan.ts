import type { DuckDBConnection } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { tables as allTables } from '../../tables/index.ts';
import type { Table } from '../../tables/table.ts';
import { verifyFiles } from '../manifest.ts';
import { sliceColumns } from '../warehouse/slices.ts';
import type { DuckdbOptions } from './build.ts';
import * as files from './files.ts';
import { countKept } from './history.ts';
import {
  asLoadError,
  countOf,
  nameOf,
  PREVIOUS,
  readJsonSql,
  tableColumns,
  withDuckdb,
} from './session.ts';
import { freeBytesOf, neededBytes } from './space.ts';

export interface DuckdbPlanStep {
  step: 'clean up' | 'build' | 'back up' | 'publish' | 'drop backup';
  /** Table or file that is touched. */
  target: string;
  /** In words, for people. */
  what: string;
  /** In the file before. */
  rowsBefore?: number;
  /** That the export brings. */
  rowsNew?: number;
  /** In the file afterwards, history included. */
  rowsAfter?: number;
  /** Of uncompressed JSONL for a table; of the file for a file. */
  bytes?: number;
}

/** What a load into the DuckDB file would do, in order. */
export interface DuckdbPlan {
  run: string;
  path: string;
  steps: DuckdbPlanStep[];
  disk: { neededBytes: number; freeBytes: number; isEnough: boolean };
}

/**
 * Tells what `buildDuckdb` would do, and changes nothing. Checks of the release are not run: they need
 * the tables.
 *
 * @throws {EtlError} `CHECK_REFUSED` when files of the export are not what the manifest says;
 * `LOAD_FAILED` when the file before cannot be read
 */
export async function planDuckdb(options: DuckdbOptions): Promise<DuckdbPlan> {
  const { path, manifest, exportDir, freeBytes = freeBytesOf } = options;
  try {
    await verifyFiles(manifest, exportDir);
    const before = await files.runOf(path);
    const steps = [
      ...(await leftoverSteps(path)),
      ...(await tableSteps(options, before !== null)),
      ...(await fileSteps(options, before)),
    ];
    const needed = neededBytes(manifest, await files.bytesOf(path));
    const free = await freeBytes(existingFolder(dirname(path)));
    const disk = { neededBytes: needed, freeBytes: free, isEnough: free >= needed };
    return { run: manifest.run, path, steps, disk };
  } catch (error) {
    throw asLoadError(error, path);
  }
}

const existingFolder = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : existingFolder(dirname(folder));

async function leftoverSteps(path: string): Promise<DuckdbPlanStep[]> {
  return (await files.leftovers(path)).map((target) => ({
    step: 'clean up',
    target,
    what: 'remove what a killed build left',
  }));
}

async function tableSteps(options: DuckdbOptions, hasPrevious: boolean): Promise<DuckdbPlanStep[]> {
  const session = { previous: hasPrevious ? options.path : undefined };
  return withDuckdb(':memory:', session, async (connection) => {
    const previous = await tableColumns(connection, PREVIOUS);
    const steps: DuckdbPlanStep[] = [];
    for (const table of allTables) {
      const hasTable = previous.has(table.name);
      steps.push(await tableStep(connection, table, { ...options, hasTable }));
    }
    return steps;
  });
}

async function tableStep(
  connection: DuckDBConnection,
  table: Table,
  { manifest, exportDir, hasTable }: DuckdbOptions & { hasTable: boolean },
): Promise<DuckdbPlanStep> {
  const entry = manifest.tables[table.name];
  const rowsBefore = hasTable
    ? await countOf(connection, `SELECT count(*) FROM ${PREVIOUS}.${nameOf(table.name)}`)
    : 0;
  const fresh = entry === undefined ? null : readJsonSql(table, entry, exportDir);
  const kept = hasTable ? await countKept(connection, table, fresh) : 0;
  const rowsNew = entry?.rows ?? 0;
  return {
    step: 'build',
    target: table.name,
    what: howBuilt(table, { isFresh: entry !== undefined, hasTable }),
    rowsBefore,
    rowsNew,
    rowsAfter: kept + rowsNew,
    bytes: entry?.bytes ?? 0,
  };
}

function howBuilt(table: Table, facts: { isFresh: boolean; hasTable: boolean }): string {
  if (!facts.isFresh) return facts.hasTable ? 'carry over as it is' : 'leave empty';
  if (!facts.hasTable) return 'new table';
  const slice = sliceColumns(table).map(({ name }) =>
    name === table.historyBy ? `day of ${name}` : name,
  );
  if (slice.length > 0) return `replace the rows of the same ${slice.join(' and ')}`;
  return 'replace';
}

async function fileSteps(
  { path, manifest, keepBackups = files.KEEP_BACKUPS }: DuckdbOptions,
  before: string | null,
): Promise<DuckdbPlanStep[]> {
  const { run } = manifest;
  const isOther = before !== null && before !== run;
  const backup = isOther ? files.backupPath(path, before) : null;
  const facts = { run, keep: keepBackups, justKept: backup };
  const surplus = await files.surplusBackups(path, facts);
  const steps: DuckdbPlanStep[] = [];
  if (backup !== null) {
    const bytes = await files.bytesOf(path);
    steps.push({ step: 'back up', target: backup, what: `keep the file of run ${before}`, bytes });
  }
  const what = before === null ? 'the first file' : `in place of that of run ${before}`;
  steps.push({
    step: 'publish',
    target: path,
    what: `rename ${basename(files.buildingPath(path))}: ${what}`,
  });
  for (const target of surplus) {
    const bytes = await files.bytesOf(target);
    steps.push({ step: 'drop backup', target, what: `more than ${keepBackups} are kept`, bytes });
  }
  return steps;
}
