import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkRelease,
  README,
  writePublication,
  type HubLoad,
  type PublishOptions,
} from './publication.ts';
import { changesOf, checkToken, commitChanges, readRemote, type HubPlace } from './remote.ts';
import type { PublishedFile } from './shards.ts';

export type HubOptions = HubPlace & PublishOptions;

const SHARD_BYTES = 400e6;

/**
 * Publishes the release that a DuckDB file holds, history included, as a data set of the Hub: check the token →
 * compare with the last publication → write Parquet, card and manifest → upload → one commit. Killed anywhere, the
 * same call publishes once; when all is there, it only reads.
 *
 * @throws {EtlError} AUTH_TOKEN, AUTH_DENIED before anything is uploaded; FOLDER_TAKEN for a file there that is not
 * ours; LOAD_FAILED, HTTP_QUOTA, EXPORT_MISSING, STORAGE_FULL. What was published before is untouched.
 * @see docs/warehouses.md
 */
export async function loadHub(options: HubOptions): Promise<HubLoad> {
  const { name, manifest, folder, dryRun, signal } = options;
  await checkRelease(options);
  if (!dryRun) await checkToken(options);
  const remote = await readRemote(options);
  const { files, leftOut } = await writePublication(
    { shardBytes: SHARD_BYTES, ...options },
    { kind: 'dataset', name },
  );
  const changes = await changesOf(remote, files, folder);
  const load: HubLoad = {
    ...{ run: manifest.run, target: `hf://datasets/${name}`, outcome: 'dry-run' },
    ...{ commit: remote.commit, card: join(folder, README), files: changes },
    leftOut,
  };
  if (dryRun) return load;
  const isThere = changes.every(({ change }) => change === 'keep');
  const title = `Release of run ${manifest.run}`;
  const given = { title, folder, parent: remote.commit, signal };
  const commit = isThere
    ? remote.commit
    : await commitChanges(options, changes, given).catch((error: unknown) =>
        // Its answer may have been lost.
        commitOf(options, files, error),
      );
  await rm(folder, { recursive: true, force: true });
  return { ...load, outcome: isThere ? 'already' : 'published', commit, card: null };
}

/** The newest commit where it is what was to be published, else the error. */
async function commitOf(
  options: HubOptions,
  files: readonly PublishedFile[],
  error: unknown,
): Promise<string> {
  if (options.signal.aborted) throw error;
  const now = await readRemote(options).catch(() => undefined);
  const changes = now && (await changesOf(now, files, options.folder).catch(() => undefined));
  if (now && changes?.every(({ change }) => change === 'keep') === true) return now.commit;
  throw error;
}
