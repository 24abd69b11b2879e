import { join } from 'node:path';
import type { Page, Response } from 'playwright';
import { variantOf } from '../boards/controls.ts';
import { boardCapture } from './board-capture.ts';
import { EtlError } from '../errors.ts';
import { BoardDriftError, busy, unreachable } from '../boards/drift.ts';
import { checkLast } from '../boards/last-good.ts';
import { shapeOf, type BoardShape } from '../boards/shape.ts';
import {
  refusedOutcome,
  type BoardCrawlInput,
  type BoardCrawlOptions,
  type BoardDependencies,
  type BoardOutcome,
} from './board-crawl.ts';
import type { BoardDefinition } from '../boards/definition.ts';
import { firstLine, inTime, keepEvidence, keepScreenshot, startTrace } from './evidence.ts';
import { asFound, inferBoard, type InferredBoard, type UndescribedBoard } from '../boards/infer.ts';
import type { NetworkGuard } from './network-guard.ts';
import { refuseElsewhere } from './origin.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';
import { kindNamed, kinds, recognise } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import type { BoardReading } from '../boards/reading.ts';
import { boardFrame, movedSpace } from './space-frame.ts';

const DEFAULT_SAMPLE_ROWS = 200;
const NOT_NEEDED = new Set(['image', 'font', 'media']);

interface Parts {
  dependencies: BoardDependencies;
  input: BoardCrawlInput;
  options: BoardCrawlOptions & { seed: number; timeoutMs: number };
}

/** A board to visit; `definition` is null for a page that nobody described. */
interface BoardTask {
  id: string;
  url: string;
  definition: BoardDefinition | null;
  /** Null where the page has to tell. */
  renderer: Kind | null;
  /** Label or place of the table that is meant; undefined for the likeliest. */
  table: string | undefined;
}

/** One board's way through the crawl: what is known of it so far. */
export interface Visit extends Parts, BoardTask {
  guard: NetworkGuard;
  /** The address that makes the page show every column. */
  address: string;
  page: Page | null;
  startedMs: number;
  reading: BoardReading | null;
  /** What was found out of a page that nobody described. */
  inferred: InferredBoard | null;
  outcome: BoardOutcome | null;
  /** It is being taken, or refused for good: what its page still gives does not count. */
  isDecided: boolean;
  /** Resolved when its time is over, or the crawl's. */
  over: PromiseWithResolvers<void>;
  /** A failure that another try may mend; the crawler asks again. */
  failure: EtlError | null;
  /** A failure that is not the board's: it ends the crawl. */
  fatal: Error | null;
  stopAll: () => void;
}

/**
 * What is to be visited: a board that is known, or a page to be found out.
 *
 * @throws {EtlError} BOARD_UNKNOWN when no renderer has the id that is named.
 */
export function taskOf(
  board: BoardDefinition | UndescribedBoard,
  urls: Readonly<Record<string, string>> = {},
): BoardTask {
  const definition = 'columns' in board ? board : null;
  const { id } = board;
  const renderer = board.renderer === undefined ? null : kindNamed(board.renderer, `Board ${id}`);
  const table = 'columns' in board ? undefined : board.table;
  return { id, definition, renderer, table, url: urls[id] ?? board.url };
}

export const newVisit = (task: BoardTask, parts: Parts, guard: NetworkGuard): Visit => ({
  ...parts,
  ...task,
  guard,
  address: (task.definition && task.renderer?.address?.(task.definition, task.url)) ?? task.url,
  page: null,
  startedMs: performance.now(),
  reading: null,
  inferred: null,
  outcome: null,
  isDecided: false,
  over: Promise.withResolvers(),
  failure: null,
  fatal: null,
  stopAll: () => undefined,
});

/** Listens, records and leaves out what is only to be looked at; the navigation comes next. */
export async function beforeNavigation(visit: Visit, page: Page): Promise<void> {
  const { headed = false } = visit.options;
  visit.page = page;
  visit.failure = null;
  visit.reading = null;
  // Nobody looks at what a page opens beside itself.
  page.context().on('page', (it) => void (it === page || it.close().catch(() => undefined)));
  await startTrace(page);
  if (!headed) {
    await page.route('**/*', (route, request) =>
      // A page that goes away takes its requests with it: nobody waits for these answers.
      (NOT_NEEDED.has(request.resourceType()) ? route.abort() : route.continue()).catch(
        () => undefined,
      ),
    );
  }
  const able = visit.renderer ? [visit.renderer] : kinds.filter((it) => it.recognises);
  await Promise.all(able.map((kind) => kind.listen(page)));
  visit.startedMs = performance.now();
}

/** Reads and decides: leaves an outcome, or a failure after which the crawler may try once more. */
export async function visitPage(
  visit: Visit,
  answer: Pick<Response, 'status' | 'headers'> | undefined,
): Promise<void> {
  const { options, page } = visit;
  if (!page) throw new TypeError(`Board ${visit.id} was not navigated to`);
  try {
    if (answer && answer.status() >= 400) throw refusedBy(visit, answer);
    await visit.dependencies.mayVisit?.(page.url());
    if (options.pause) await page.pause();
    const { definition, reading } = await readBoard(visit, page);
    const agreed = reconcile(definition, reading);
    const shape = shapeOf(definition, reading, visit.renderer?.id ?? '');
    const known = { id: visit.id, isDescribed: visit.definition !== null };
    const news = checkLast(known, visit.input.last?.(visit.id), shape);
    const warnings = [...agreed.warnings, ...(visit.inferred?.notes ?? []), ...news];
    const reconciliation = { ...agreed, warnings };
    await take(visit, page, { definition, reading, reconciliation, shape });
  } catch (error) {
    await refuse(visit, error);
  }
}

async function readBoard(
  visit: Visit,
  page: Page,
): Promise<{ definition: BoardDefinition; reading: BoardReading }> {
  const { options, id, url } = visit;
  const shell = await boardFrame(page, options.timeoutMs);
  await refuseElsewhere(visit, page, shell);
  const known = visit.renderer && { kind: visit.renderer, frame: shell };
  const { kind: renderer, frame } = known ?? (await recognise(shell, options.timeoutMs));
  visit.renderer = renderer;
  const { definition } = visit;
  const reading = await renderer.read(frame, {
    ...{ definition, table: visit.table },
    verify: options.verify ?? 'sample',
    sampleRows: options.sampleRows ?? DEFAULT_SAMPLE_ROWS,
    seed: options.seed,
    timeoutMs: options.timeoutMs,
  });
  // It may have gone there while it was read.
  await refuseElsewhere(visit, page, frame);
  visit.reading = reading;
  if (definition) return { definition, reading };
  visit.inferred = inferBoard({ id, url }, renderer.id, reading);
  return { definition: asFound(visit.inferred), reading };
}

const secondsOf = (visit: Visit): number => Math.round(performance.now() - visit.startedMs) / 1000;

interface Found {
  definition: BoardDefinition;
  reading: BoardReading;
  reconciliation: Reconciliation;
  shape: BoardShape;
}

async function take(visit: Visit, page: Page, found: Found): Promise<void> {
  const { dependencies, address } = visit;
  const { reading } = found;
  const { status, proof, shown, shownChecked, hidden, warnings } = found.reconciliation;
  const seconds = secondsOf(visit);
  const evidence = await keepScreenshot(page, evidenceFolder(visit));
  if (visit.isDecided) return;
  visit.isDecided = true;
  const rows = (reading.loaded ?? shown).length;
  try {
    const { renderer, inferred } = visit;
    const { robots } = dependencies;
    const read = { board: visit.id, renderer: renderer?.id ?? '', seconds, inferred, robots };
    const agreed = found.reconciliation;
    await dependencies.write(boardCapture({ ...read, reading, agreed }, address, new Date()));
  } catch (error) {
    // No other board can be written either.
    return endCrawl(visit, error);
  }
  const loaded = reading.loaded?.length ?? null;
  const counts = { stated: reading.stated, loaded, hidden, shownChecked, rows, seconds };
  const { shape } = found;
  await conclude(visit, {
    ...{ status, proof, ...counts },
    shape,
    warnings: [...movedSpace(address, page.url()), ...warnings],
    evidence,
  });
}

async function refuse(visit: Visit, cause: unknown): Promise<void> {
  if (visit.isDecided || visit.options.signal?.aborted) return;
  const error = errorOf(visit, cause);
  const mayPass = !(error instanceof BoardDriftError) && error.context['again'] !== false;
  if (mayPass) visit.failure = error;
  else await concludeRefusal(visit, error);
}

/** After the last try: what is left of the page is the evidence. */
export async function afterFailure(visit: Visit, cause: Error): Promise<void> {
  if (visit.isDecided || visit.options.signal?.aborted) return;
  await concludeRefusal(visit, errorOf(visit, cause));
}

/** A page that blocks gives no evidence: each piece is asked for so long only. */
const BLOCKED_EVIDENCE_MS = 5000;

/** The board's time is over: whatever its page does, it is refused now, and its page closed. */
export async function expire(visit: Visit, deadlineMs: number): Promise<void> {
  const { id, url, page } = visit;
  if (visit.isDecided) return;
  const message = `Board ${id} was not read within ${Math.round(deadlineMs / 1000)} s`;
  const error = unreachable(message, { url });
  // Nobody waits for this: a disk that takes no evidence ends the crawl as it does elsewhere.
  await concludeRefusal(visit, error, BLOCKED_EVIDENCE_MS).catch((it: unknown) =>
    endCrawl(visit, it),
  );
  await inTime(page?.context().close() ?? Promise.resolve(), BLOCKED_EVIDENCE_MS).catch(
    () => undefined, // its browser ends with the crawl
  );
  visit.over.resolve();
}

/** Nothing goes on until then, and nobody would know why. */
const KEPT_OPEN =
  'the page of a refused board stays open: close its window, or press Resume in the inspector, to go on; Ctrl+C ends the run';

async function waitUntilClosed(visit: Visit, page: Page, error: EtlError): Promise<void> {
  visit.dependencies.onWaiting?.(KEPT_OPEN, { board: visit.id, why: error.message });
  await page.pause().catch(() => undefined); // closed by hand
}

async function concludeRefusal(visit: Visit, error: EtlError, evidenceMs?: number): Promise<void> {
  visit.isDecided = true;
  const { id, page, reading, url, options } = visit;
  const seconds = secondsOf(visit);
  const refusedAt = new Date().toISOString();
  const report = { board: id, url, refusedAt, seed: options.seed, error, evidenceMs };
  const evidence = page ? await keepEvidence(page, evidenceFolder(visit), report) : undefined;
  if (options.keepOpen && page) await waitUntilClosed(visit, page, error);
  const refused = refusedOutcome({ board: id, url, renderer: null, seconds }, error);
  await conclude(visit, {
    ...refused,
    stated: reading?.stated ?? refused.stated,
    loaded: reading?.loaded?.length ?? null,
    ...(evidence !== undefined && { evidence }),
  });
}

async function conclude(
  visit: Visit,
  facts: Omit<BoardOutcome, 'board' | 'url' | 'renderer' | 'variant'>,
): Promise<void> {
  const { id: board, url, inferred, reading } = visit;
  const asked = [...visit.guard.refused.values()].map((it) => `The page asked for ${it}`);
  visit.outcome = {
    ...facts,
    ...{ board, url, renderer: visit.renderer?.id ?? null },
    ...(inferred && { inferred }),
    ...(reading?.tables && { tables: reading.tables }),
    variant: variantOf(reading?.controls ?? []),
    warnings: [...facts.warnings, ...asked],
  };
  const { status, rows, shownChecked, seconds } = facts;
  visit.dependencies.log?.('board read', { board, status, rows, shownChecked, seconds });
  try {
    await visit.input.onOutcome?.(visit.outcome);
  } catch (error) {
    endCrawl(visit, error);
  }
}

/** Something that is not the board's fault, the disk's say: it ends the crawl. */
function endCrawl(visit: Visit, error: unknown): void {
  visit.fatal = error instanceof Error ? error : new Error(String(error));
  visit.stopAll();
}

const evidenceFolder = ({ input, id }: Visit): string => join(input.evidenceFolder, id);

function refusedBy({ url }: Visit, answer: Pick<Response, 'status' | 'headers'>): EtlError {
  const status = answer.status();
  if (status === 429) return busy(url, answer.headers()['retry-after']);
  return unreachable(`GET ${url} answered ${status}`, { url, status, again: status >= 500 });
}

const ENDED = /page, context or browser has been closed|(?:Target|Page) crashed/;

/** Anything that is no error of ours came from the browser: the page could not be had. */
function errorOf({ id, url, guard }: Visit, cause: unknown): EtlError {
  const refused = guard.refused.get(new URL(url).hostname);
  if (refused !== undefined) {
    const advice = 'give a board of your own network by its address (docs/security.md)';
    return unreachable(`Board ${id} is at ${refused}; ${advice}`, { url }, cause);
  }
  if (cause instanceof EtlError) return cause;
  const line = firstLine(cause);
  const ended = ENDED.test(line) ? 'its browser ended, for want of memory, or of any font: ' : '';
  const message = `Board ${id} could not be read: ${ended}${line}`;
  return new EtlError('BOARD_UNREACHABLE', message, { cause, context: { url } });
}
