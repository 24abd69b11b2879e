import path from 'node:path';
import type { HubClient } from '../api/client.ts';
import { REPO_KINDS, type RepoKind } from '../api/repos.ts';
import type { Config } from '../config.ts';
import { askRemoved } from '../crawlers/removed.ts';
import { EtlError } from '../errors.ts';
import { readManifest, type Manifest } from '../export/manifest.ts';
import type { ConfirmRemoved, ExportInput, ReleaseBefore } from '../export/export-session.ts';
import { isWholeRelease } from '../export/events.ts';
import { runsBefore, saveRun, type RunState } from './state.ts';

/** What events of a run are told against, and who is asked before a removal is told. */
export const eventsOf = async (
  asking: Asking,
  config: Config,
  state: RunState,
): Promise<Pick<ExportInput, 'before' | 'maxRemoved' | 'confirmRemoved'>> => ({
  before: Object.fromEntries(
    (await Promise.all(REPO_KINDS.map((kind) => releaseBefore(config, state, kind)))).flatMap(
      (before, at) => (before === null ? [] : [[REPO_KINDS[at] ?? '', before]]),
    ),
  ),
  maxRemoved: config.maxRemoved,
  confirmRemoved: removalsAskedOf(asking, config.storage, state),
});

interface Asking {
  /** Undefined for a command that asks nobody. */
  client?: HubClient | undefined;
  signal: AbortSignal;
}

/**
 * The newest whole export of an earlier run whose folder is there; null when there is none. What checks
 * refused was never a release.
 */
export async function releaseBefore(
  config: Config,
  state: Pick<RunState, 'sequence' | 'params'>,
  kind: RepoKind,
): Promise<ReleaseBefore | null> {
  const earlier = runsBefore(config.storage, state).filter(
    (it) => it.stage === 'done' && it.error?.code !== 'CHECK_REFUSED',
  );
  for (const { run } of earlier.reverse()) {
    const own = path.join(config.storage, 'exports', run);
    for (const folder of config.out === undefined ? [own] : [config.out, own]) {
      const manifest = await manifestIn(folder);
      if (manifest?.run !== run || manifest.endpoint !== state.params.endpoint) continue;
      if (isWholeRelease(manifest, kind)) return { folder, manifest };
    }
  }
  return null;
}

async function manifestIn(folder: string): Promise<Manifest | undefined> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (error instanceof EtlError && error.code === 'EXPORT_MISSING') return undefined;
    throw error;
  }
}

/** Asks once a run; what was answered is kept, so that an export that is repeated says the same. */
const removalsAskedOf =
  ({ client, signal }: Asking, storageDir: string, state: RunState): ConfirmRemoved =>
  async (removed) => {
    for (const repo of removed) {
      if (client === undefined || state.removals[repo._id] !== undefined) continue;
      const answer = await askRemoved(client, repo, signal);
      if (answer === 'alive') return new Map([[repo._id, answer]]);
      if (answer !== undefined) state.removals[repo._id] = answer;
    }
    if (client !== undefined) saveRun(storageDir, state);
    return new Map(Object.entries(state.removals));
  };
