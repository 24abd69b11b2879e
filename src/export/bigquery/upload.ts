import { EtlError } from '../../errors.ts';
import type { TableEntry } from '../manifest.ts';
import type { Warehouse } from './client.ts';
import { getJob, type Job, type JobBody } from './jobs.ts';
import { CHUNK_BYTES, uploadResumable } from './resumable.ts';
import { tableBody } from './table-body.ts';

/**
 * Starts a load job whose data is a table of the export, by a resumable upload.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`, `CHECK_REFUSED`
 * @see https://cloud.google.com/bigquery/docs/reference/api-uploads
 */
export async function uploadTable(
  warehouse: Warehouse,
  body: JobBody,
  { entry, exportDir }: { entry: TableEntry; exportDir: string },
): Promise<Job> {
  const { client, project, signal } = warehouse;
  const begun = await uploadResumable<Job>(warehouse, {
    host: { url: client.apiEndpoint, authClient: client.authClient, signal },
    path: `/upload/bigquery/v2/projects/${project}/jobs?uploadType=resumable`,
    body,
    bytes: entry.bytes,
    chunks: () => tableBody(entry, exportDir, CHUNK_BYTES),
    doing: `uploading ${entry.files[0]?.path ?? ''}`,
  });
  return begun ?? (await existing(warehouse, body));
}

async function existing(warehouse: Warehouse, { jobReference }: JobBody): Promise<Job> {
  const job = await getJob(warehouse, jobReference.jobId);
  if (job !== undefined) return job;
  throw new EtlError('LOAD_FAILED', `job ${jobReference.jobId} was neither begun nor found`);
}
