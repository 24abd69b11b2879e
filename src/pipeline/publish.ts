import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HubClient } from '../api/client.ts';
import type { Config, HubDataset } from '../config.ts';
import { EtlError, systemCode } from '../errors.ts';
import type { HubLoad } from '../export/hub/load.ts';
import type { Manifest } from '../export/manifest.ts';
import { repoName, sameName } from '../tables/repo-names.ts';
import { refused } from './table-file.ts';

/**
 * The data sets of the Hub that are asked for.
 *
 * @throws {EtlError} AUTH_DENIED without a token, CONFIG_INVALID for a takedown list that is none
 */
export async function hubTargets(config: Config): Promise<readonly HubDataset[]> {
  const { to, token, dryRun } = config;
  const targets = to.filter((it): it is HubDataset => it.startsWith('hf:'));
  if (targets.length > 0 && token === undefined && !dryRun)
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

/** Publishes a release that the DuckDB file holds: see `loadHub`. */
export async function publish(
  { client, signal }: { client?: HubClient; signal: AbortSignal },
  config: Config,
  { target, manifest, path: file }: HeldRelease & { target: HubDataset },
): Promise<HubLoad> {
  const { loadHub } = await import('../export/hub/load.ts');
  if (client === undefined) throw new Error('a command that publishes has a client');
  const { dryRun, withText } = config;
  return loadHub({
    name: target.slice('hf://datasets/'.length),
    endpoint: client.endpoint.url,
    fetch: client.webFetch,
    ...{ manifest, path: file, folder: path.join(path.dirname(file), 'publish') },
    takedown: await readTakedown(config),
    ...{ withText, dryRun, signal },
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
