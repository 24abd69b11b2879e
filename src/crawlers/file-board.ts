import { createHash } from 'node:crypto';
import type { Configuration } from '@crawlee/http';
import { request } from 'undici';
import { openHubClient, type HubClientOptions } from '../api/client.ts';
import { openAgent } from '../api/proxy.ts';
import { encodedPath } from '../api/repos.ts';
import { AttemptError, type Answer } from '../api/retry.ts';
import type { BoardDefinition } from '../boards/definition.ts';
import { BoardDriftError, busy, differs, unreachable } from '../boards/drift.ts';
import {
  FILE,
  formatOf,
  longestList,
  rowsOfRecords,
  valuesAt,
  type FileSource,
} from '../boards/file-source.ts';
import { asFound, inferBoard, type UndescribedBoard } from '../boards/infer.ts';
import { checkLast, newColumns, type BoardMemory } from '../boards/last-good.ts';
import type { BoardReading } from '../boards/reading.ts';
import { shapeOf } from '../boards/shape.ts';
import type { SnapshotFile } from '../boards/snapshot.ts';
import { isObject } from '../boards/values.ts';
import { EtlError } from '../errors.ts';
import type { Capture } from '../storage/capture.ts';
import { boardCapture } from './board-capture.ts';
import { refusedOutcome, type BoardOutcome } from './board-crawl.ts';
import { openCrawleeFetch } from './crawlee-fetch.ts';
import { dataOf, fileInZip, FormatError, MOST_ROWS } from './file-formats.ts';
import { reconcile } from './reconcile.ts';
import type { MayVisit } from './robots.ts';

interface FileBoardDependencies {
  /** Crawlee's configuration, with the storage client of the run. */
  config: Configuration;
  /** Of a client that never gets the Hub's token. */
  http: Omit<HubClientOptions, 'endpoint' | 'token' | 'redirectHosts'>;
  write: (capture: Capture) => Promise<void>;
  /** Asked before each file. @default everything may be visited */
  mayVisit?: MayVisit | undefined;
  /** Is kept with the board. @default it was asked */
  robots?: 'ignored' | undefined;
}

interface FileBoard {
  board: BoardDefinition | UndescribedBoard;
  url: string;
  last?: BoardMemory | undefined;
}

/** A board may list so many files. */
const MOST_FILES = 1000;
/** Where well-known hosts keep their files. */
const KEPT_AT: Partial<Record<string, readonly string[]>> = {
  'huggingface.co': ['*.hf.co'],
  'github.com': ['raw.githubusercontent.com', '*.githubusercontent.com'],
};

/**
 * Reads a board that is a file of data, or several that one lists, and writes the same capture as for a
 * page: its rows, and the sum of the bytes that they came from.
 *
 * @throws {EtlError} STORAGE_… from writing; what is wrong with the board is in the outcome
 */
export async function crawlFileBoard(
  dependencies: FileBoardDependencies,
  task: FileBoard,
  signal: AbortSignal,
): Promise<BoardOutcome> {
  const startedMs = performance.now();
  const { url, board } = task;
  const found = await decide(dependencies, task, signal).catch((it: unknown) => errorOf(task, it));
  const seconds = Math.round(performance.now() - startedMs) / 1000;
  const base = { board: board.id, url, renderer: FILE, seconds };
  if (found instanceof EtlError) return refusedOutcome(base, found);
  const { reading, agreed, files, inferred, ...taken } = found;
  const { status, proof } = agreed;
  const { robots, write } = dependencies;
  const read = { board: board.id, renderer: FILE, seconds, reading, agreed, files, inferred };
  await write(boardCapture({ ...read, robots }, url, new Date()));
  const rows = reading.loaded?.length ?? 0;
  const nothing = { variant: '', hidden: 0, shownChecked: 0 };
  const counts = { ...nothing, stated: reading.stated, loaded: rows, rows };
  return { ...base, ...taken, status, proof, ...counts, ...(inferred && { inferred }) };
}

/** Reads, and compares with the definition and the last good capture. @throws what is wrong with it */
async function decide(dependencies: FileBoardDependencies, task: FileBoard, signal: AbortSignal) {
  const { board, last } = task;
  const { reading, files, source } = await readFiles(dependencies, task, signal);
  const given = 'columns' in board ? board : null;
  const inferred = given
    ? undefined
    : { ...inferBoard({ id: board.id, url: task.url }, FILE, reading), file: source };
  const definition = inferred ? asFound(inferred) : given;
  if (!definition) throw new TypeError(`Board ${board.id} is nothing`);
  const agreed = reconcile(definition, reading);
  const shape = shapeOf(definition, reading, FILE);
  const news = checkLast({ id: board.id, isDescribed: given !== null }, last, shape);
  // Files have columns that nobody wants; only those that came anew are worth a word.
  const more = given && last ? newColumns(last, shape) : [];
  const warnings = [...(inferred?.notes ?? []), ...news, ...more];
  return { reading, agreed, files, inferred, shape, warnings };
}

const HEAD_MS = 5000;

/** Whether an address that nobody described is a file of data: by what it is sent as, else by name. */
export async function isFile(url: string, userAgent: string): Promise<boolean> {
  const signal = AbortSignal.timeout(HEAD_MS);
  const headers = { 'user-agent': userAgent };
  const dispatcher = openAgent();
  const type = await request(url, { method: 'HEAD', headers, signal, dispatcher }).then(
    ({ statusCode, headers: sent }) => (statusCode < 300 ? String(sent['content-type'] ?? '') : ''),
    () => '', // whoever reads it will say what is wrong
  );
  await dispatcher.destroy();
  const isPage = formatOf('', type) === 'html';
  return !isPage && ![null, 'html'].includes(formatOf(new URL(url).pathname, type));
}

/** Asks for a file, and notes what came. */
type Get = (url: string) => Promise<Answer>;

async function readFiles(
  { http, config, mayVisit }: FileBoardDependencies,
  { board, url }: FileBoard,
  signal: AbortSignal,
): Promise<{ reading: BoardReading; files: SnapshotFile[]; source: FileSource }> {
  const { origin, hostname } = new URL(url);
  const given = ('columns' in board ? board.file : undefined) ?? {};
  const bare = hostname.replace(/^www\./, '');
  const redirectHosts = [bare, `www.${bare}`, ...(given.hosts ?? KEPT_AT[hostname] ?? [])];
  const client = openHubClient({ ...http, endpoint: origin, redirectHosts });
  const crawlee = await openCrawleeFetch(client, `boards-${board.id}`, config);
  const files: SnapshotFile[] = [];
  const get: Get = async (address) => {
    const path = client.endpoint.pathOf(address);
    await mayVisit?.(address);
    const answer = await client.retrying(() => crawlee.fetch(path, signal).catch(laterOr));
    const { body, headers } = answer;
    const sha256 = createHash('sha256').update(body).digest('hex');
    files.push({ url: address, bytes: body.length, sha256, etag: headers['etag'] ?? null });
    return answer;
  };
  try {
    const found = await recordsAt(get, url, given);
    const table = rowsOfRecords(found.records, given);
    if (!table || found.records.length > MOST_ROWS) {
      const count = table ? found.records.length : 'something else';
      throw new BoardDriftError(board.id, [differs('rows', `at most ${MOST_ROWS} objects`, count)]);
    }
    const { headers, rows: loaded } = table;
    const stated = { shown: null, total: loaded.length };
    const nothing = { shown: [], complete: false, filters: [], pageError: null, pageless: true };
    const reading = { ...nothing, stated, loaded, loadedFrom: url, headers };
    return { reading, files, source: found.source };
  } finally {
    await crawlee.close();
    await client.close();
  }
}

/** A site that asks for fewer requests is not waited for; the Hub says when its quota is new. */
function laterOr(error: unknown): never {
  const { answer } = (error instanceof AttemptError ? error.failure : undefined) ?? {};
  if (answer?.status !== 429 || answer.headers['ratelimit'] !== undefined) throw error;
  throw busy(answer.url, answer.headers['retry-after']);
}

interface Found {
  records: unknown[];
  /** Where they were, also what nobody said of it. */
  source: FileSource;
}

/** The records of a board: of its one file, or of those that it lists, each with its name as `file`. */
async function recordsAt(get: Get, url: string, source: FileSource): Promise<Found> {
  const { each } = source;
  const own = await recordsOf(await get(url), url, each ? { ...source, path: each.path } : source);
  if (!each) return own;
  if (own.records.length > MOST_FILES) throw new FormatError(`lists over ${MOST_FILES} files`);
  const records: unknown[] = [];
  for (const name of own.records.map(String)) {
    const inUrl = each.url.replace('{}', () => encodedPath(name));
    const address = new URL(inUrl, url).href;
    const inside = await recordsOf(await get(address), address, { path: source.path ?? '' });
    records.push(...inside.records.map((it) => (isObject(it) ? { file: name, ...it } : it)));
  }
  return { records, source };
}

async function recordsOf(answer: Answer, url: string, source: FileSource): Promise<Found> {
  let format = source.format ?? formatOf(new URL(url).pathname, answer.headers['content-type']);
  let bytes = answer.body;
  const found = { ...source };
  if (format === 'zip') {
    const file = await fileInZip(bytes, source.member, (name) => formatOf(name) !== null);
    [bytes, found.member, format] = [file.bytes, file.name, formatOf(file.name)];
  }
  if (format === null) throw new FormatError('is of no kind that can be read');
  const data = await dataOf(format, bytes, source);
  if (source.path === undefined && Array.isArray(data)) return { records: data, source: found };
  const path = source.path ?? longestList(data);
  if (path === null) throw new FormatError('lists no records');
  return { records: valuesAt(data, path), source: { ...found, path } };
}

function errorOf({ board, url }: FileBoard, cause: unknown): EtlError {
  if (cause instanceof FormatError) return unreachable(`${url} ${cause.message}`, { url }, cause);
  if (!(cause instanceof EtlError)) throw cause;
  // Another place is another thing, whatever it holds.
  if (cause.code !== 'HTTP_FOREIGN_HOST') return cause;
  const { host } = new URL(url);
  return new BoardDriftError(board.id, [differs('address of the file', host, cause.message)]);
}
