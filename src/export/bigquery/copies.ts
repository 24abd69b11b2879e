import type { JobOptions } from '@google-cloud/bigquery';
import { EtlError } from '../../errors.ts';
import type { Warehouse } from './client.ts';
import { runJob, startJob } from './jobs.ts';
import { DAY_MS } from './stage.ts';
import { getTable, type Address } from './tables.ts';

/** Days for which a release can be rolled back, unless told otherwise. */
export const KEEP_BACKUPS_DAYS = 90;

export interface CopySpec {
  doing: string;
  /** Of the job's id. */
  base: string;
  from: Address;
  to: Address;
}

/** Puts a table, or a snapshot, in the place of another: rows and schema, in one step. Free. */
export const copyTable = (
  warehouse: Warehouse,
  spec: CopySpec,
  operationType: 'COPY' | 'RESTORE',
): Promise<void> => copy(warehouse, spec, { operationType, writeDisposition: 'WRITE_TRUNCATE' });

type CopyOptions = NonNullable<NonNullable<JobOptions['configuration']>['copy']>;

async function copy(
  warehouse: Warehouse,
  { doing, base, from, to }: CopySpec,
  options: CopyOptions,
): Promise<void> {
  const reference = ({ dataset, table }: Address) => ({
    ...{ projectId: warehouse.project, datasetId: dataset, tableId: table },
  });
  await runJob(warehouse, {
    doing,
    base,
    // Done before does not mean that it still stands: a failure in between may have put back the old.
    redo: true,
    start: startJob(warehouse, {
      copy: {
        sourceTables: [reference(from)],
        destinationTable: reference(to),
        createDisposition: 'CREATE_IF_NEEDED',
        ...options,
      },
    }),
  });
}

/**
 * Keeps a production table as it is, as a snapshot with an expiration. One that is there is left alone:
 * it was taken before the same release was touched.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function takeSnapshot(
  warehouse: Warehouse,
  { table, backup, base }: { table: string; backup: string; base: string },
  keepDays: number,
): Promise<void> {
  const from = { dataset: warehouse.dataset, table };
  const to = { dataset: warehouse.backups, table: backup };
  const isThere = async () => (await getTable(warehouse, to))?.type === 'SNAPSHOT';
  if (await isThere()) return;
  const expiresMs = warehouse.clock.nowMs() + keepDays * DAY_MS;
  try {
    const doing = `backing up ${table}`;
    await copy(
      warehouse,
      { doing, base, from, to },
      {
        operationType: 'SNAPSHOT',
        writeDisposition: 'WRITE_EMPTY',
        destinationExpirationTime: new Date(expiresMs).toISOString(),
      },
    );
  } catch (error) {
    const isDuplicate = error instanceof EtlError && error.context['reason'] === 'duplicate';
    if (!isDuplicate || !(await isThere())) throw error;
  }
}
