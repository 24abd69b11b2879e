import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { setTimeout as delay } from 'node:timers/promises';
import type { BigqueryDependencies, BigqueryLog, BigqueryPlace, Clock } from './options.ts';

/** Google answers a metadata request within seconds; a job's work is not done in a request. */
const REQUEST_TIMEOUT_MS = 120_000;

/** What every step of a load works with. */
export interface Warehouse {
  client: BigQuery;
  clock: Clock;
  log: BigqueryLog;
  project: string;
  /** Name of the dataset that readers use. */
  dataset: string;
  staging: string;
  backups: string;
  location: string;
  signal: AbortSignal | undefined;
}

/**
 * The client of Google's library. It does no retries: ours know the reasons and the deadlines
 * (`send`). Over plain `http:` no credentials are looked for, so none can leak.
 */
export function createBigqueryClient({ project, location, endpoint }: BigqueryPlace): BigQuery {
  const isPlain = endpoint !== undefined && !/^https:/i.test(endpoint);
  return new BigQuery({
    projectId: project,
    location: location ?? DEFAULT_LOCATION,
    retryOptions: { autoRetry: false },
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    ...(isPlain ? { authClient: new PassThroughClient() } : {}),
    timeout: REQUEST_TIMEOUT_MS,
    // The library's type leaves `timeout` out, though its base class reads it.
  } as ConstructorParameters<typeof BigQuery>[0]);
}

const DEFAULT_LOCATION = 'US';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
};

const silent: BigqueryLog = { info: () => undefined, warn: () => undefined };

export function openWarehouse(
  { client, clock = systemClock, log = silent }: BigqueryDependencies,
  place: BigqueryPlace,
): Warehouse {
  const dataset = place.dataset ?? 'huggingface';
  return {
    client: client ?? createBigqueryClient(place),
    clock,
    log,
    project: place.project,
    dataset,
    staging: `staging_${dataset}`,
    backups: `${dataset}_backups`,
    location: place.location ?? DEFAULT_LOCATION,
    signal: place.signal,
  };
}
