import { join } from 'node:path';
import type { Page } from 'playwright';
import type { BoardSnapshot } from '../capture.ts';
import { EtlError } from '../errors.ts';
import { BoardDriftError } from './board-drift.ts';
import type {
  BoardCrawlInput,
  BoardCrawlOptions,
  BoardDependencies,
  BoardOutcome,
} from './boards.ts';
import type { BoardDefinition } from './boards/definition.ts';
import { firstLine, keepEvidence, keepScreenshot, startTrace } from './evidence.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';
import { renderers } from './renderers/index.ts';
import type { BoardReading, BoardSession, Renderer } from './renderers/renderer.ts';

const DEFAULT_SAMPLE_ROWS = 200;
const NOT_NEEDED = new Set(['image', 'font', 'media']);

interface Parts {
  dependencies: BoardDependencies;
  input: BoardCrawlInput;
  options: BoardCrawlOptions & { seed: number; timeoutMs: number };
}

/** One board's way through the crawl: what is known of it so far. */
export interface Visit extends Parts {
  definition: BoardDefinition;
  renderer: Renderer;
  /** Address of the board, and the one that makes its page show every column. */
  url: string;
  address: string;
  page: Page | null;
  session: BoardSession | null;
  startedMs: number;
  reading: BoardReading | null;
  outcome: BoardOutcome | null;
  /** A failure that another try may mend; the crawler asks again. */
  failure: EtlError | null;
  /** A failure that is not the board's: it ends the crawl. */
  fatal: Error | null;
  stopAll: () => void;
}

/** @throws {EtlError} BOARD_UNKNOWN when no renderer has the id that the definition names. */
export function newVisit(definition: BoardDefinition, parts: Parts): Visit {
  const renderer = renderers.find(({ id }) => id === definition.renderer);
  if (!renderer) {
    const message = `Board ${definition.id} wants the renderer ${definition.renderer}, which does not exist`;
    throw new EtlError('BOARD_UNKNOWN', message);
  }
  const url = parts.input.urls?.[definition.id] ?? definition.url;
  return {
    ...parts,
    definition,
    renderer,
    url,
    address: renderer.address(definition, url),
    page: null,
    session: null,
    startedMs: performance.now(),
    reading: null,
    outcome: null,
    failure: null,
    fatal: null,
    stopAll: () => undefined,
  };
}

/** Listens, records and leaves out what is only to be looked at; the navigation comes next. */
export async function beforeNavigation(visit: Visit, page: Page): Promise<void> {
  const { headed = false } = visit.options;
  visit.page = page;
  visit.failure = null;
  visit.reading = null;
  await startTrace(page);
  if (!headed) {
    await page.route('**/*', (route, request) =>
      NOT_NEEDED.has(request.resourceType()) ? route.abort() : route.continue(),
    );
  }
  visit.session = visit.renderer.listen(page);
  visit.startedMs = performance.now();
}

/** Reads and decides: leaves an outcome, or a failure after which the crawler may try once more. */
export async function visitPage(visit: Visit, status: number | null): Promise<void> {
  const { definition, options, page, session } = visit;
  if (!page || !session) throw new TypeError(`Board ${definition.id} was not navigated to`);
  try {
    if (status !== null && status >= 400) throw refusedBy(visit, status);
    if (options.pause) await page.pause();
    visit.reading = await session.read(page, {
      definition,
      verify: options.verify ?? 'sample',
      sampleRows: options.sampleRows ?? DEFAULT_SAMPLE_ROWS,
      seed: options.seed,
      timeoutMs: options.timeoutMs,
    });
    const reconciliation = reconcile(definition, visit.reading);
    await take(visit, page, reconciliation);
  } catch (error) {
    await refuse(visit, page, error);
  }
}

const secondsOf = (visit: Visit): number => Math.round(performance.now() - visit.startedMs) / 1000;

async function take(visit: Visit, page: Page, reconciliation: Reconciliation): Promise<void> {
  const { definition, dependencies, reading, address } = visit;
  if (!reading) throw new TypeError(`Board ${definition.id} was not read`);
  const { status, shown, shownChecked, hidden, warnings } = reconciliation;
  const seconds = secondsOf(visit);
  const snapshot: BoardSnapshot = {
    board: definition.id,
    renderer: visit.renderer.id,
    status,
    stated: reading.stated,
    filters: reading.filters,
    headers: reading.headers,
    loadedFrom: reading.loadedFrom,
    loaded: reading.loaded,
    shown,
    shownChecked,
    hidden,
    seconds,
  };
  const evidence = await keepScreenshot(page, evidenceFolder(visit));
  const rows = (reading.loaded ?? shown).length;
  try {
    await dependencies.write({
      source: `boards/${definition.id}`,
      url: address,
      status: 200,
      headers: { 'content-type': 'application/json' },
      fetchedAt: new Date().toISOString(),
      next: null,
      count: rows,
      body: JSON.stringify(snapshot),
    });
  } catch (error) {
    // The disk's failure, not the board's: no other board can be written either.
    visit.fatal = error instanceof Error ? error : new Error(String(error));
    visit.stopAll();
    return;
  }
  const loaded = reading.loaded?.length ?? null;
  const facts = { status, stated: reading.stated, loaded, shownChecked, rows, seconds };
  conclude(visit, { ...facts, warnings, evidence });
}

async function refuse(visit: Visit, page: Page, cause: unknown): Promise<void> {
  if (visit.options.signal?.aborted) return;
  const error = errorOf(visit, cause);
  const mayPass = !(error instanceof BoardDriftError) && error.context['again'] !== false;
  if (mayPass) visit.failure = error;
  else await concludeRefusal(visit, page, error);
}

/** After the last try: what is left of the page is the evidence. */
export async function afterFailure(visit: Visit, cause: Error): Promise<void> {
  if (visit.outcome || visit.options.signal?.aborted) return;
  await concludeRefusal(visit, visit.page, errorOf(visit, cause));
}

async function concludeRefusal(visit: Visit, page: Page | null, error: EtlError): Promise<void> {
  const { definition, reading, url, options } = visit;
  const seconds = secondsOf(visit);
  const report = {
    board: definition.id,
    url,
    refusedAt: new Date().toISOString(),
    seed: options.seed,
    error,
  };
  const evidence = page ? await keepEvidence(page, evidenceFolder(visit), report) : undefined;
  conclude(visit, {
    status: error instanceof BoardDriftError ? 'drifted' : 'failed',
    stated: reading?.stated ?? { shown: null, total: null },
    loaded: reading?.loaded?.length ?? null,
    shownChecked: 0,
    rows: 0,
    seconds,
    warnings: [],
    ...(evidence !== undefined && { evidence }),
    error,
  });
}

function conclude(visit: Visit, facts: Omit<BoardOutcome, 'board' | 'url'>): void {
  visit.outcome = { board: visit.definition.id, url: visit.url, ...facts };
  const { status, rows, shownChecked, seconds } = facts;
  const board = visit.definition.id;
  visit.dependencies.log?.('board read', { board, status, rows, shownChecked, seconds });
}

const evidenceFolder = ({ input, definition }: Visit): string =>
  join(input.evidenceFolder, definition.id);

const refusedBy = ({ url }: Visit, status: number): EtlError =>
  new EtlError('BOARD_UNREACHABLE', `GET ${url} answered ${status}`, {
    context: { url, status, again: status >= 500 || status === 429 },
  });

/** Anything that is no error of ours came from the browser: the page could not be had. */
function errorOf({ definition, url }: Visit, cause: unknown): EtlError {
  if (cause instanceof EtlError) return cause;
  const message = `Board ${definition.id} could not be read: ${firstLine(cause)}`;
  return new EtlError('BOARD_UNREACHABLE', message, { cause, context: { url } });
}
