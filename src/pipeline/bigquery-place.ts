import type { Config } from '../config.ts';
import { EtlError } from '../errors.ts';
import type { BigqueryOptions, BigqueryPlace } from '../export/bigquery/client.ts';

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
