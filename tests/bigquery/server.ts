import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createJobs, type StoredJob } from './jobs.ts';
import { asObject, invalid, notFound, Problem, problemBody, type Json } from './problem.ts';
import { createQueries } from './queries.ts';
import type { Row } from './rows.ts';
import { createSessions, Cut, type UploadAnswer } from './sessions.ts';
import { createStorage } from './storage.ts';
import type { Sight, Store, StoredBucket, StoredTable } from './store.ts';
import { answerTables } from './tables.ts';
import { createUploads } from './uploads.ts';

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
  /** False: rows are checked and counted, not kept. @default true */
  keepRows?: boolean;
  /** Rows that one answer holds at most. @default 10,000 */
  pageRows?: number;
  /** When set, a request without `Authorization: Bearer <token>` gets 401. */
  token?: string;
}

export interface BigqueryDouble {
  /** For `--bigquery-endpoint`. */
  url: string;
  project: string;
  /** Where uploads are sent on to. @default url */
  uploadUrl: string;
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
  /** So many answers of a query come before its rows do. */
  slowAnswers: number;
  /** The queries that were asked. */
  queries: readonly string[];
  /** Cuts every connection and refuses new ones: for the client it is as if it were killed. */
  die: () => void;
  revive: () => void;
  /** Finishes the jobs that are under way. */
  settle: () => void;
  /** Every upload session is gone. */
  forgetUploads: () => void;
  jobs: () => StoredJob[];
  sights: readonly Sight[];
  /** Of Cloud Storage, at the same address; a test makes those it needs. */
  buckets: Map<string, StoredBucket>;
  tables: (dataset: string) => Map<string, StoredTable>;
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
  };
  const sockets = new Set<Socket>();
  let isDead = false;

  const jobs = createJobs(store, {
    statement: (at) => double.onStatement(at),
    job: (job) => double.onJob(job),
    keepRows: options.keepRows ?? true,
    isFrozen: () => double.isFrozen,
  });
  const sessions = createSessions();
  const uploads = createUploads(jobs, sessions);
  const storage = createStorage(store, sessions);
  const queries = createQueries(store, { slowAnswers: () => double.slowAnswers });

  const double: BigqueryDouble = {
    url: '',
    uploadUrl: '',
    project,
    requests: [],
    authorizations: new Set(),
    onRequest: () => undefined,
    onArrival: () => Promise.resolve(),
    onStatement: () => undefined,
    onJob: () => undefined,
    isFrozen: false,
    slowAnswers: 0,
    queries: queries.asked,
    die: () => {
      isDead = true;
      for (const socket of sockets) socket.destroy();
    },
    revive: () => {
      isDead = false;
    },
    settle: () => jobs.settle(),
    forgetUploads: () => sessions.forget(),
    jobs: () => jobs.all(),
    sights: store.sights,
    buckets: store.buckets,
    tables: (dataset) => store.datasets.get(dataset)?.tables ?? new Map<string, StoredTable>(),
    rows: (dataset, table) => store.datasets.get(dataset)?.tables.get(table)?.content.rows ?? [],
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

  const upload = async (request: IncomingMessage, url: URL, cutAt: number | undefined) => {
    const kind = url.searchParams.get('uploadType');
    const isStorage = url.pathname.startsWith('/upload/storage/');
    if (!isStorage && url.pathname !== `/upload/bigquery/v2/projects/${project}/jobs`)
      throw notFound(url.pathname);
    if (request.method === 'PUT' && kind === 'resumable') {
      return sessions.put(url.searchParams.get('upload_id') ?? '', request, cutAt);
    }
    if (request.method !== 'POST') throw notFound(`${request.method} ${url.pathname}`);
    const body = await bodyOf(request);
    if (isStorage) return storage.open(request, url, body);
    if (kind === 'resumable') return uploads.open(request, body);
    if (kind === 'multipart') return uploads.multipart(request, body);
    throw invalid(`uploadType ${kind}`);
  };

  type Work = (id: string | undefined, query: URLSearchParams, body: Json) => Answer;
  type Answer = Json | Promise<Json> | undefined;
  /** Undefined is an address that there is not. */
  const works: Record<string, Work> = {
    'POST jobs': (id, _, body) => (id === undefined ? jobs.resource(jobs.insert(body)) : undefined),
    'GET jobs': (id, query) =>
      id === undefined ? undefined : jobs.resource(jobs.get(id, query.get('location'))),
    'POST queries': (id, _, body) => (id === undefined ? queries.start(body) : undefined),
    'GET queries': (id, query) => (id === undefined ? undefined : queries.results(id, query)),
  };

  const call = async (request: IncomingMessage, url: URL): Promise<Json> => {
    const prefix = `/bigquery/v2/projects/${project}/`;
    if (!url.pathname.startsWith(prefix)) throw notFound(url.pathname);
    const parts = url.pathname.slice(prefix.length).split('/').map(decodeURIComponent);
    const text = (await bodyOf(request)).toString('utf8');
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

  const carryOut = async (request: IncomingMessage, url: URL, fault: Fault | undefined) => {
    checkToken(request);
    if (url.pathname.startsWith('/storage/')) return storage.answer(request.method ?? '', url);
    if (!url.pathname.startsWith('/upload/')) return await call(request, url);
    const cutAt = fault !== undefined && 'cutAt' in fault ? fault.cutAt : undefined;
    return await upload(request, url, cutAt);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '', double.url);
    const fault = await see(request, url);
    const drop = fault !== undefined && 'drop' in fault ? fault.drop : undefined;
    if (isDead || drop === 'before') throw new Cut();
    if (fault !== undefined && 'status' in fault) {
      await bodyOf(request);
      if ('reason' in fault) {
        throw new Problem(fault.status, fault.reason, fault.message ?? fault.reason);
      }
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end(fault.html);
      return;
    }
    const outcome = await carryOut(request, url, fault);
    if (drop === 'after') throw new Cut();
    reply(response, outcome, url);
  };

  const reply = (response: ServerResponse, outcome: Json | UploadAnswer | undefined, url: URL) => {
    if (outcome === undefined) response.writeHead(204).end();
    else if (isUploadAnswer(outcome)) answerUpload(response, outcome, url);
    else sendJson(response, 200, outcome);
  };

  const answerUpload = (response: ServerResponse, outcome: UploadAnswer, url: URL) => {
    if (outcome.kind === 'done') {
      sendJson(response, 200, outcome.resource);
      return;
    }
    if (outcome.kind === 'opened') {
      const at = `${double.uploadUrl}${url.pathname}?uploadType=resumable&upload_id=${outcome.id}`;
      response.writeHead(200, { location: at }).end();
      return;
    }
    const { received } = outcome;
    const range = received === 0 ? {} : { range: `bytes=0-${received - 1}` };
    response.writeHead(308, range).end();
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
  double.uploadUrl = double.url;
  return double;
}

const isUploadAnswer = (outcome: Json | UploadAnswer): outcome is UploadAnswer =>
  outcome['kind'] === 'done' || outcome['kind'] === 'opened' || outcome['kind'] === 'more';

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
