import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createJobs, type StoredJob } from './jobs.ts';
import { asObject, invalid, notFound, Problem, problemBody, type Json } from './problem.ts';
import { createQueries } from './queries.ts';
import { isQuery } from './query-tokens.ts';
import type { Row } from './rows.ts';
import { createStorage, type Answer } from './storage.ts';
import type { Sight, Store, StoredBucket, StoredTable, StoredView } from './store.ts';
import { answerTables } from './tables.ts';

/** A request as hooks see it. */
export interface Seen {
  /** Counts from 1. */
  number: number;
  method: string;
  path: string;
  query: string;
  /** The header. */
  authorization: string | undefined;
}

/** What goes wrong with a request. */
export type Fault =
  /** An error of Google's. */
  | { status: number; reason: string; message?: string }
  /** Something else in between answers: a proxy's page. */
  | { status: number; html: string }
  /** The connection is lost before the request was understood, or after it was carried out. */
  | { drop: 'before' | 'after' }
  /** The connection is lost after so many bytes of an upload's piece. */
  | { cutAt: number };

export interface BigqueryDoubleOptions {
  project?: string;
  location?: string;
  /** Time of the store, for expirations. @default the system's */
  nowMs?: () => number;
  /** Rows that one answer holds at most. @default 10,000 */
  pageRows?: number;
  /** When set, a request without `Authorization: Bearer <token>` gets 401. */
  token?: string;
}

export interface BigqueryDouble {
  /** For `--bigquery-endpoint`. */
  url: string;
  project: string;
  requests: Seen[];
  /** Values of the header Authorization that came in. */
  authorizations: Set<string>;
  /** Asked before each request. */
  onRequest: (request: Seen) => Fault | undefined;
  /** Waited for before each request is looked at: what else happens meanwhile. */
  onArrival: (request: Seen) => Promise<void>;
  /** Throws to fail the statement of that number in a script. */
  onStatement: (at: number) => void;
  /** Throws to fail a job when it runs. */
  onJob: (job: StoredJob) => void;
  /** While true, no job gets any further. */
  isFrozen: boolean;
  /** The queries that were asked. */
  queries: readonly string[];
  /** Cuts every connection and refuses new ones: for the client it is as if it were killed. */
  die: () => void;
  revive: () => void;
  /** Finishes the jobs that are under way. */
  settle: () => void;
  jobs: () => StoredJob[];
  sights: readonly Sight[];
  /** Of Cloud Storage, at the same address; a test makes those it needs. */
  buckets: Map<string, StoredBucket>;
  tables: (dataset: string) => Map<string, StoredTable>;
  views: (dataset: string) => Map<string, StoredView>;
  rows: (dataset: string, table: string) => readonly Row[];
  close: () => Promise<void>;
}

/**
 * A strict stand-in of BigQuery's REST API on loopback, and of Cloud Storage's, for the requests that our
 * program sends. What it does not know, it refuses. Jobs go PENDING → RUNNING → DONE as they are asked for.
 */
export async function startBigqueryDouble(
  options: BigqueryDoubleOptions = {},
): Promise<BigqueryDouble> {
  const { project = 'test-project', location = 'US', nowMs = Date.now, token } = options;
  const { pageRows = 10_000 } = options;
  const store: Store = {
    ...{ project, location, nowMs, pageRows },
    datasets: new Map(),
    buckets: new Map(),
    sights: [],
    created: 0,
  };
  const sockets = new Set<Socket>();
  let isDead = false;

  const jobs = createJobs(store, {
    statement: (at) => double.onStatement(at),
    job: (job) => double.onJob(job),
    isFrozen: () => double.isFrozen,
  });
  const storage = createStorage(store);
  const queries = createQueries(store);

  const double: BigqueryDouble = {
    url: '',
    project,
    requests: [],
    authorizations: new Set(),
    onRequest: () => undefined,
    onArrival: () => Promise.resolve(),
    onStatement: () => undefined,
    onJob: () => undefined,
    isFrozen: false,
    queries: queries.asked,
    die: () => {
      isDead = true;
      for (const socket of sockets) socket.destroy();
    },
    revive: () => {
      isDead = false;
    },
    settle: () => jobs.settle(),
    jobs: () => jobs.all(),
    sights: store.sights,
    buckets: store.buckets,
    tables: (dataset) => store.datasets.get(dataset)?.tables ?? new Map<string, StoredTable>(),
    views: (dataset) => store.datasets.get(dataset)?.views ?? new Map<string, StoredView>(),
    rows: (dataset, table) => store.datasets.get(dataset)?.tables.get(table)?.rows ?? [],
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await queries.close();
    },
  };

  const checkToken = ({ headers }: IncomingMessage) => {
    const { authorization } = headers;
    if (authorization !== undefined) double.authorizations.add(authorization);
    if (token !== undefined && authorization !== `Bearer ${token}`) {
      throw new Problem(401, 'authError', 'Request had invalid authentication credentials.');
    }
  };

  const upload = (request: IncomingMessage, url: URL, body: Buffer): Answer => {
    const isStorage = url.pathname.startsWith('/upload/storage/');
    if (isStorage && request.method === 'PUT') return storage.put(url, request, body);
    if (request.method !== 'POST') throw notFound(`${request.method} ${url.pathname}`);
    if (isStorage) return storage.open(url);
    if (url.pathname !== `/upload/bigquery/v2/projects/${project}/jobs`)
      throw notFound(url.pathname);
    const kind = url.searchParams.get('uploadType');
    if (kind !== 'multipart') throw invalid(`uploadType ${kind}`);
    const [head, data] = parseMultipart(String(request.headers['content-type']), body);
    const job = asObject(JSON.parse(head.toString('utf8')), 'job');
    return { status: 200, body: jobs.resource(jobs.insert(job, data)) };
  };

  const insertJob = async (body: Json): Promise<Json> => {
    const job = jobs.insert(body);
    const { query } =
      job.configuration['query'] === undefined ? {} : asObject(job.configuration['query'], 'query');
    if (typeof query === 'string' && isQuery(query)) await queries.ask(job.id, query);
    return jobs.resource(job);
  };

  type Work = (
    id: string | undefined,
    query: URLSearchParams,
    body: Json,
  ) => Json | Promise<Json> | undefined;
  /** Undefined is an address that there is not. */
  const works: Record<string, Work> = {
    'POST jobs': (id, _, body) => (id === undefined ? insertJob(body) : undefined),
    'GET jobs': (id, query) =>
      id === undefined ? undefined : jobs.resource(jobs.get(id, query.get('location'))),
    'GET queries': (id, query) => (id === undefined ? undefined : queries.results(id, query)),
  };

  const call = async (request: IncomingMessage, url: URL, bytes: Buffer): Promise<Json> => {
    const prefix = `/bigquery/v2/projects/${project}/`;
    if (!url.pathname.startsWith(prefix)) throw notFound(url.pathname);
    const parts = url.pathname.slice(prefix.length).split('/').map(decodeURIComponent);
    const text = bytes.toString('utf8');
    const body = text === '' ? {} : asObject(JSON.parse(text), 'body');
    const method = request.method ?? '';
    const query = url.searchParams;
    query.delete('prettyPrint');
    const ifMatch = request.headers['if-match'];
    const [kind, id, ...rest] = parts;
    const work = rest.length > 0 ? undefined : works[`${method} ${kind ?? ''}`]?.(id, query, body);
    const answer = work ?? answerTables(store, { method, parts, query, body, ifMatch });
    if (answer === undefined) throw notFound(`${method} ${url.pathname}`);
    return answer;
  };

  const see = async (request: IncomingMessage, url: URL): Promise<Fault | undefined> => {
    const seen: Seen = {
      number: double.requests.length + 1,
      method: request.method ?? '',
      path: url.pathname,
      query: url.search,
      authorization: request.headers.authorization,
    };
    double.requests.push(seen);
    await double.onArrival(seen);
    return double.onRequest(seen);
  };

  const carryOut = async (request: IncomingMessage, url: URL, body: Buffer): Promise<Answer> => {
    checkToken(request);
    if (url.pathname.startsWith('/storage/')) {
      // The client says of each answer that it wants it short.
      url.searchParams.delete('prettyPrint');
      return storage.answer(request.method ?? '', url);
    }
    if (url.pathname.startsWith('/upload/')) return upload(request, url, body);
    return { status: 200, body: await call(request, url, body) };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    // As it was asked for: a session of an upload goes the same way.
    const url = new URL(request.url ?? '', `http://${request.headers.host ?? ''}`);
    const fault = await see(request, url);
    const { drop, cutAt, ...refusal } = partsOf(fault);
    if (isDead || drop === 'before') throw new Cut();
    const bytes = await bodyOf(request, cutAt);
    if (refusal.html !== undefined) {
      response.writeHead(refusal.status, { 'content-type': 'text/html' }).end(refusal.html);
      return;
    }
    if (refusal.problem !== undefined) throw refusal.problem;
    const { status, headers = {}, body } = await carryOut(request, url, bytes);
    if (drop === 'after') throw new Cut();
    if (body === undefined) response.writeHead(status, headers).end();
    else sendJson(response, status, body);
  };

  const server = createServer((request, response) => {
    // A request that was read half has let go of its socket.
    const { socket } = request;
    answer(request, response).catch((error: unknown) => {
      if (error instanceof Cut || socket.destroyed) socket.destroy();
      else if (error instanceof Problem) sendJson(response, error.status, problemBody(error));
      // A bug of the double; no status that a client would try again.
      else sendJson(response, 501, problemBody(new Problem(501, 'double', String(error))));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is no string.
  double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}

/** What a fault comes to, by the time at which it strikes. */
const partsOf = (fault: Fault | undefined) => ({
  drop: fault !== undefined && 'drop' in fault ? fault.drop : undefined,
  cutAt: fault !== undefined && 'cutAt' in fault ? fault.cutAt : Infinity,
  status: fault !== undefined && 'status' in fault ? fault.status : 0,
  html: fault !== undefined && 'html' in fault ? fault.html : undefined,
  problem:
    fault !== undefined && 'reason' in fault
      ? new Problem(fault.status, fault.reason, fault.message ?? fault.reason)
      : undefined,
});

/** The connection is to be destroyed without an answer. */
class Cut extends Error {}

/** Two parts: the job, and its data. */
function parseMultipart(contentType: string, bytes: Buffer): [Buffer, Buffer] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (!contentType.startsWith('multipart/related') || boundary === undefined) {
    throw invalid('multipart/related expected');
  }
  const mark = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  for (let at = bytes.indexOf(mark); at !== -1;) {
    const next = bytes.indexOf(mark, at + mark.length);
    if (next === -1) break;
    const part = bytes.subarray(at + mark.length, next);
    parts.push(part.subarray(part.indexOf('\r\n\r\n') + 4, part.length - 2));
    at = next;
  }
  const [head, data] = parts;
  if (head === undefined || data === undefined || parts.length !== 2) throw invalid('two parts');
  return [head, data];
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** @throws {Cut} when so many bytes have come */
async function bodyOf(request: IncomingMessage, cutAt: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length >= cutAt) throw new Cut();
  }
  return Buffer.concat(parts);
}
