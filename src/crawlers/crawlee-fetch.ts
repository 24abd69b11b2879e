import { Readable } from 'node:stream';
import {
  type BaseHttpClient,
  type Configuration,
  HttpCrawler,
  log as crawleeLog,
  LogLevel,
  RequestQueue,
} from '@crawlee/http';
import type { HubClient } from '../api/client.ts';
import type { Answer } from '../api/retry.ts';

/** Attempts through Crawlee, one at a time; close it when done. */
interface CrawleeFetch {
  /** @throws {AttemptError} for anything but a 2xx answer */
  fetch: HubClient['attempt'];
  close: () => Promise<void>;
}

/** The attempt that a walk waits for. */
interface Pending {
  signal: AbortSignal | undefined;
  isAsked: boolean;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Has Crawlee's HttpCrawler make the attempts of a walk: a request each, answered by what Crawlee
 * gives its handler. Time-outs, redirects, quotas, the token and further tries are the business of
 * `src/api`, whose `attempt` is the HTTP client under the crawler.
 *
 * @see https://crawlee.dev/js/docs/guides/custom-http-client
 */
export async function openCrawleeFetch(
  { attempt, endpoint }: Pick<HubClient, 'attempt' | 'endpoint'>,
  name: string,
  config: Configuration,
): Promise<CrawleeFetch> {
  crawleeLog.setLevel(LogLevel.OFF);
  const queue = await RequestQueue.open(name, { config });
  Object.assign(queue, { requestSeenCache: NO_CACHE });
  let pending: Pending | undefined;
  let asked = 0;
  let isClosed = false;
  const httpClient = clientOver((url) => {
    if (pending !== undefined) pending.isAsked = true;
    return attempt(endpoint.pathOf(url), pending?.signal);
  });
  const crawler = new HttpCrawler(
    {
      requestQueue: queue,
      httpClient,
      requestHandler({ request, body, response }) {
        pending?.resolve({
          url: request.loadedUrl ?? request.url,
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>, // those of the client below
          body: Buffer.from(body),
        });
      },
      failedRequestHandler: (_context, error) => pending?.reject(error),
      ...ONE_AT_A_TIME,
      autoscaledPoolOptions: { ...POOL, isFinishedFunction: () => Promise.resolve(isClosed) },
    },
    config,
  );
  const end = (error: unknown): void => {
    isClosed = true;
    // What was asked already is still answered.
    if (pending?.isAsked !== true) pending?.reject(error);
  };
  // Crawlee ends a crawl by itself at SIGINT.
  const running = crawler.run([], { purgeRequestQueue: false }).then(() => end(stopped()), end);
  return {
    async fetch(path, signal) {
      if (isClosed) throw stopped();
      asked += 1;
      const answer = new Promise<Answer>((resolve, reject) => {
        pending = { signal, isAsked: false, resolve, reject };
      });
      await queue.addRequest({ url: endpoint.at(path), uniqueKey: String(asked) });
      void crawler.autoscaledPool?.notify();
      return answer;
    },
    async close() {
      isClosed = true;
      void crawler.autoscaledPool?.notify();
      await running;
      await queue.drop();
    },
  };
}

const POOL = {
  desiredConcurrency: 1,
  // It is told of each request; this is for one that comes while it looks.
  maybeRunIntervalSecs: 0.1,
  loggingIntervalSecs: null,
};

const ONE_AT_A_TIME = {
  minConcurrency: 1,
  maxConcurrency: 1,
  // Further tries, kinds of answers and time-outs are judged by `src/api`.
  maxRequestRetries: 0,
  additionalMimeTypes: ['*/*'],
  navigationTimeoutSecs: 3600,
  requestHandlerTimeoutSecs: 3600,
  useSessionPool: false,
  ignoreSslErrors: false,
  statisticsOptions: { persistenceOptions: { enable: false } },
};

/**
 * For a cache of 16 MB that Crawlee 3.18 keeps for each queue, as long as its configuration lives, though
 * it was dropped: many lists are walked side by side, and no key of ours comes twice.
 */
const NO_CACHE = { get: () => null, add: () => undefined, clear: () => undefined };

const stopped = (): Error => new DOMException('The crawl was stopped', 'AbortError');

/** Crawlee's idea of an HTTP client, over attempts at an address. */
function clientOver(ask: (url: string) => Promise<Answer>): BaseHttpClient {
  return {
    async stream(request) {
      const { url, status, headers, body } = await ask(String(request.url));
      return {
        ...{ request, redirectUrls: [], url, statusCode: status, headers, trailers: {} },
        complete: true,
        stream: Readable.from([body], { objectMode: false }),
        downloadProgress: { percent: 1, transferred: body.length },
        uploadProgress: { percent: 1, transferred: 0 },
      };
    },
    sendRequest: () => Promise.reject(new TypeError('Our handler sends no further requests')),
  };
}
