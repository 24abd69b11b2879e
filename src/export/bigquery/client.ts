import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import type { Bucket as StorageBucket, StorageOptions } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import { setTimeout as delay } from 'node:timers/promises';
import { EtlError } from '../../errors.ts';
import type { CheckOptions, CheckResult } from '../checks/check.ts';
import type { Manifest } from '../manifest.ts';
import { checkNames } from './names.ts';

/** Google answers a metadata request within seconds; a job's work is not done in a request. */
const REQUEST_TIMEOUT_MS = 120_000;
const DEFAULT_LOCATION = 'US';
/**
 * When an upload fails, this much is sent again. A table of 12 GB is some 200 parts; BigQuery takes 1,500
 * loads into a table a day.
 */
const PART_BYTES = 64 * 1024 * 1024;

/** Time, passed in so that back-off and deadlines can be tested without waiting. */
export interface Clock {
  nowMs: () => number;
  /** Ends early when the signal fires. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The part of a pino logger that is used here. */
export interface BigqueryLog {
  info: (facts: object, message: string) => void;
  warn: (facts: object, message: string) => void;
}

export interface BigqueryDependencies {
  /** @default `createBigqueryClient(options)` */
  client?: BigQuery;
  /** @default the system's */
  clock?: Clock;
  /** @default silent */
  log?: BigqueryLog;
  /** What goes in one upload. @default 64 MiB */
  partBytes?: number;
}

export interface BigqueryInput {
  manifest: Manifest;
  /** Folder of the finished export that the manifest speaks of. */
  exportDir: string;
}

/** Where a warehouse is and how to reach it. */
export interface BigqueryPlace {
  project: string;
  /** Staging is `staging_<dataset>`, backups are in `<dataset>_backups`. @default 'huggingface' */
  dataset?: string;
  /** Of all three datasets and every job. @default 'US' */
  location?: string;
  /**
   * Address of the API. With `http:` (an emulator) no credentials are looked for, and none are sent.
   *
   * @default Google's
   */
  endpoint?: string;
  signal?: AbortSignal;
}

export interface BigqueryOptions extends BigqueryPlace {
  /**
   * `gs://bucket/prefix`: tables go there first and are loaded from there. Nothing of them stays.
   *
   * @default none: tables are uploaded to BigQuery itself
   */
  bucket?: string;
  /**
   * Address of Cloud Storage. With `http:` (an emulator) no credentials are sent.
   *
   * @default Google's; that of BigQuery, when it is `http:`
   */
  storageEndpoint?: string;
  /** What the checks ask for. @default as in `CheckOptions` */
  checks?: CheckOptions;
  /** Told what the checks said, before a refusal ends the load. */
  onChecks?: (results: readonly CheckResult[]) => void;
  /** Only tell what would happen. @default false */
  dryRun?: boolean;
}

/** A bucket of Cloud Storage that tables go through. */
export interface Bucket {
  bucket: StorageBucket;
  /** Before each object's name: '', or with a slash at its end. */
  prefix: string;
}

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
  partBytes: number;
  signal: AbortSignal | undefined;
}

type Place = BigqueryPlace & Pick<BigqueryOptions, 'bucket' | 'storageEndpoint'>;

const isPlainHttp = (url: string): boolean => /^http:/i.test(url);

/**
 * The client of Google's library. It does no retries: it would leave out the uploads, and it cannot be
 * interrupted in its pauses (`retried`). Over plain `http:` no credentials are looked for, so none can leak.
 */
export function createBigqueryClient({ project, location, endpoint }: BigqueryPlace): BigQuery {
  const options: BigQueryOptions & { timeout: number } = {
    projectId: project,
    location: location ?? DEFAULT_LOCATION,
    retryOptions: { autoRetry: false },
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    ...(isPlainHttp(endpoint ?? '') ? { authClient: new PassThroughClient() } : {}),
    // The library's type leaves `timeout` out, though its base class reads it.
    timeout: REQUEST_TIMEOUT_MS,
  };
  const client = new BigQuery(options);
  // With BIGQUERY_EMULATOR_HOST the library leaves a part of the path out.
  client.baseUrl = `${client.apiEndpoint}/bigquery/v2`;
  return client;
}

/**
 * How Cloud Storage is reached. Beside a BigQuery that is asked over plain `http:` (an emulator) it is
 * looked for there too; over plain `http:` no token is sent.
 *
 * @throws {EtlError} `CONFIG_INVALID`
 */
export function storageOptions({ project, endpoint, storageEndpoint }: Place): StorageOptions {
  const url = storageEndpoint ?? (isPlainHttp(endpoint ?? '') ? endpoint : undefined);
  if (url === undefined) return { projectId: project };
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    const shown = JSON.stringify(url);
    throw new EtlError('CONFIG_INVALID', `--storage-endpoint: ${shown} is not an address`);
  }
  return { projectId: project, apiEndpoint: url, useAuthWithCustomEndpoint: !isPlainHttp(url) };
}

/** The library is loaded only by those who use a bucket. */
async function openBucket(place: Place & { bucket: string }): Promise<Bucket> {
  const { name, prefix } = splitBucket(place.bucket);
  if (name === '') {
    const shown = JSON.stringify(place.bucket);
    throw new EtlError('CONFIG_INVALID', `--bucket: ${shown} is not gs://BUCKET[/PREFIX]`);
  }
  const options = storageOptions(place);
  const { cloudStorage } = await import('../../storage/bucket/gcs.ts');
  // An object's name says its content, so that nothing is spoiled by doing it twice.
  return { bucket: cloudStorage(options).bucket(name), prefix };
}

/** The parts of `gs://bucket/prefix`: the prefix is empty, or ends in a slash. */
export function splitBucket(address: string): { name: string; prefix: string } {
  const [, name = '', rest = ''] = /^gs:\/\/([^/]*)(?:\/([\s\S]*))?$/.exec(address) ?? [];
  return { name, prefix: rest === '' || rest.endsWith('/') ? rest : `${rest}/` };
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
};

const silent: BigqueryLog = { info: () => undefined, warn: () => undefined };

/** @throws {EtlError} `CONFIG_INVALID` for names, or a bucket, that cannot be */
export async function openWarehouse(
  { client, clock = systemClock, log = silent, partBytes = PART_BYTES }: BigqueryDependencies,
  place: Place,
): Promise<Warehouse> {
  const { bucket, project, dataset = 'huggingface', location = DEFAULT_LOCATION } = place;
  checkNames(project, dataset);
  return {
    client: client ?? createBigqueryClient(place),
    clock,
    log,
    partBytes,
    project,
    dataset,
    staging: `staging_${dataset}`,
    backups: `${dataset}_backups`,
    location,
    bucket: bucket === undefined ? undefined : await openBucket({ ...place, bucket }),
    signal: place.signal,
  };
}
