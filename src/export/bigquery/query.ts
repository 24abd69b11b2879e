import { randomUUID } from 'node:crypto';
import type { CheckRow } from '../checks/check.ts';
import { retried } from './calls.ts';
import type { Warehouse } from './client.ts';
import { runJob, startJob } from './jobs.ts';

/**
 * The rows of a SELECT whose columns are scalars. Bytes that it scans are paid for.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function queryRows(warehouse: Warehouse, query: string): Promise<CheckRow[]> {
  const { client, location } = warehouse;
  const doing = `asking ${query.slice(0, 80)}`;
  const { jobReference } = await runJob(warehouse, {
    doing,
    base: `hf_query_${randomUUID()}`,
    start: startJob(warehouse, { query: { query, useLegacySql: false } }),
  });
  const job = client.job(jobReference.jobId, { location });
  const [rows] = await retried(warehouse, doing, () => job.getQueryResults());
  return rows.map((row) => plainRow(row as object)); // a row is an object of its columns
}

/** The client wraps times and days; their text is ISO 8601. */
export const plainRow = (row: object): CheckRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, cell]: [string, CheckRow[string] | { value: string }]) => [
      name,
      typeof cell === 'object' && cell !== null ? cell.value : cell,
    ]),
  );
