import { EtlError } from '../../errors.ts';
import { bigquerySchema } from '../../tables/bigquery.ts';
import { objectOf, uriOf, type BucketObject } from './bucket.ts';
import type { Warehouse } from './client.ts';
import { insertJob, runJob, type Job } from './jobs.ts';
import { contentOf, jobBase, labelValue, stagingName, stagingSuffix } from './names.ts';
import { putObject, removeObject, removeObjects } from './objects.ts';
import type { BigqueryInput } from './options.ts';
import { createTable, dropTable, getTable, listTables } from './resources.ts';
import { layoutOf } from './slices.ts';
import type { Candidate } from './survey.ts';
import { uploadTable } from './upload.ts';

/** What a killed run leaves behind goes away by itself. */
export const STAGING_DAYS = 7;
export const DAY_MS = 86_400_000;

/**
 * Loads a table of the export into a staging table of its own. Loading it again is a no-op while the
 * staging table is there and holds the same content.
 *
 * @throws {EtlError} `CHECK_REFUSED` when other rows came out than the manifest states; `LOAD_FAILED`,
 * `AUTH_GOOGLE`
 */
export async function stageTable(
  warehouse: Warehouse,
  candidate: Candidate,
  { manifest, exportDir }: BigqueryInput,
): Promise<void> {
  const { table, entry } = candidate;
  const name = stagingName(table.name, manifest.run);
  // The content decides, not only the run.
  const content = contentOf(table, entry.sha256);
  const found = await getTable(warehouse, warehouse.staging, name);
  const isOurs = found?.labels?.['content'] === content;
  if (isOurs && found?.numRows === String(entry.rows)) return;
  if (found !== undefined && !isOurs) await dropTable(warehouse, warehouse.staging, name);
  if (!isOurs) await createStaging(warehouse, { name, content }, { table, run: manifest.run });
  if (entry.rows === 0) return;
  const { bucket } = warehouse;
  const object = bucket === undefined ? undefined : objectOf(bucket, name, content);
  const doing = `loading ${table.name}`;
  const job = await runJob(warehouse, {
    doing,
    base: jobBase(manifest.run, table.name, content),
    // Whatever was loaded under this id before is not there any more.
    redo: true,
    configuration: loadConfiguration(warehouse, candidate, { run: manifest.run, object }),
    start: async (body) => {
      if (object === undefined) return await uploadTable(warehouse, body, { entry, exportDir });
      await putObject(warehouse, object, { entry, exportDir });
      return await insertJob(warehouse, body, doing);
    },
  });
  if (object !== undefined) await removeObject(warehouse, object);
  checkRows(job, candidate);
  warehouse.log.info({ table: table.name, rows: entry.rows, bytes: entry.bytes }, 'table staged');
}

/** Strict: what BigQuery would have to guess, or to leave out, fails the job. */
function loadConfiguration(
  { project, staging }: Warehouse,
  { table }: Candidate,
  { run, object }: { run: string; object: BucketObject | undefined },
): object {
  const { clustering } = layoutOf(table);
  return {
    labels: { run: labelValue(run) },
    load: {
      destinationTable: {
        projectId: project,
        datasetId: staging,
        tableId: stagingName(table.name, run),
      },
      ...(object === undefined ? {} : { sourceUris: [uriOf(object)] }),
      schema: { fields: bigquerySchema(table) },
      // A job that replaces a table must name its layout, or BigQuery calls them incompatible.
      ...(clustering === undefined ? {} : { clustering }),
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      createDisposition: 'CREATE_NEVER',
      writeDisposition: 'WRITE_TRUNCATE',
      maxBadRecords: 0,
      ignoreUnknownValues: false,
      autodetect: false,
    },
  };
}

function checkRows({ statistics }: Job, { table, entry }: Candidate): void {
  const rows = Number(statistics?.load?.outputRows ?? '-1');
  if (rows === entry.rows) return;
  throw new EtlError(
    'CHECK_REFUSED',
    `${table.name}: BigQuery loaded ${rows} rows, the manifest says ${entry.rows}`,
    { context: { table: table.name, rows, expected: entry.rows } },
  );
}

async function createStaging(
  warehouse: Warehouse,
  { name, content }: { name: string; content: string },
  { table, run }: { table: Candidate['table']; run: string },
): Promise<void> {
  const { clustering } = layoutOf(table);
  await createTable(
    warehouse,
    { dataset: warehouse.staging, table: name },
    {
      schema: { fields: bigquerySchema(table) },
      description: `Staging of run ${run}; goes away by itself.`,
      labels: { run: labelValue(run), content },
      // Set before the first byte comes, so that no table of a killed run stays.
      expirationTime: String(warehouse.clock.nowMs() + STAGING_DAYS * DAY_MS),
      ...(clustering === undefined ? {} : { clustering }),
    },
  );
}

/** Removes the staging tables of a run, and what a killed load of it left in the bucket. */
export async function dropStaging(warehouse: Warehouse, run: string): Promise<void> {
  const suffix = stagingSuffix(run);
  const names = await listTables(warehouse, warehouse.staging);
  for (const name of names.filter((it) => it.endsWith(suffix))) {
    await dropTable(warehouse, warehouse.staging, name);
  }
  if (warehouse.bucket !== undefined) await removeObjects(warehouse, warehouse.bucket, run);
}
