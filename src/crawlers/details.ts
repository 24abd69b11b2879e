import type { HubClient } from '../api/client.ts';
import { detailPaths } from '../api/details.ts';
import type { WalkSignals } from '../api/list.ts';
import { DETAIL_PARTS, nameAsked, parseAsked, type DetailPart } from '../boards/asked-source.ts';
import { isDatasetId } from '../boards/benchmark-source.ts';
import { field, textOf } from '../boards/values.ts';
import { captureOf, type HubCrawlDependencies, type ListFacts } from './hub.ts';
import { askEach, ownFailure, type Had } from './one-by-one.ts';

/** Requests that one model takes; one that the Hub does not have takes one. */
export const REQUESTS_A_MODEL = DETAIL_PARTS.length;

/**
 * Asks the Hub for what its list does not say of models: storage, size, security, GGUF headers. A model
 * that it does not give is missed; of one that it gives, each part by itself.
 *
 * @throws {EtlError} as `askEach` does
 */
export async function crawlDetails(
  dependencies: HubCrawlDependencies,
  { run, ids }: { run: string; ids: readonly string[] },
  signals: WalkSignals,
): Promise<ListFacts> {
  const { client } = dependencies;
  const input = {
    ...{ source: 'details', run, names: ids },
    nameOf: (source: string) => parseAsked('details', source)?.name,
    ask: (id: string, signal: AbortSignal) => askModel(client, id, signal),
  };
  return askEach(dependencies, input, signals);
}

async function askModel(client: HubClient, name: string, signal: AbortSignal): Promise<Had> {
  const had: Had = { captures: [], missed: [] };
  const take = async (kind: DetailPart, path: string): Promise<unknown> => {
    const { answer, value } = await client.getJson(path, signal);
    const source = nameAsked('details', { kind, name });
    // Of the three answers one counts: so many models were asked.
    const count = kind === 'info' ? 1 : 0;
    had.captures.push(captureOf(client, answer, { source, next: null, count }));
    return value;
  };
  const takeMore = (kind: DetailPart, path: string): Promise<unknown> =>
    take(kind, path).catch((error: unknown) =>
      had.missed.push({ source: `details/${kind}`, error: ownFailure(error) }),
    );
  const info = await take('info', detailPaths.info(name));
  // Its name now: the one that was asked for may lead on to it, which costs a request each time.
  const now = textOf(field(info, 'id')) ?? '';
  const id = isDatasetId(now) ? now : name;
  await takeMore('treesize', detailPaths.treesize(id, textOf(field(info, 'sha')) ?? 'main'));
  await takeMore('scan', detailPaths.scan(id));
  return had;
}
