import { EtlError } from '../../errors.ts';
import type { Warehouse } from './client.ts';
import { runJob } from './jobs.ts';
import { getTable } from './resources.ts';
import { DAY_MS } from './stage.ts';

/** Days for which a release can be rolled back, unless told otherwise. */
export const KEEP_BACKUPS_DAYS = 90;

export interface CopySpec {
  doing: string;
  /** Of the job's id. */
  base: string;
  from: { dataset: string; table: string };
  to: { dataset: string; table: string };
}

/** Puts a table, or a snapshot, in the place of another: rows and schema, in one step. Free. */
export async function copyTable(
  warehouse: Warehouse,
  { doing, base, from, to }: CopySpec,
  operationType: 'COPY' | 'RESTORE',
): Promise<void> {
  await runJob(warehouse, {
    doing,
    base,
    // Done before does not mean that it still stands: a failure in between may have put back the old.
    redo: true,
    configuration: {
      copy: {
        sourceTables: [reference(warehouse, from)],
        destinationTable: reference(warehouse, to),
        operationType,
        createDisposition: 'CREATE_IF_NEEDED',
        writeDisposition: 'WRITE_TRUNCATE',
      },
    },
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
  const isThere = async () =>
    (await getTable(warehouse, warehouse.backups, backup))?.type === 'SNAPSHOT';
  if (await isThere()) return;
  const expiresMs = warehouse.clock.nowMs() + keepDays * DAY_MS;
  try {
    await runJob(warehouse, {
      doing: `backing up ${table}`,
      base,
      redo: true,
      configuration: {
        copy: {
          sourceTables: [reference(warehouse, { dataset: warehouse.dataset, table })],
          destinationTable: reference(warehouse, { dataset: warehouse.backups, table: backup }),
          operationType: 'SNAPSHOT',
          createDisposition: 'CREATE_IF_NEEDED',
          writeDisposition: 'WRITE_EMPTY',
          destinationExpirationTime: new Date(expiresMs).toISOString(),
        },
      },
    });
  } catch (error) {
    const isDuplicate = error instanceof EtlError && error.context['reason'] === 'duplicate';
    if (!isDuplicate || !(await isThere())) throw error;
  }
}

const reference = (
  { project }: Warehouse,
  { dataset, table }: { dataset: string; table: string },
) => ({ projectId: project, datasetId: dataset, tableId: table });
