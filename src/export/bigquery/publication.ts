import { EtlError } from '../../errors.ts';
import type { Warehouse } from './client.ts';
import { runJob, startJob } from './jobs.ts';
import { OVERTAKEN, publishScript, type Publishing, type TableSwitch } from './script.ts';

export interface PublicationSpec extends Omit<Publishing, 'dataset'> {
  /** In messages: `publishing`. */
  doing: string;
  /** Hash of what is published: another process with the same work has published ours. */
  work: string;
  /** Whether the newest release is this one already. */
  isDone: () => Promise<boolean>;
}

/**
 * Brings in a release, as the one after the newest, or changes nothing. Loads and rollbacks of one
 * dataset are kept apart by the id of the job: it is made of the number of the release, so at most one
 * job for a number is under way in the project, and the job looks at `releases` before it changes a row.
 *
 * @throws {EtlError} `LOAD_FAILED`, also when another release came first; `AUTH_GOOGLE`
 */
export async function runPublication(
  warehouse: Warehouse,
  switches: readonly TableSwitch[],
  { doing, work, isDone, ...publication }: PublicationSpec,
): Promise<void> {
  const { project, dataset } = warehouse;
  const query = publishScript(switches, { dataset: `${project}.${dataset}`, ...publication });
  try {
    await runJob(warehouse, {
      doing,
      base: `hf_${dataset}_release_${publication.sequence}`,
      work,
      // A success whose release is not the newest is of a dataset that was removed since.
      redo: true,
      start: startJob(warehouse, {
        labels: { work },
        query: { query, useLegacySql: false, useQueryCache: false },
      }),
    });
  } catch (error) {
    const isLate = error instanceof EtlError && error.message.includes(OVERTAKEN);
    if (!isLate) throw error;
    // By a process before us, whose job ended after we had looked.
    if (await isDone()) return;
    throw overtaken(publication.sequence, error);
  }
}

export const overtaken = (sequence: number, cause: unknown): EtlError =>
  new EtlError('LOAD_FAILED', `${OVERTAKEN} as number ${sequence}: nothing of this one was`, {
    context: { reason: 'overtaken', sequence },
    cause,
  });
