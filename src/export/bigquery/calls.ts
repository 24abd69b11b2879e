import { EtlError } from '../../errors.ts';
import { atOnce } from '../../storage/at-once.ts';
import type { Warehouse } from './client.ts';
import { isPassing, refusalOf, toEtlError } from './failure.ts';

const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 32_000;
/** 1 + 2 + 4 + … + 32 + 32 seconds: longer than Google's own rate limits last. */
const MAX_TRIES = 8;

type Calling = Pick<Warehouse, 'clock' | 'log' | 'signal'>;

/**
 * Does what Google is asked for again while it fails for a reason that passes, with growing pauses.
 *
 * @throws {EtlError} `AUTH_GOOGLE`, `LOAD_FAILED`; an `Error` at once when the signal fires
 */
export async function retried<Result>(
  warehouse: Calling,
  doing: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { clock, log, signal } = warehouse;
  for (let tries = 1; ; tries += 1) {
    try {
      return await unlessAborted(signal, work);
    } catch (error) {
      signal?.throwIfAborted();
      const refusal = refusalOf(error);
      if (tries >= MAX_TRIES || !isPassing(refusal)) throw toEtlError(error, doing);
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), MAX_WAIT_MS);
      log.warn({ ...refusal, tries, waitMs }, `${doing}: trying again`);
      await clock.sleep(waitMs, signal);
    }
  }
}

/** The same for what the client of Cloud Storage does again by itself. */
export async function asked<Result>(
  { signal }: Calling,
  doing: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await unlessAborted(signal, work);
  } catch (error) {
    signal?.throwIfAborted();
    throw toEtlError(error, doing);
  }
}

/** Google's clients take no signal: a request that nobody waits for any more goes on by itself. */
async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('aborted', { cause: signal.reason }));
    signal.addEventListener('abort', stop, { once: true });
    work()
      .finally(() => signal.removeEventListener('abort', stop))
      .then(resolve, reject);
  });
}

/** Undefined for a failure of that status; other failures are thrown on. */
export async function unless<Result>(
  status: 404 | 409 | 412,
  work: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EtlError && error.context['status'] === status) return undefined;
    throw error;
  }
}

/** Enough to hide the latency of Google; each one may hold a part of a table in memory. */
const AT_ONCE = 4;

/** Works on four items at a time. @see atOnce */
export const fourAtOnce = <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => atOnce(AT_ONCE, items, work);
