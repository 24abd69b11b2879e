import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HubClient } from '../api/client.ts';
import type { Config, HubTarget } from '../config.ts';
import { EtlError, systemCode } from '../errors.ts';
import type { HubLoad } from '../export/hub/publication.ts';
import type { Manifest } from '../export/manifest.ts';
import type { Logger } from '../log.ts';
import { repoName, sameName } from '../tables/repo-names.ts';
import { openBucketByProxy } from './open-bucket.ts';
import { refused } from './table-file.ts';

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
  await readTakedown(config);
  return targets;
}

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

export interface PublishDependencies {
  /** Of a command that may ask the Hub. */
  client?: HubClient;
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
  signal: AbortSignal;
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
    takedown: await readTakedown(config),
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

/** Where the Hub shows data sets and Spaces. */
const FOLDER = /^(?:https?:\/\/[^/]+\/)?(?:datasets|spaces)\//;

/**
 * Who asked to be left out: a repository (`owner/name`, its address, or its `_id`) or an owner a line; what
 * follows `#` is a remark. Names are of models, data sets and Spaces alike.
 *
 * @throws {EtlError} CONFIG_INVALID for a line that is no name: nobody is left in by a slip of the pen
 */
async function readTakedown({ takedown: file }: Config): Promise<string[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const why = systemCode(cause) ?? String(cause);
    throw refused('--takedown', `${file} cannot be read: ${why}`, cause);
  });
  const ids = text.split('\n').flatMap((line, at) => {
    const said = (line.split('#')[0] ?? '').trim();
    if (said === '') return [];
    const name = repoName(said.replace(FOLDER, ''));
    if (name === null)
      throw refused('--takedown', `${file}, line ${at + 1}, is no id and no owner`);
    return [sameName(name)];
  });
  return [...new Set(ids)];
}
