import {
  LogLevel,
  NonRetryableError,
  PlaywrightCrawler,
  RequestList,
  log as crawleeLog,
  type PlaywrightCrawlerOptions,
} from 'crawlee';
import { EtlError } from '../errors.ts';
import {
  afterFailure,
  beforeNavigation,
  newVisit,
  taskOf,
  visitPage,
  type Visit,
} from './board-visit.ts';
import type {
  BoardCrawlInput,
  BoardCrawlOptions,
  BoardDependencies,
  BoardOutcome,
} from './board-crawl.ts';

const NETWORK_RETRIES = 2;
const DEFAULT_TIMEOUT_MS = 120_000;
/** Reading every row of a slow page takes minutes; an inspector stays open as long as one likes. */
const READING_SECS = 1800;
const PAUSED_SECS = 86_400;
/** Five windows of the Open LLM page are 200 rows at this height: no row is drawn for nothing. */
const VIEWPORT = { width: 1600, height: 1100 };

/**
 * Reads each board in a browser, one at a time, and writes one capture for each whose page, payload
 * and shown rows agree. A refused board leaves evidence and nothing else; the others go on.
 *
 * @returns an outcome for each board of the input, in its order
 * @throws {EtlError} BOARD_UNKNOWN for a board whose renderer we do not have; else what `write` threw,
 * or the reason of `signal`. Captures written before stay.
 */
export async function crawlBoards(
  dependencies: BoardDependencies,
  input: BoardCrawlInput,
  options: BoardCrawlOptions = {},
): Promise<BoardOutcome[]> {
  const { signal } = options;
  signal?.throwIfAborted();
  const settled = { seed: Date.now() % 2 ** 32, timeoutMs: DEFAULT_TIMEOUT_MS, ...options };
  const parts = { dependencies, input, options: settled };
  const visits = input.boards.map((board) => newVisit(taskOf(board, input.urls), parts));
  const byId = new Map(visits.map((visit) => [visit.id, visit]));
  const sources = visits.map(({ id, address }) => ({
    url: address,
    uniqueKey: id,
  }));
  const requestList = await RequestList.open(null, sources, { keepDuplicateUrls: true });
  signal?.throwIfAborted();
  let isStopped = false;
  const crawler = new PlaywrightCrawler(
    crawlerOptions({
      ...{ dependencies, options: settled, visits: byId, requestList },
      isStopped: () => isStopped,
    }),
    dependencies.config,
  );
  const stop = (): void => {
    isStopped = true;
    // Not its pool's `abort`: a pool that has not started yet would never end after that.
    crawler.stop();
    // The page may be in the middle of anything: closing it ends that. It may be closed already.
    for (const { page } of visits)
      page
        ?.context()
        .close()
        .catch(() => undefined);
  };
  signal?.addEventListener('abort', stop, { once: true });
  for (const visit of visits) visit.stopAll = stop;
  try {
    await crawler.run();
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  signal?.throwIfAborted();
  for (const { fatal } of visits) if (fatal) throw fatal;
  return visits.map(({ outcome, id }) => {
    if (outcome) return outcome;
    throw new EtlError('BOARD_UNREACHABLE', `Board ${id} was not visited`);
  });
}

interface CrawlerParts {
  dependencies: BoardDependencies;
  options: BoardCrawlOptions & { timeoutMs: number };
  visits: ReadonlyMap<string, Visit>;
  requestList: RequestList;
  /** Whether the crawl was told to end: a page that opens after that is not visited. */
  isStopped: () => boolean;
}

function crawlerOptions({
  dependencies,
  options,
  visits,
  requestList,
  isStopped,
}: CrawlerParts): PlaywrightCrawlerOptions {
  const { headed = false, pause = false, keepOpen = false, slowMoMs = 0, timeoutMs } = options;
  const visitOf = ({ uniqueKey }: { uniqueKey: string }): Visit => {
    const visit = visits.get(uniqueKey);
    if (visit) return visit;
    throw new EtlError('BOARD_UNKNOWN', `There is no board ${uniqueKey}`);
  };
  return {
    requestList,
    log: crawleeLog.child({ prefix: 'boards', level: LogLevel.OFF }),
    headless: !headed,
    useSessionPool: false,
    retryOnBlocked: false,
    minConcurrency: 1,
    maxConcurrency: 1,
    autoscaledPoolOptions: {
      desiredConcurrency: 1,
      maybeRunIntervalSecs: 0.1,
      loggingIntervalSecs: null,
    },
    statisticsOptions: { persistenceOptions: { enable: false } },
    maxRequestRetries: NETWORK_RETRIES,
    navigationTimeoutSecs: timeoutMs / 1000,
    requestHandlerTimeoutSecs: timeoutMs / 1000 + (pause || keepOpen ? PAUSED_SECS : READING_SECS),
    launchContext: launchOf(dependencies, slowMoMs),
    browserPoolOptions: {
      useFingerprints: false,
      prePageCreateHooks: [
        (_pageId, _controller, pageOptions) => {
          Object.assign(pageOptions ?? {}, { viewport: VIEWPORT, serviceWorkers: 'block' });
        },
      ],
    },
    preNavigationHooks: [
      async ({ request, page }, gotoOptions) => {
        if (isStopped()) throw new NonRetryableError('The crawl was stopped');
        gotoOptions.waitUntil = 'commit';
        await beforeNavigation(visitOf(request), page);
      },
    ],
    requestHandler: async ({ request, response }) => {
      const visit = visitOf(request);
      await visitPage(visit, response?.status() ?? null);
      if (visit.failure) throw visit.failure;
    },
    failedRequestHandler: async ({ request }, error) => afterFailure(visitOf(request), error),
  };
}

function launchOf(
  { browser, userAgent }: BoardDependencies,
  slowMo: number,
): NonNullable<PlaywrightCrawlerOptions['launchContext']> {
  const { executablePath, sandbox } = browser;
  return {
    // Given, so that Crawlee invents no other browser's name and fingerprint.
    userAgent,
    // A context of its own for each page: a trace records a context.
    useIncognitoPages: true,
    launchOptions: { executablePath, chromiumSandbox: sandbox, slowMo },
  };
}
