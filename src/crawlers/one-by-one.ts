import type { WalkSignals } from '../api/list.ts';
import { EtlError } from '../errors.ts';
import type { Capture } from '../storage/capture.ts';
import { openCaptures, readCaptures } from '../storage/captures.ts';
import { datasetName, factsSoFar, type HubCrawlDependencies, type ListFacts } from './hub.ts';

/** What the Hub said of one name. */
export interface Had {
  /** Committed together: a name that has captures is not asked for again. */
  captures: Capture[];
  /** What could not be had of it, and as what it is stated. */
  missed: { source: string; error: EtlError }[];
}

interface OneByOne {
  source: string;
  run: string;
  names: readonly string[];
  /** Of whom a capture of the dataset is, by its source. */
  nameOf: (source: string) => string | undefined;
  /** Asks the Hub about a name. A failure that is of the name alone is stated as missed, any other ends the crawl. */
  ask: (name: string, signal: AbortSignal) => Promise<Had>;
  /** That the Hub gives none of them is no failure. @default false */
  mayLackAll?: boolean;
}

/** As many as the client has connections. The quota is the gate's business. */
const AT_ONCE = 8;

/**
 * Asks the Hub about names, a few side by side, and keeps the answers in the order of the names, from
 * where the dataset `<source>-<run>` stops. What could not be had is stated as missed, and the others go on.
 *
 * @throws {EtlError} HTTP_…, AUTH_TOKEN, STORAGE_…; the first failure of the server when nothing was had
 */
export async function askEach(
  { storageDir, missed, client, onProgress }: HubCrawlDependencies,
  { source, run, names, nameOf, ask, mayLackAll }: OneByOne,
  { signal, kill }: WalkSignals,
): Promise<ListFacts> {
  const dataset = datasetName(source, run);
  const done = await namesIn(storageDir, dataset, nameOf);
  const out = await openCaptures(storageDir, dataset);
  const facts = factsSoFar(out.committed);
  const failures: unknown[] = [];
  let busy: EtlError | undefined;
  const keep = async (name: string, asked: Promise<Had>): Promise<void> => {
    const had = await asked.catch((error: unknown): Had => {
      return { captures: [], missed: [{ source, error: ownFailure(error) }] };
    });
    for (const { source: of, error } of had.missed) {
      if (isServerFailure(error)) busy ??= error;
      await missed.write(missedOf(name, { source: of, error }, client.clock.now()));
    }
    await out.writeAll(had.captures);
    facts.pages += had.captures.length;
    facts.records += had.captures.reduce((sum, { count }) => sum + count, 0);
    onProgress(source, facts);
  };
  const kept = (name: string, asked: Promise<Had>): Promise<unknown> =>
    keep(name, asked).catch((error: unknown) => failures.push(error));
  const throwFailure = (): void => {
    if (failures.length > 0) throw failures[0];
    if (busy !== undefined && facts.pages === 0 && mayLackAll !== true) throw busy;
  };
  const underWay: (() => Promise<unknown>)[] = [];
  try {
    for (const name of names.filter((it) => !done.has(it))) {
      if (signal.aborted) facts.status = 'interrupted';
      if (signal.aborted || failures.length > 0) break;
      const asked = ask(name, kill);
      asked.catch(() => undefined); // thrown where its turn has come
      underWay.push(() => kept(name, asked));
      if (underWay.length >= AT_ONCE) await underWay.shift()?.();
    }
    // Also after a failure: what was had beside it is kept.
    for (const rest of underWay) await rest();
  } finally {
    await out.close();
  }
  throwFailure();
  return facts;
}

async function namesIn(
  storageDir: string,
  dataset: string,
  nameOf: OneByOne['nameOf'],
): Promise<Set<string | undefined>> {
  const names = new Set<string | undefined>();
  for await (const { facts } of readCaptures(storageDir, dataset)) names.add(nameOf(facts.source));
  return names;
}

/** A failure that is of one name alone. @throws any other error as it is */
export function ownFailure(error: unknown): EtlError {
  if (error instanceof EtlError && (isRefusal(error) || isServerFailure(error))) return error;
  throw error;
}

const isRefusal = ({ code }: EtlError): boolean => code === 'AUTH_DENIED' || code === 'HTTP_STATUS';

/** The Hub itself failed, and did not refuse. */
export const isServerFailure = ({ code }: EtlError): boolean =>
  ['HTTP_BUSY', 'HTTP_NOT_JSON', 'HTTP_TOO_LARGE'].includes(code);

/** What is stated of a name that was not had, or not whole. */
export function missedOf(id: string, { source, error }: Had['missed'][number], now: number) {
  const { url } = error.context;
  const reason = isServerFailure(error)
    ? ('server_error' as const)
    : ('private_or_missing' as const);
  return {
    ...{ id, source, reason, detail: error.message },
    url: typeof url === 'string' ? url : '',
    at: new Date(now).toISOString(),
  };
}
