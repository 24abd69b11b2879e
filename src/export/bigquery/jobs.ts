import type { JobOptions } from '@google-cloud/bigquery';
import { randomUUID } from 'node:crypto';
import { EtlError } from '../../errors.ts';
import type { CheckRow } from '../checks/check.ts';
import { retried, unless } from './calls.ts';
import type { Warehouse } from './client.ts';
import { failure, isPassing, refusalOf, type Refusal } from './failure.ts';

/** A job as the API tells it, as far as it is used here. */
export interface Job {
  jobReference: { jobId: string };
  configuration?: { labels?: Record<string, string> };
  status: { state: string; errorResult?: JobProblem; errors?: JobProblem[] };
  statistics?: { load?: { outputRows?: string } };
}

interface JobProblem {
  reason?: string;
  message?: string;
}

export interface JobSpec {
  /** In messages: `loading usage`. */
  doing: string;
  /** Derived from run, table and content: the same work has the same id after a crash. */
  base: string;
  /** Begins the job under an id. */
  start: (id: string) => Promise<unknown>;
  /** The result of an earlier success may be gone: do the work again. @default false */
  redo?: boolean;
  /**
   * Where several processes take the same ids in turn: label `work` of the job that is ours. Another's
   * job is waited for, and never taken for our own.
   */
  work?: string;
}

/** Google's own limit of a job. */
const DEADLINE_MS = 6 * 3_600_000;
/** A job that was begun is known at once; one that a server runs under another id never is. */
const UNKNOWN_MS = 120_000;
const FIRST_POLL_MS = 500;
const MAX_POLL_MS = 10_000;
/** Of this process; failures of processes before do not count. */
const MAX_ATTEMPTS = 4;
/** More failures than that under one id mean that something else is wrong. */
const MAX_NUMBER = 500;

/**
 * Has a job done exactly once: a job that an earlier process began under the same id is followed, a
 * failed one is followed by the next attempt. Returns the finished job.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function runJob(warehouse: Warehouse, spec: JobSpec): Promise<Job> {
  let tries = 0;
  for (let number = 1; number <= MAX_NUMBER; number += 1) {
    const id = `${spec.base}_${number}`;
    const found = await getJob(warehouse, id);
    const isDone = found?.status.state === 'DONE';
    if (isDone && (refusalOfJob(found) !== undefined || spec.redo === true)) continue;
    if (found === undefined) {
      // 409: our own request got through though its answer was lost.
      await unless(
        409,
        retried(warehouse, spec.doing, () => spec.start(id)),
      );
    }
    const done = await follow(warehouse, spec, id);
    if (!isOurs(done, spec)) continue;
    tries += 1;
    const refusal = refusalOfJob(done);
    if (refusal === undefined) return done;
    if (tries >= MAX_ATTEMPTS || !isPassing(refusal)) throw failure(refusal, spec.doing);
    warehouse.log.warn({ job: id, ...refusal }, `${spec.doing}: the job failed; trying again`);
    await warehouse.clock.sleep(FIRST_POLL_MS * 2 ** tries, warehouse.signal);
  }
  throw new EtlError('LOAD_FAILED', `${spec.doing}: ${MAX_NUMBER} jobs of this content failed`);
}

/** Begins a job whose data, if it has any, is at Google already. */
export const startJob =
  (
    { client, location }: Warehouse,
    configuration: NonNullable<JobOptions['configuration']>,
  ): JobSpec['start'] =>
  (jobId) =>
    client.createJob({ jobId, location, configuration });

const isOurs = ({ configuration }: Job, { work }: JobSpec): boolean =>
  work === undefined || configuration?.labels?.['work'] === work;

/** Why a finished job failed; undefined for success. */
function refusalOfJob({ status }: Job): Refusal | undefined {
  if (status.errorResult === undefined) return undefined;
  const { reason = '', message = '' } = status.errorResult;
  // The first error sums up; the others say where: file, byte, column.
  const detail = status.errors?.find((it) => it.message !== message)?.message;
  const text = detail === undefined ? message : `${message} ${detail}`;
  return refusalOf({ errors: [{ reason, message: text }] });
}

async function getJob(warehouse: Warehouse, id: string): Promise<Job | undefined> {
  const { client, location } = warehouse;
  const ask = () => client.job(id, { location }).getMetadata();
  const found = await unless(404, retried(warehouse, `asking for job ${id}`, ask));
  return found?.[0] as Job | undefined; // as the API documents it
}

async function follow(warehouse: Warehouse, spec: JobSpec, id: string): Promise<Job> {
  const { clock, signal } = warehouse;
  const begunMs = clock.nowMs();
  for (let waitMs = FIRST_POLL_MS; ; waitMs *= 1.5) {
    const job = await getJob(warehouse, id);
    if (job?.status.state === 'DONE') return job;
    if (clock.nowMs() >= begunMs + (job === undefined ? UNKNOWN_MS : DEADLINE_MS)) {
      const state = job?.status.state ?? 'unknown there';
      throw new EtlError('LOAD_FAILED', `${spec.doing}: job ${id} is still ${state}`, {
        context: { job: id, state },
      });
    }
    await clock.sleep(Math.min(waitMs, MAX_POLL_MS), signal);
  }
}

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
