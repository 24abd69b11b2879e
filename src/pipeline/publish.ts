import path from 'node:path';
import type { HubClient } from '../api/client.ts';
import type { Config, HubTarget } from '../config.ts';
import { EtlError } from '../errors.ts';
import type { HubLoad } from '../export/hub/publication.ts';
import type { Manifest } from '../export/manifest.ts';
import type { CrawlDependencies } from './crawl-stage.ts';
import { readTakedown } from './given-files.ts';
import { openBucketByProxy } from './places.ts';

const DATASETS = 'hf://datasets/';

/**
 * The data sets and buckets of the Hub that are asked for.
 *
 * @throws {EtlError} AUTH_DENIED without a token, CONFIG_INVALID for a takedown list that is none
 */
export async function hubTargets(config: Config): Promise<readonly HubTarget[]> {
  const { to, token, dryRun } = config;
  const targets = to.filter((it): it is HubTarget => it.startsWith('hf:'));
  if (targets.some((it) => it.startsWith(DATASETS)) && token === undefined && !dryRun)
    throw new EtlError('AUTH_DENIED', 'Publishing on the Hub needs HF_TOKEN, which is not set');
  await takenDown(config);
  return targets;
}

const takenDown = async ({ takedown }: Config): Promise<string[]> =>
  takedown === undefined ? [] : readTakedown(takedown);

export interface HeldRelease {
  manifest: Manifest;
  /** The DuckDB file. */
  path: string;
}

/** What is published on the Hub is what the DuckDB file holds: checked, and with its history. */
export async function lacksRelease(
  { dryRun }: Config,
  { manifest: { run }, path: file }: HeldRelease,
): Promise<boolean> {
  const { runOf } = await import('../export/duckdb/files.ts');
  return !dryRun && (await runOf(file)) !== run;
}

export interface PublishDependencies extends Pick<CrawlDependencies, 'env' | 'log' | 'signal'> {
  /** Of a command that may ask the Hub. */
  client?: HubClient;
}

/** Publishes a release that the DuckDB file holds: see `loadHub` and `loadHubBucket`. */
export async function publish(
  { client, env, log, signal }: PublishDependencies,
  config: Config,
  { target, manifest, path: file }: HeldRelease & { target: HubTarget },
): Promise<HubLoad> {
  const { dryRun, withText, stateLease } = config;
  const publication = {
    ...{ manifest, path: file, folder: path.join(path.dirname(file), 'publish') },
    takedown: await takenDown(config),
    ...{ withText, dryRun, signal },
  };
  if (!target.startsWith(DATASETS)) {
    const { loadHubBucket } = await import('../export/hub/bucket.ts');
    const bucket = await openBucketByProxy(target, { env });
    const lease = { command: 'load', leaseMs: stateLease * 1000, log };
    return loadHubBucket({ ...publication, ...lease, bucket });
  }
  const { loadHub } = await import('../export/hub/load.ts');
  if (client === undefined) throw new Error('a command that publishes has a client');
  return loadHub({
    ...publication,
    name: target.slice(DATASETS.length),
    endpoint: client.endpoint.url,
    fetch: client.webFetch,
  });
}
