import { EtlError } from '../../errors.ts';
import type { Warehouse } from './client.ts';
import { failure, isPassing, refusalOf, type Refusal } from './failure.ts';
import { send } from './send.ts';

/** A job as the API tells it, as far as it is used here. */
export interface Job {
  jobReference: { projectId: string; jobId: string; location?: string };
  configuration?: { labels?: Record<string, string> };
  status: { state: string; errorResult?: JobProblem; errors?: JobProblem[] };
  statistics?: { load?: { outputRows?: string; badRecords?: string } };
}

interface JobProblem {
  reason?: string;
  message?: string;
  location?: string;
}

/** What `jobs.insert` takes, or the upload puts before its bytes. */
export interface JobBody {
  jobReference: { projectId: string; jobId: string; location: string };
  configuration: object;
}

export interface JobSpec {
  /** In messages: `loading usage`. */
  doing: string;
  /** Derived from run, table and content: the same work has the same id after a crash. */
  base: string;
  configuration: object;
  /** The result of an earlier success is known to be gone: do the work again. @default false */
  redo?: boolean;
  /**
   * Where several processes take the same ids in turn: label `work` of the job that is ours. Another's
   * job is waited for, and never taken for our own.
   */
  work?: string;
  /** Starts the job in another way than `jobs.insert`. */
  start?: (body: JobBody) => Promise<Job>;
  /** How long one attempt may take. @default 6 hours, Google's own limit */
  deadlineMs?: number;
}

const HOURS_MS = 3_600_000;
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
    if (found?.status.state === 'DONE' && (refusalOfJob(found) !== undefined || spec.redo))
      continue;
    const started = found ?? (await startJob(warehouse, spec, id));
    const done = await follow(warehouse, started, spec);
    if (!isOurs(started, spec)) continue;
    tries += 1;
    const refusal = refusalOfJob(done);
    if (refusal === undefined) return done;
    if (tries >= MAX_ATTEMPTS || !isPassing(refusal)) throw failure(refusal, spec.doing);
    warehouse.log.warn({ job: id, ...refusal }, `${spec.doing}: the job failed; trying again`);
    await warehouse.clock.sleep(FIRST_POLL_MS * 2 ** tries, warehouse.signal);
  }
  throw new EtlError('LOAD_FAILED', `${spec.doing}: ${MAX_NUMBER} jobs of this content failed`);
}

const isOurs = ({ configuration }: Job, { work }: JobSpec): boolean =>
  work === undefined || configuration?.labels?.['work'] === work;

/** Why a finished job failed; undefined for success. */
export function refusalOfJob({ status }: Job): Refusal | undefined {
  if (status.errorResult === undefined) return undefined;
  const { reason = '', message = '' } = status.errorResult;
  // The first error sums up; the others say where: file, byte, column.
  const detail = status.errors?.find((it) => it.message !== message)?.message;
  const text = detail === undefined ? message : `${message} ${detail}`;
  return refusalOf({ errors: [{ reason, message: text }] });
}

export async function getJob(warehouse: Warehouse, id: string): Promise<Job | undefined> {
  const query = { location: warehouse.location };
  const found = await send<Job>(warehouse, { method: 'GET', path: `/jobs/${id}`, query }, [404]);
  return 'answer' in found ? found.answer : undefined;
}

async function startJob(warehouse: Warehouse, spec: JobSpec, id: string): Promise<Job> {
  const { project, location } = warehouse;
  const jobReference = { projectId: project, jobId: id, location };
  const labels = spec.work === undefined ? {} : { labels: { work: spec.work } };
  const body = { jobReference, configuration: { ...spec.configuration, ...labels } };
  if (spec.start !== undefined) return spec.start(body);
  return await insertJob(warehouse, body, spec.doing);
}

/**
 * Begins a job, or finds the one that the same request has begun before.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function insertJob(warehouse: Warehouse, body: JobBody, doing: string): Promise<Job> {
  const outcome = await send<Job>(warehouse, { method: 'POST', path: '/jobs', body }, [409]);
  if ('answer' in outcome) return outcome.answer;
  // Our own request got through though its answer was lost.
  const existing = await getJob(warehouse, body.jobReference.jobId);
  if (existing === undefined) throw failure(outcome.refusal, doing);
  return existing;
}

async function follow(warehouse: Warehouse, started: Job, spec: JobSpec): Promise<Job> {
  const { clock, signal } = warehouse;
  const id = started.jobReference.jobId;
  const until = clock.nowMs() + (spec.deadlineMs ?? 6 * HOURS_MS);
  let job: Job | undefined = started;
  for (let waitMs = FIRST_POLL_MS; job?.status.state !== 'DONE'; waitMs *= 1.5) {
    if (clock.nowMs() >= until) {
      const state = job?.status.state ?? 'unknown';
      throw new EtlError('LOAD_FAILED', `${spec.doing}: job ${id} is still ${state}`, {
        context: { job: id, state },
      });
    }
    await clock.sleep(Math.min(waitMs, MAX_POLL_MS), signal);
    job = await getJob(warehouse, id);
  }
  return job;
}
