import path from 'node:path';
import { openAgent } from '../api/proxy.ts';
import type { Config } from '../config.ts';
import { EtlError } from '../errors.ts';
import type { BigqueryOptions, BigqueryPlace } from '../export/bigquery/client.ts';
import type { Bucket, BucketOptions } from '../storage/bucket/bucket.ts';

/** Where the embedded warehouse lies. */
export const warehousePath = (config: Config): string =>
  path.join(config.storage, 'warehouse', 'hub.duckdb');

/**
 * DuckDB takes what follows a question mark for no part of a file's name: its log would be another file.
 *
 * @throws {EtlError} CONFIG_INVALID for a storage in such a folder
 */
export function checkWarehouse(config: Config): void {
  const file = path.resolve(warehousePath(config));
  if (file.includes('?'))
    throw new EtlError('CONFIG_INVALID', `DuckDB cannot write ${file}: no "?" in --storage`);
}

/**
 * Where BigQuery's tables are.
 *
 * @throws {EtlError} CONFIG_INVALID without a project
 */
export function bigqueryPlace(config: Config): BigqueryPlace {
  const { bigqueryProject: project, bigqueryEndpoint: endpoint } = config;
  if (project === undefined) {
    throw new EtlError('CONFIG_INVALID', 'BigQuery needs --bigquery-project');
  }
  return {
    project,
    dataset: config.bigqueryDataset,
    location: config.bigqueryLocation,
    ...(endpoint === undefined ? {} : { endpoint: addressOf(endpoint) }),
  };
}

/** What a load needs to know of Cloud Storage. */
export function bucketPlace({
  bucket,
  storageEndpoint: endpoint,
}: Config): Pick<BigqueryOptions, 'bucket' | 'storageEndpoint'> {
  if (bucket === undefined) return {};
  return { bucket, ...(endpoint === undefined ? {} : { storageEndpoint: addressOf(endpoint) }) };
}

/** BIGQUERY_EMULATOR_HOST and STORAGE_EMULATOR_HOST are usually host:port. */
const addressOf = (endpoint: string): string =>
  /^https?:/.test(endpoint) ? endpoint : `http://${endpoint}`;

/** As `openBucket` of the storage, by way of the proxy that the environment names. */
export async function openBucketByProxy(
  address: string,
  options: Omit<BucketOptions, 'openAgent'>,
): Promise<Bucket> {
  const { openBucket } = await import('../storage/bucket/open.ts');
  return openBucket(address, { ...options, openAgent });
}
