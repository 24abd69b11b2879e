import {
  LogLevel,
  NonRetryableError,
  PlaywrightCrawler,
  ProxyConfiguration,
  RequestList,
  log as crawleeLog,
  type PlaywrightCrawlerOptions,
} from '@crawlee/playwright';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EtlError } from '../errors.ts';
import {
  afterFailure,
  beforeNavigation,
  expire,
  newVisit,
  taskOf,
  visitPage,
  type Visit,
} from './board-visit.ts';
import { browserEnv } from './browser.ts';
import { openNetworkGuard } from './network-guard.ts';
import type {
  BoardCrawlInput,
  BoardCrawlOptions,
  BoardDependencies,
  BoardOutcome,
} from './board-crawl.ts';

const NETWORK_RETRIES = 2;
const DEFAULT_TIMEOUT_MS = 120_000;
/** Reading every row of a slow page takes minutes. */
const SAMPLING_MS = 180_000;
const READING_MS = 1_800_000;
/** An inspector stays open as long as one likes. */
const A_DAY_MS = 86_400_000;
const AT_ONCE = 3;
/** Five windows of the Open LLM page are 200 rows at this height: no row is drawn for nothing. */
const VIEWPORT = { width: 1600, height: 1100 };
/** What a page gets of a context; it may not work behind our back, or fill our disk. */
const PAGE = { viewport: VIEWPORT, serviceWorkers: 'block', acceptDownloads: false };

const NO_PROXY_THERE = 'http://127.0.0.1:1';
const BROWSERS: NonNullable<PlaywrightCrawlerOptions['browserPoolOptions']> = {
  useFingerprints: false,
  // Pages have their own; what the browser asks for on its own account goes nowhere.
  preLaunchHooks: [(_pageId, context) => void (context.proxyUrl = NO_PROXY_THERE)],
  prePageCreateHooks: [
    (_pageId, _controller, pageOptions) => {
      Object.assign(pageOptions ?? {}, PAGE);
    },
  ],
};
/** What would not go through the proxy is not sent. */
const PROXIED_ONLY = [
  '--disable-quic',
  // Under its name in the headless shell, and in Chromium and Chrome.
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--dns-prefetch-disable',
];

/**
 * Reads boards in one browser, a few side by side, and writes one capture for each whose page, payload
 * and shown rows agree. A refused board leaves evidence and nothing else; the others go on. A page that
 * holds its board beyond its time is closed from outside.
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
  const settled = withDefaults(options);
  const parts = { dependencies, input, options: settled };
  const tasks = input.boards.map((board) => taskOf(board, input.urls));
  const visits = await Promise.all(
    tasks.map(async (task) =>
      newVisit(task, parts, await openNetworkGuard(task.url, dependencies.resolve)),
    ),
  );
  const byId = new Map(visits.map((visit) => [visit.id, visit]));
  const sources = visits.map(({ id, address }) => ({ url: address, uniqueKey: id }));
  const requestList = await RequestList.open(null, sources, { keepDuplicateUrls: true });
  // Not where Playwright keeps them, which is a temporary folder that it forgets now and then.
  const tracesDir = join(input.evidenceFolder, '.traces');
  let isStopped = false;
  const deadlines: NodeJS.Timeout[] = [];
  const crawler = new PlaywrightCrawler(
    crawlerOptions({
      ...{ dependencies, options: settled, visits: byId, requestList, deadlines, tracesDir },
      isStopped: () => isStopped,
    }),
    dependencies.config,
  );
  const stop = (): void => {
    isStopped = true;
    // Not its pool's `abort`: a pool that has not started yet would never end after that.
    crawler.stop();
    // The page may be in the middle of anything, and closed already: nobody waits for its visit.
    for (const { page, over } of visits) {
      page
        ?.context()
        .close()
        .catch(() => undefined);
      over.resolve();
    }
  };
  signal?.addEventListener('abort', stop, { once: true });
  for (const visit of visits) visit.stopAll = stop;
  try {
    signal?.throwIfAborted();
    await crawler.run();
  } finally {
    signal?.removeEventListener('abort', stop);
    for (const timer of deadlines) clearTimeout(timer);
    await Promise.all(visits.map(({ guard }) => guard.close()));
    // A browser that was killed may still be writing there.
    await rm(tracesDir, { recursive: true, force: true, maxRetries: 5 });
  }
  signal?.throwIfAborted();
  for (const { fatal } of visits) if (fatal) throw fatal;
  return visits.map(({ outcome, id }) => {
    if (outcome) return outcome;
    throw new EtlError('BOARD_UNREACHABLE', `Board ${id} was not visited`);
  });
}

type SettledOptions = BoardCrawlOptions &
  Required<Pick<BoardCrawlOptions, 'seed' | 'timeoutMs' | 'deadlineMs' | 'atOnce'>>;

function withDefaults(options: BoardCrawlOptions): SettledOptions {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, verify, headed, pause, keepOpen } = options;
  const isSeen = headed === true || pause === true || keepOpen === true;
  const readingMs = verify === 'all' ? READING_MS : SAMPLING_MS;
  const deadlineMs = isSeen ? A_DAY_MS : timeoutMs + readingMs;
  const seed = Date.now() % 2 ** 32;
  return { seed, deadlineMs, atOnce: isSeen ? 1 : AT_ONCE, ...options, timeoutMs };
}

interface CrawlerParts {
  dependencies: BoardDependencies;
  options: SettledOptions;
  /** One for each board, from its first try on. */
  deadlines: NodeJS.Timeout[];
  visits: ReadonlyMap<string, Visit>;
  requestList: RequestList;
  tracesDir: string;
  /** Whether the crawl was told to end: a page that opens after that is not visited. */
  isStopped: () => boolean;
}

function crawlerOptions(parts: CrawlerParts): PlaywrightCrawlerOptions {
  const { dependencies, options, visits, requestList, deadlines, tracesDir, isStopped } = parts;
  const { headed = false, slowMoMs = 0, timeoutMs, deadlineMs, atOnce } = options;
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
    // Not fewer where the machine is busy: boards mostly wait for their pages.
    minConcurrency: atOnce,
    maxConcurrency: atOnce,
    autoscaledPoolOptions: {
      maybeRunIntervalSecs: 0.1,
      loggingIntervalSecs: null,
    },
    statisticsOptions: { persistenceOptions: { enable: false } },
    maxRequestRetries: NETWORK_RETRIES,
    // As Crawlee calls it when a proxy, here our own, could not connect.
    maxSessionRotations: NETWORK_RETRIES,
    proxyConfiguration: new ProxyConfiguration({
      newUrlFunction: (_session, { request } = {}) => (request ? visitOf(request).guard.url : null),
    }),
    navigationTimeoutSecs: timeoutMs / 1000,
    // Its own deadline ends a board before this.
    requestHandlerTimeoutSecs: (2 * deadlineMs) / 1000,
    launchContext: launchOf(dependencies, { slowMo: slowMoMs, tracesDir }),
    browserPoolOptions: BROWSERS,
    preNavigationHooks: [
      async ({ request, page }, gotoOptions) => {
        const visit = visitOf(request);
        if (isStopped()) throw new NonRetryableError('The crawl was stopped');
        if (visit.isDecided) throw new NonRetryableError('The time of the board is over');
        gotoOptions.waitUntil = 'commit';
        if (visit.page === null) {
          deadlines.push(setTimeout(() => void expire(visit, deadlineMs), deadlineMs));
        }
        await beforeNavigation(visit, page);
      },
    ],
    requestHandler: async ({ request, response }) => {
      const visit = visitOf(request);
      // A page that blocks leaves its visit hanging: nobody waits for it after its time.
      await Promise.race([visitPage(visit, response), visit.over.promise]);
      if (visit.failure) throw visit.failure;
    },
    failedRequestHandler: async ({ request }, error) => afterFailure(visitOf(request), error),
  };
}

function launchOf(
  { browser, userAgent, env = process.env }: BoardDependencies,
  options: { slowMo: number; tracesDir: string },
): NonNullable<PlaywrightCrawlerOptions['launchContext']> {
  const { executablePath, sandbox } = browser;
  return {
    // Given, so that Crawlee invents no other browser's name and fingerprint.
    userAgent,
    // A context of its own for each page: a trace records a context.
    useIncognitoPages: true,
    launchOptions: {
      ...{ executablePath, chromiumSandbox: sandbox, env: browserEnv(env), ...options },
      args: PROXIED_ONLY,
    },
  };
}
