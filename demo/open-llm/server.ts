import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { bundleOpenLlm, isStale } from './bundle.ts';
import type { OpenLlmMutation } from './mutations.ts';

export { CHANGED_ROW, OPEN_LLM_MUTATIONS, type OpenLlmMutation } from './mutations.ts';

export interface OpenLlmOptions {
  /** What is wrong with the board. @default nothing */
  mutation?: OpenLlmMutation;
  /**
   * `strict`: the page fails over its own cache when all rows are more than the browser's quota;
   * `ignored`: it goes on without a cache. @default 'ignored'
   */
  cache?: 'ignored' | 'strict';
  /**
   * Height of a drawn row in pixels. The space for rows that are not drawn counts 45 for each whatever
   * this is, as on the real page, whose drawn rows are 45 + 1/64 high. @default 45
   */
  drawnRowPx?: number;
  /** Wait before the API answers, in milliseconds. @default 0 */
  delayMs?: number;
  /** Rows of the file to leave out before. @default 0 */
  skip?: number;
  /** Serve only the first rows of the file. @default all 4,576 */
  rows?: number;
  /** Port on 127.0.0.1. @default a free one */
  port?: number;
  /** Told of each request as it comes. */
  onRequest?: (request: OpenLlmRequest) => void;
  /** Another gzipped file of rows, for load tests. @default the real 4,576 */
  data?: string;
}

export interface OpenLlmRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

export interface OpenLlmReplica {
  /** Address of the board, with a slash at its end. */
  url: string;
  /** What was asked for so far, in order. */
  requests: OpenLlmRequest[];
  close: () => Promise<void>;
}

interface Answer {
  status: number;
  type: string;
  body: Buffer;
  headers?: Record<string, string>;
}

const dataFile = fileURLToPath(new URL('../data/open-llm.json.gz', import.meta.url));
const API = '/api/leaderboard/formatted';
const YEAR = 'public, max-age=31536000, immutable';

/** The real rows of the final board, as the API serves them. */
export async function readOpenLlmRows(file = dataFile): Promise<unknown[]> {
  const rows: unknown = JSON.parse(gunzipSync(await readFile(file)).toString());
  if (!Array.isArray(rows)) throw new TypeError(`${file} holds no array`);
  return rows as unknown[]; // what it is an array of is for the reader to see
}

/**
 * Starts a copy of the Open LLM Leaderboard's React page, with its real rows, on loopback.
 *
 * @see demo/data/open-llm.README.md for the origin of the rows
 */
export async function startOpenLlm(options: OpenLlmOptions = {}): Promise<OpenLlmReplica> {
  const script = await readBundle();
  const scriptPath = `/static/js/main.${createHash('sha256').update(script).digest('hex').slice(0, 8)}.js`;
  const api = await apiAnswer(options);
  const answers = new Map<string, Answer>([
    ['/', page(scriptPath, options)],
    [
      scriptPath,
      { status: 200, type: 'text/javascript', body: script, headers: { 'cache-control': YEAR } },
    ],
    [API, api],
  ]);
  const requests: OpenLlmRequest[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const recorded = { method: request.method ?? 'GET', path, headers: request.headers };
    requests.push(recorded);
    options.onRequest?.(recorded);
    const answer = answers.get(path) ?? {
      status: 404,
      type: 'text/plain',
      body: Buffer.from('Not found'),
    };
    const delayMs = path === API ? (options.delayMs ?? 0) : 0;
    if (delayMs > 0) setTimeout(() => send(response, answer), delayMs).unref();
    else send(response, answer);
  });
  await listen(server, options.port ?? 0);
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, requests, close: () => close(server) };
}

async function readBundle(): Promise<Buffer> {
  const beside = fileURLToPath(new URL('./app.js', import.meta.url));
  if (existsSync(beside)) return readFile(beside);
  const built = fileURLToPath(new URL('../../dist/demo/open-llm/app.js', import.meta.url));
  if (isStale(built)) await bundleOpenLlm(built);
  return readFile(built);
}

function page(scriptPath: string, options: OpenLlmOptions): Answer {
  const { mutation, cache = 'ignored', drawnRowPx = 45 } = options;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="replica-mutation" content="${mutation ?? ''}">
<meta name="replica-cache" content="${cache}">
<meta name="replica-drawn-row-px" content="${drawnRowPx}">
<link rel="icon" href="data:,">
<title>Open LLM Leaderboard</title>
<script defer src="${scriptPath}"></script>
</head>
<body>
<noscript>You need to enable JavaScript to run this app.</noscript>
<div id="root"></div>
</body>
</html>
`;
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body: Buffer.from(html),
    headers: { 'cache-control': 'no-store' },
  };
}

async function apiAnswer(options: OpenLlmOptions): Promise<Answer> {
  const { mutation } = options;
  if (mutation === 'api-500') return json(Buffer.from('{"detail":"Internal Server Error"}'), 500);
  // What the front server answers to any path when the API behind it is gone.
  if (mutation === 'api-html') return { ...page('/static/js/main.js', options), headers: {} };
  const file = options.data ?? dataFile;
  const payloadIsChanged = mutation?.startsWith('payload-') === true || mutation === 'average-null';
  if (options.rows === undefined && !payloadIsChanged) return gzipped(await readFile(file));
  const rows = (await readOpenLlmRows(file)).slice(options.skip ?? 0).slice(0, options.rows);
  const text = JSON.stringify(mutatedRows(rows, mutation));
  return gzipped(
    gzipSync(mutation === 'payload-truncated' ? text.slice(0, text.length / 2) : text),
  );
}

function mutatedRows(rows: unknown[], mutation: OpenLlmMutation | undefined): unknown[] {
  if (mutation === 'payload-empty') return [];
  if (mutation === 'payload-row-dropped') return rows.toSpliced(1000, 1);
  if (mutation === 'average-null')
    return rows.map((row, index) => (index === 7 ? withoutScores(row) : row));
  return rows;
}

/** The row as an evaluation that has not ended: no score, no average. */
function withoutScores(row: unknown): unknown {
  // Rows of our own data file: the shape is known.
  const { model, evaluations, ...rest } = row as {
    model: object;
    evaluations: Record<string, object>;
  };
  const empty = Object.entries(evaluations).map(([key, evaluation]) => [
    key,
    { ...evaluation, value: null, normalized_score: null },
  ]);
  const none = Object.fromEntries(empty) as Record<string, object>; // as it was, but for the values
  return { ...rest, model: { ...model, average_score: null }, evaluations: none };
}

const json = (body: Buffer, status: number): Answer => ({ status, type: 'application/json', body });

const gzipped = (body: Buffer): Answer => ({
  ...json(body, 200),
  headers: { 'content-encoding': 'gzip' },
});

function send(response: ServerResponse, { status, type, body, headers = {} }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, ...headers });
  response.end(body);
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
