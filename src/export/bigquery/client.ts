import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { setTimeout as delay } from 'node:timers/promises';
import { isPlainHttp, openBucket, type Bucket } from './bucket.ts';
import type {
  BigqueryDependencies,
  BigqueryLog,
  BigqueryOptions,
  BigqueryPlace,
  Clock,
} from './options.ts';

/** Google answers a metadata request within seconds; a job's work is not done in a request. */
const REQUEST_TIMEOUT_MS = 120_000;
/** The library asks for BigQuery's alone, with which Cloud Storage would not be content. */
const STORAGE_SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';

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
  /** Undefined: tables are uploaded to BigQuery itself. */
  bucket: Bucket | undefined;
  signal: AbortSignal | undefined;
}

type Place = BigqueryPlace & Pick<BigqueryOptions, 'bucket' | 'storageEndpoint'>;

/**
 * The client of Google's library. It does no retries: ours know the reasons and the deadlines
 * (`send`). Over plain `http:` no credentials are looked for, so none can leak.
 */
export function createBigqueryClient({ project, location, endpoint, bucket }: Place): BigQuery {
  const isPlain = endpoint !== undefined && isPlainHttp(endpoint);
  return new BigQuery({
    projectId: project,
    location: location ?? DEFAULT_LOCATION,
    retryOptions: { autoRetry: false },
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    ...(bucket === undefined ? {} : { scopes: [STORAGE_SCOPE] }),
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

/** @throws {EtlError} `CONFIG_INVALID` for a bucket that cannot be */
export function openWarehouse(
  { client: given, clock = systemClock, log = silent }: BigqueryDependencies,
  place: Place,
): Warehouse {
  const client = given ?? createBigqueryClient(place);
  const { bucket } = place;
  const dataset = place.dataset ?? 'huggingface';
  return {
    client,
    clock,
    log,
    project: place.project,
    dataset,
    staging: `staging_${dataset}`,
    backups: `${dataset}_backups`,
    location: place.location ?? DEFAULT_LOCATION,
    bucket: bucket === undefined ? undefined : openBucket(client, { ...place, bucket }),
    signal: place.signal,
  };
}
