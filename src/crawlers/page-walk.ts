import {
  type Configuration,
  HttpCrawler,
  log as crawleeLog,
  LogLevel,
  RequestQueue,
} from 'crawlee';
import { createHubHttpClient } from './hub-http-client.ts';
import {
  afterFailure,
  commitFetched,
  fetchPage,
  newWalk,
  walkResult,
  type Walk,
  type WalkDependencies,
  type WalkInput,
  type WalkOptions,
  type WalkResult,
} from './page-steps.ts';

/**
 * Walks the pages of a list one after the other with Crawlee's HttpCrawler: one Crawlee request a
 * page, committed through `write` in order while the next one is fetched. Failed pages are asked for again,
 * smaller if need be (`page-state.ts`); all waiting happens at the client's gate.
 *
 * @throws {EtlError} HTTP_…, AUTH_…, HUB_PAGING, STORAGE_…; what was committed stays valid
 */
export async function walkPages(
  dependencies: WalkDependencies,
  input: WalkInput,
  options: WalkOptions,
): Promise<WalkResult> {
  crawleeLog.setLevel(LogLevel.OFF);
  const walk = newWalk(dependencies, input, options);
  const queue = await RequestQueue.open(`${input.source}-walk`, { config: dependencies.config });
  const first = dependencies.client.endpoint.at(input.start);
  await queue.addRequest({ url: first, uniqueKey: first });
  await createCrawler(walk, queue, dependencies.config).run([], { purgeRequestQueue: false });
  await queue.drop();
  return walkResult(walk);
}

function createCrawler(walk: Walk, queue: RequestQueue, config: Configuration) {
  const { signal } = walk.options;
  const { gate } = walk.dependencies.client;
  const follow = async (url: string): Promise<void> => {
    await queue.addRequest({ url, uniqueKey: url });
  };
  return new HttpCrawler(
    {
      requestQueue: queue,
      httpClient: createHubHttpClient((url) => fetchPage(walk, url)),
      async requestHandler({ request }) {
        const next = await commitFetched(walk, request.url);
        if (next !== undefined) await follow(next);
      },
      async errorHandler({ request }, error) {
        const next = await afterFailure(walk, request.url, error);
        request.noRetry = next !== 'again';
        if (next !== 'again' && next !== 'stop') await follow(next);
      },
      useSessionPool: false,
      ignoreSslErrors: false,
      minConcurrency: 1,
      maxConcurrency: 1,
      autoscaledPoolOptions: {
        desiredConcurrency: 1,
        maybeRunIntervalSecs: 0.05,
        loggingIntervalSecs: null,
        // Waiting for the quota happens here, outside of every time-out of Crawlee's.
        isTaskReadyFunction: async () =>
          !signal.aborted && gate.waitMs() === 0 && !(await queue.isEmpty()),
        isFinishedFunction: async () => signal.aborted || (await queue.isFinished()),
      },
      // Our own decisions end a page long before these.
      maxRequestRetries: 1000,
      navigationTimeoutSecs: 3600,
      requestHandlerTimeoutSecs: 3600,
      statisticsOptions: { persistenceOptions: { enable: false } },
    },
    config,
  );
}
