import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readDatasets } from './boards.ts';
import type { Fault, FaultPlan } from './faults.ts';
import { createFaultPlan, isQuiet, isSilent } from './faults.ts';
import { createQuotas, LARGE_QUOTA, quotaHeaders } from './quota.ts';
import type { Quota, QuotaState } from './quota.ts';
import { errorReply, htmlReply, sendReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { createRoutes } from './routes.ts';
import type { Routes } from './routes.ts';
import { createStore, readEntries } from './store.ts';

export type { Fault, FaultKind, LoudFault, QuietFault } from './faults.ts';
export { ATTACKS, LOUD_FAULTS, QUIET_FAULTS } from './faults.ts';
export type { Quota } from './quota.ts';

export interface HubOptions {
  /** A `.jsonl` or `.jsonl.gz` of models as the list gives them. @default the shipped models */
  data?: string;
  /** A file of benchmarks in the shape that `demo/data/README.md` states. @default the shipped data sets */
  datasets?: string;
  /** A `.jsonl` or `.jsonl.gz` of Spaces as the list gives them. @default the shipped Spaces */
  spaces?: string;
  /** @default 0, which takes any free port */
  port?: number;
  /** Requests a window, for each token and for all without one. @default 100,000 in 300 s */
  quota?: Quota;
  /** Accepted tokens; another gets 401. @default any token is accepted */
  tokens?: readonly string[];
  /** `Link` names https://huggingface.co, as the Hub behind a mirror does. @default false */
  canonicalLinks?: boolean;
  faults?: readonly Fault[];
  /** Wait before each answer. @default 0 */
  latencyMs?: number;
  /** Largest page, and the page when no `limit` is asked for. @default 1000 */
  pageLimit?: number;
  /** 504 for a page that asks for more records than this. @default Infinity */
  overloadAbove?: number;
  /** 504 for a page with one of these `id`s or `_id`s and siblings, gguf or widgetData. */
  overloadIds?: readonly string[];
  /** 500 for a page with one of these `id`s or `_id`s and any field but createdAt. */
  brokenIds?: readonly string[];
  /** As `brokenIds`, but a 200 that is no JSON. */
  garbledIds?: readonly string[];
  /** Owners that answer 404 as both kinds. */
  goneOwners?: readonly string[];
  /** A Hub without any repository. @default false */
  empty?: boolean;
  /** Answers an HTML page with status 200 to everything: no Hub at all. @default false */
  html?: boolean;
  /** Milliseconds since 1970, for quota windows and `RecordedRequest.at`. @default Date.now */
  now?: () => number;
}

export interface RecordedRequest {
  method: string;
  /** Path and query as they were sent. */
  path: string;
  /** Lower-case names; never `authorization`. */
  headers: Readonly<Record<string, string>>;
  /** Whether a token was sent; the token itself is not kept. */
  hasAuthorization: boolean;
  /** The decoded `cursor` parameter; null on a first page. */
  cursor: string | null;
  /** Milliseconds since 1970. */
  at: number;
  /** 0 while none has been sent: a request that hangs, or was reset before its head. */
  status: number;
  /** Records in the answer. */
  records: number;
  /** The fault that this request met. */
  fault: Fault['kind'] | null;
}

export interface HubCounters {
  requests: number;
  /** Pages of a list that were answered with 200. */
  pages: number;
  /** Records in those pages. */
  records: number;
  faults: number;
  /** Answers by status. */
  byStatus: Record<number, number>;
}

export interface HubReplica {
  /** Without a slash at its end: an endpoint for `--endpoint`. */
  url: string;
  port: number;
  /** How many models it lists. */
  models: number;
  /** Every request since the start, in order of arrival. */
  requests: readonly RecordedRequest[];
  counters: Readonly<HubCounters>;
  /** Replaces all faults; their counts start anew. */
  setFaults(faults: readonly Fault[]): void;
  /** Ends every connection, hanging ones too. */
  close(): Promise<void>;
}

/**
 * A Hub on 127.0.0.1: the API of huggingface.co as far as a crawl of it needs, over real records,
 * with faults when asked for. It keeps no state but counts, so cursors work for ever.
 *
 * @throws {EtlError} `CONFIG_INVALID` when a data file cannot be read.
 */
export async function startHub(options: HubOptions = {}): Promise<HubReplica> {
  const fileOf = (name: 'data' | 'datasets' | 'spaces', shipped: string): string =>
    options[name] ?? fileURLToPath(new URL(`../data/${shipped}.jsonl.gz`, import.meta.url));
  const { empty = false } = options;
  const store = createStore(empty ? [] : await readEntries(fileOf('data', 'models')));
  const others = {
    datasets: empty ? [] : await readDatasets(fileOf('datasets', 'datasets')),
    spaces: createStore(empty ? [] : await readEntries(fileOf('spaces', 'spaces'))),
  };
  const routes = createRoutes(store, others, {
    pageLimit: options.pageLimit ?? 1000,
    overloadAbove: options.overloadAbove ?? Infinity,
    overloadIds: options.overloadIds ?? [],
    brokenIds: options.brokenIds ?? [],
    garbledIds: options.garbledIds ?? [],
    goneOwners: options.goneOwners ?? [],
  });
  const context = createContext(options, routes);
  const server = createServer((request, response) => {
    answer(context, request, response).catch((error: unknown) => {
      // A bug of the replica: said where a person looks, and no request is left hanging.
      console.error(error);
      response.destroy();
    });
  });
  // A crawl that waits between pages keeps its connection; 5 s would race with its next request.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  // A TCP server has an AddressInfo once it listens.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    models: store.entries.length,
    requests: context.requests,
    counters: context.counters,
    setFaults(faults) {
      context.plan = createFaultPlan(faults);
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

interface Context {
  options: HubOptions;
  routes: Routes;
  plan: FaultPlan;
  quota: Quota;
  spend: (bucket: string) => QuotaState;
  now: () => number;
  requests: RecordedRequest[];
  counters: HubCounters;
}

function createContext(options: HubOptions, routes: Routes): Context {
  const now = options.now ?? Date.now;
  const quota = options.quota ?? LARGE_QUOTA;
  return {
    options,
    routes,
    plan: createFaultPlan(options.faults ?? []),
    quota,
    spend: createQuotas(quota, now),
    now,
    requests: [],
    counters: { requests: 0, pages: 0, records: 0, faults: 0, byStatus: {} },
  };
}

async function answer(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { options } = context;
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const recorded = recordRequest(context, request, url);
  const token = request.headers.authorization?.replace(/^Bearer /, '');
  const state = context.spend(token ?? '');
  if (options.latencyMs !== undefined) await delay(options.latencyMs);

  const { reply, fault } = chooseReply(context, { request, url, token, state });
  recordReply(context.counters, recorded, { reply, fault });
  const headers = { ...quotaHeaders(context.quota, state), 'X-Request-Id': randomUUID() };
  const acceptsGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  await sendReply(response, reply, { acceptsGzip, headers, fault });
}

function recordReply(
  counters: HubCounters,
  recorded: RecordedRequest,
  { reply, fault }: Chosen,
): void {
  if (fault !== undefined) {
    counters.faults += 1;
    recorded.fault = fault.kind;
    if (isSilent(fault)) return;
  }
  const { status, records } = reply;
  recorded.status = status;
  counters.byStatus[status] = (counters.byStatus[status] ?? 0) + 1;
  if (records === undefined) return;
  recorded.records = records;
  counters.pages += 1;
  counters.records += records;
}

function recordRequest(context: Context, request: IncomingMessage, url: URL): RecordedRequest {
  const headers = Object.entries(request.headers)
    .filter(([name]) => name !== 'authorization' && name !== 'cookie')
    .map(([name, value]) => [name, String(value)]);
  const recorded: RecordedRequest = {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: Object.fromEntries(headers) as Record<string, string>, // pairs of strings, as made above
    hasAuthorization: request.headers.authorization !== undefined,
    cursor: url.searchParams.get('cursor'),
    at: context.now(),
    status: 0,
    records: 0,
    fault: null,
  };
  context.requests.push(recorded);
  context.counters.requests += 1;
  return recorded;
}

interface Call {
  request: IncomingMessage;
  url: URL;
  token: string | undefined;
  state: QuotaState;
}

interface Chosen {
  reply: Reply;
  fault?: Fault | undefined;
}

function chooseReply(context: Context, { request, url, token, state }: Call): Chosen {
  const { options, routes, plan, quota } = context;
  if (options.html) return { reply: htmlReply(200, 'This is no Hub') };
  if (!state.granted) return { reply: quotaReply(quota, token !== undefined) };
  if (token !== undefined && options.tokens?.includes(token) === false) {
    return { reply: errorReply(401, 'Invalid credentials in Authorization header') };
  }
  if (request.method !== 'GET') return { reply: errorReply(404, 'Only GET is served here.') };
  const { host = '127.0.0.1' } = request.headers;
  const ask = {
    url,
    hasToken: token !== undefined,
    origin: options.canonicalLinks ? 'https://huggingface.co' : `http://${host}`,
  };
  const fault = plan.next({
    pathAndQuery: url.pathname + url.search,
    isModelPage: routes.isModelPage(url),
  });
  if (fault === undefined) return { reply: routes.answer(ask) };
  if (isQuiet(fault.kind)) return { reply: routes.answer({ ...ask, fault }), fault };
  return { reply: faultReply(fault, quota, token) ?? routes.answer(ask), fault };
}

function quotaReply({ limit, windowMs }: Quota, hasToken: boolean): Reply {
  const minutes = windowMs / 60_000;
  const who = hasToken ? 'this account' : 'this IP address';
  const advice = hasToken ? '' : ' Log in or pass a HF_TOKEN for a larger quota.';
  return errorReply(
    429,
    `Rate limited: ${who} spent its ${limit} api requests per ${minutes} minutes.${advice}`,
  );
}

function echoReply(token: string): Reply {
  const reply = errorReply(500, `Internal error of Bearer ${token}`);
  const Link = `<http://127.0.0.1/${token}>; rel="next"`;
  return { ...reply, headers: { ...reply.headers, Link, ETag: token, 'X-Error-Code': token } };
}

/** The reply of a fault that is a status; undefined when it spoils a good reply on its way. */
function faultReply({ kind, resetSeconds }: Fault, quota: Quota, token = ''): Reply | undefined {
  if (kind === '429-r0' || kind === '429-r5') {
    const remaining = kind === '429-r0' ? 0 : 5;
    const reset = resetSeconds ?? (kind === '429-r0' ? 1 : 250);
    const reply = errorReply(429, 'Rate limited: too many requests.');
    const state = { granted: false, remaining, resetSeconds: reset };
    return { ...reply, headers: { ...reply.headers, ...quotaHeaders(quota, state) } };
  }
  if (kind === 'echo-token') return echoReply(token);
  if (kind === '500') return errorReply(500, 'Internal error: this one was injected.');
  if (kind === '503') return errorReply(503, 'Service unavailable: this one was injected.');
  if (kind === '504') return htmlReply(504, '504 Gateway Timeout');
  if (kind === 'html-502') return htmlReply(502, '502 Bad Gateway');
  return undefined;
}
