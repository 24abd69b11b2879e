import type { JobLoadMetadata } from '@google-cloud/bigquery';
import { once } from 'node:events';
import { EtlError } from '../../errors.ts';
import { tables } from '../../tables/index.ts';
import { objectStart, putTable, removeObjects, removeTable } from './bucket.ts';
import { unless } from './calls.ts';
import type { Warehouse } from './client.ts';
import { runJob, startJob, type Job } from './jobs.ts';
import { contentOf, jobBase, labelValue, shortHash, stagingName, stagingSuffix } from './names.ts';
import type { BigqueryInput } from './client.ts';
import { partsOf } from './parts.ts';
import type { TableLoad } from './prepare.ts';
import { clusteringOf, dropTable, ensureTable, getTable, listTables, tableAt } from './tables.ts';

/** What a killed run leaves behind goes away by itself. */
export const STAGING_DAYS = 7;
export const DAY_MS = 86_400_000;

/**
 * Strict: what BigQuery would have to guess, or to leave out, fails the job. The table is there, with its
 * columns; each job adds its part.
 */
const LOAD = {
  sourceFormat: 'NEWLINE_DELIMITED_JSON',
  createDisposition: 'CREATE_NEVER',
  writeDisposition: 'WRITE_APPEND',
  maxBadRecords: 0,
  ignoreUnknownValues: false,
  autodetect: false,
} satisfies JobLoadMetadata;

/** A staging table that is there. */
interface Staging {
  dataset: string;
  table: string;
  /** What the ids of its jobs begin with. */
  base: string;
  content: string;
}

/**
 * Loads a table of the export into a staging table of its own. A killed load goes on with the part that
 * is not there yet; when all of the content is there, nothing is done.
 *
 * @throws {EtlError} `CHECK_REFUSED` when other rows came out than the manifest states; `LOAD_FAILED`,
 * `AUTH_GOOGLE`
 */
export async function stageTable(
  warehouse: Warehouse,
  { table, entry }: TableLoad,
  input: BigqueryInput,
): Promise<void> {
  const staging = await openStaging(warehouse, { table, entry }, input.manifest.run);
  if (staging === 'done') return;
  const load = warehouse.bucket === undefined ? loadUploads : loadObjects;
  const jobs = entry.rows === 0 ? [] : await load(warehouse, staging, { entry, ...input });
  const counts = jobs.map(({ statistics }) => Number(statistics?.load?.outputRows ?? Number.NaN));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (rows !== entry.rows) {
    throw new EtlError(
      'CHECK_REFUSED',
      `${table.name}: BigQuery loaded ${rows} rows, the manifest says ${entry.rows}`,
      { context: { table: table.name, rows, expected: entry.rows } },
    );
  }
  warehouse.log.info({ table: table.name, rows: entry.rows, bytes: entry.bytes }, 'table staged');
}

/** Makes the staging table, unless it is there with this content. The content decides, not only the run. */
async function openStaging(
  warehouse: Warehouse,
  { table, entry }: Pick<TableLoad, 'table' | 'entry'>,
  run: string,
): Promise<Staging | 'done'> {
  const address = { dataset: warehouse.staging, table: stagingName(table.name, run) };
  const content = contentOf(table, entry.sha256);
  let found = await getTable(warehouse, address);
  if (found !== undefined && found.labels?.['content'] !== content) {
    await dropTable(warehouse, address);
    found = undefined;
  }
  if (found === undefined) {
    await ensureTable(warehouse, address, {
      definition: table,
      description: `Staging of run ${run}; goes away by itself.`,
      labels: { run: labelValue(run), content },
      // Set before the first byte comes, so that no table of a killed run stays.
      expirationTime: String(warehouse.clock.nowMs() + STAGING_DAYS * DAY_MS),
      ...clusteringOf(table),
    });
    found = await getTable(warehouse, address);
  }
  if (found?.numRows === String(entry.rows)) return 'done';
  // Jobs add rows: those of a table that was there before must not count as done for this one.
  const born = shortHash(content, found?.creationTime ?? '');
  return { ...address, content, base: jobBase(run, table.name, born) };
}

type Source = Pick<TableLoad, 'entry'> & BigqueryInput;

/** One job a part, one after the other. */
async function loadUploads(
  warehouse: Warehouse,
  staging: Staging,
  { entry, exportDir }: Source,
): Promise<Job[]> {
  const jobs: Job[] = [];
  for await (const part of partsOf(entry, exportDir, warehouse.partBytes)) {
    const job = await runJob(warehouse, {
      doing: `loading ${staging.table}, part ${jobs.length + 1}`,
      base: `${staging.base}_p${jobs.length}`,
      start: async (jobId) => {
        // Not `createWriteStream`, which would wait for the job by itself, without an end.
        const stream = tableAt(warehouse, staging).createWriteStream_({ ...LOAD, jobId });
        stream.end(part);
        await once(stream, 'job');
      },
    });
    jobs.push(job);
  }
  return jobs;
}

/** One job for all objects, which BigQuery reads side by side. */
async function loadObjects(
  warehouse: Warehouse,
  { dataset, table, base, content }: Staging,
  { entry, exportDir }: Source,
): Promise<Job[]> {
  const { bucket, project } = warehouse;
  if (bucket === undefined) return [];
  const start = objectStart(bucket, table, content);
  const job = await runJob(warehouse, {
    doing: `loading ${table}`,
    base,
    start: async (id) => {
      const sourceUris = await putTable(warehouse, bucket, { start, entry, exportDir });
      const destinationTable = { projectId: project, datasetId: dataset, tableId: table };
      await startJob(warehouse, { load: { ...LOAD, destinationTable, sourceUris } })(id);
    },
  });
  await removeTable(warehouse, bucket, start);
  return [job];
}

/** Names of the staging tables that are there; none without a dataset. */
export const stagingNames = async (warehouse: Warehouse): Promise<string[]> =>
  (await unless(404, listTables(warehouse, warehouse.staging))) ?? [];

/**
 * Removes the staging tables of a run, and what a killed load of it left in the bucket; and tables of
 * other runs, with their objects, that are leftovers.
 *
 * @param leftovers names of tables that no load which is under way can publish any more
 */
export async function dropStaging(
  warehouse: Warehouse,
  run: string,
  leftovers: readonly string[],
): Promise<void> {
  const { staging, bucket } = warehouse;
  const isOurs = (name: string): boolean => tables.some((it) => name.startsWith(`${it.name}__`));
  const ofRun = (await stagingNames(warehouse)).filter((it) => it.endsWith(stagingSuffix(run)));
  for (const table of new Set([...ofRun, ...leftovers.filter(isOurs)])) {
    // The table last, as it is what leads to its objects.
    if (bucket !== undefined) await removeTable(warehouse, bucket, objectStart(bucket, table));
    await dropTable(warehouse, { dataset: staging, table });
  }
  if (bucket !== undefined) await removeObjects(warehouse, bucket, run);
}
