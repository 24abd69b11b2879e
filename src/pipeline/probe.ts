import type { HubClient } from '../api/client.ts';
import { REPO_KINDS, type RepoKind } from '../api/repos.ts';
import { probeFields } from '../crawlers/hub.ts';
import { PENDING, type Crawl, type SourceFailure } from './crawl-stage.ts';
import { saveRun } from './state.ts';

/**
 * Asks the Hub for the fields of its first list, once a run and before anything else: an endpoint that
 * is down or no Hub fails here, with one error. False when no source of the Hub can be read.
 */
export async function reachHub(crawl: Crawl, failures: SourceFailure[]): Promise<boolean> {
  const { state, config, dependencies } = crawl;
  const wanted = config.sources.filter((it) => it !== 'boards');
  if (wanted.length === 0) return false;
  const kind = REPO_KINDS.find((it) => wanted.includes(it));
  try {
    const { serverTime } = await probe(crawl, dependencies.client, kind ?? 'models');
    if (kind !== undefined) {
      const list = (state.sources[kind] ??= { ...PENDING });
      list.requests += dependencies.client.requests();
    }
    state.catchupSince ??= serverTime ?? state.startedAt;
    // A crawl that is killed before its first page must not move this time.
    saveRun(config.storage, state);
    return true;
  } catch (error) {
    if (!dependencies.signal.aborted) {
      dependencies.onFailure({ source: 'hub', error }, 'source failed');
      failures.push({ source: 'hub', error });
    }
    return false;
  }
}

/** Asks for the fields of a list, once a process. */
export async function probe(crawl: Crawl, client: HubClient, kind: RepoKind) {
  const probed = await probeFields(client, kind, crawl.dependencies.kill);
  crawl.expands[kind] = probed.expands;
  noteDrift(crawl, kind, probed);
  return probed;
}

function noteDrift(
  { state, dependencies }: Crawl,
  kind: RepoKind,
  { removed, added, readable }: { removed: string[]; added: string[]; readable: boolean },
): void {
  const { log } = dependencies;
  if (!readable)
    log.warn({ kind }, 'the Hub did not name its fields: drift of them is not checked');
  if (removed.length > 0)
    log.warn({ kind, removed }, 'the Hub no longer has fields that we ask for');
  if (added.length > 0) log.warn({ kind, added }, 'the Hub has fields that we do not ask for');
  if (!readable) return;
  const named = (it: string): string => (kind === 'models' ? it : `${kind}.${it}`);
  const before = state.expandDrift ?? { removed: [], added: [] };
  state.expandDrift = {
    removed: [...new Set([...before.removed, ...removed.map(named)])],
    added: [...new Set([...before.added, ...added.map(named)])],
  };
}
