import { EtlError } from '../../errors.ts';
import type { Warehouse } from './client.ts';
import { runJob, startJob } from './jobs.ts';
import { jobBase, shortHash } from './names.ts';
import { DAY_MS } from './stage.ts';
import { getTable, type Address } from './tables.ts';

/** Days for which a release can be rolled back. */
const KEEP_BACKUPS_DAYS = 90;

/**
 * Keeps a production table as it is, as a snapshot with an expiration. One that is there is left alone:
 * it was taken before the same release was touched.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function takeSnapshot(
  warehouse: Warehouse,
  { table, backup, run }: { table: string; backup: string; run: string },
): Promise<void> {
  const { project, dataset, backups } = warehouse;
  const to: Address = { dataset: backups, table: backup };
  const isThere = async () => (await getTable(warehouse, to))?.type === 'SNAPSHOT';
  if (await isThere()) return;
  const expiresMs = warehouse.clock.nowMs() + KEEP_BACKUPS_DAYS * DAY_MS;
  try {
    await runJob(warehouse, {
      doing: `backing up ${table}`,
      base: jobBase(run, `backup_${table}`, shortHash(backup)),
      // Done before does not mean that it still stands: it may have expired, or been removed.
      redo: true,
      start: startJob(warehouse, {
        copy: {
          sourceTables: [{ projectId: project, datasetId: dataset, tableId: table }],
          destinationTable: { projectId: project, datasetId: backups, tableId: backup },
          operationType: 'SNAPSHOT',
          createDisposition: 'CREATE_IF_NEEDED',
          writeDisposition: 'WRITE_EMPTY',
          destinationExpirationTime: new Date(expiresMs).toISOString(),
        },
      }),
    });
  } catch (error) {
    const isDuplicate = error instanceof EtlError && error.context['reason'] === 'duplicate';
    if (!isDuplicate || !(await isThere())) throw error;
  }
}
