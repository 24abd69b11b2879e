import type { HubClient } from '../api/client.ts';
import { walkList } from '../api/list.ts';
import type { TableCell, TableRow } from '../boards/table.ts';
import { field } from '../boards/values.ts';
import type { Capture } from '../storage/capture.ts';
import { boardCapture } from './board-capture.ts';
import { EtlError } from '../errors.ts';
import { BoardDriftError, differs } from '../boards/drift.ts';
import { checkLast, type BoardMemory } from '../boards/last-good.ts';
import { shapeOf } from '../boards/shape.ts';
import { foldSpace } from '../boards/text.ts';
import type { BoardOutcome } from './board-crawl.ts';
import { DATASET, type BoardDefinition } from '../boards/definition.ts';
import { reconcile } from './reconcile.ts';
import type { BoardReading } from '../boards/reading.ts';

/** As many rows as the viewer gives at a time. */
const PAGE_ROWS = 100;
/** No board is so long; a count beyond it is a mistake. */
const MOST_ROWS = 200_000;

export interface DatasetBoardDependencies {
  /** A client of the viewer's host, which never gets the Hub's token. */
  client: HubClient;
  now: () => Date;
  write: (capture: Capture) => Promise<void>;
}

/**
 * Reads a board that is published as a data set, through the rows of the Hub's data set viewer, and
 * writes the same capture as for a page. It is taken only when every row that the viewer counts came,
 * whole and in order.
 *
 * @throws {EtlError} STORAGE_… from writing; what is wrong with the board is in the outcome
 * @see https://huggingface.co/docs/dataset-viewer/rows
 */
export async function crawlDatasetBoard(
  dependencies: DatasetBoardDependencies,
  board: { definition: BoardDefinition; url: string; last?: BoardMemory | undefined },
  signal: AbortSignal,
): Promise<BoardOutcome> {
  const { definition, url, last } = board;
  const startedMs = performance.now();
  const base = {
    board: definition.id,
    url,
    renderer: DATASET,
    variant: '',
    hidden: 0,
    shownChecked: 0,
  };
  const seconds = (): number => Math.round(performance.now() - startedMs) / 1000;
  let found;
  try {
    const reading = await readRows(dependencies, board, signal);
    const agreed = reconcile(definition, reading);
    const shape = shapeOf(definition, reading, DATASET);
    const news = checkLast({ id: definition.id, isDescribed: true }, last, shape);
    found = { reading, shape, agreed, warnings: [...agreed.warnings, ...news] };
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    const status = error instanceof BoardDriftError ? 'drifted' : 'failed';
    const stated = { shown: null, total: null };
    const nothing = { proof: null, stated, loaded: null, rows: 0, warnings: [] };
    return { ...base, ...nothing, status, seconds: seconds(), error };
  }
  const { reading, shape, agreed, warnings } = found;
  const { stated, loaded } = reading;
  const { status, proof } = agreed;
  const rows = loaded?.length ?? 0;
  const read = { board: definition.id, renderer: DATASET, seconds: seconds(), reading, agreed };
  await dependencies.write(boardCapture(read, url, dependencies.now()));
  return {
    ...{ ...base, status, proof, stated, loaded: rows, rows },
    ...{ seconds: seconds(), warnings, shape },
  };
}

async function readRows(
  { client }: DatasetBoardDependencies,
  { definition, url }: { definition: BoardDefinition; url: string },
  signal: AbortSignal,
): Promise<BoardReading> {
  const rows: TableRow[] = [];
  let total: number | null = null;
  let headers: string[] = [];
  const read = (value: unknown) => {
    const page = pageOf(value);
    if (!page) throw notRows(url);
    const wrong = wrongWith(page, { offset: rows.length, total });
    if (wrong) throw new BoardDriftError(definition.id, [wrong]);
    ({ total, headers } = page);
    rows.push(...page.rows.map(({ row }) => row));
    return { records: page.rows, next: rows.length < total ? pageAddress(url, rows.length) : null };
  };
  const walk = walkList(client, { start: pageAddress(url, 0), read }, { signal, kill: signal });
  for await (const { next } of walk) if (next === null) break;
  signal.throwIfAborted();
  return {
    stated: { shown: null, total },
    loaded: rows,
    loadedFrom: url,
    headers,
    shown: [],
    complete: false,
    filters: [],
    pageError: null,
    pageless: true,
  };
}

function pageAddress(url: string, offset: number): string {
  const address = new URL(url);
  address.searchParams.set('offset', String(offset));
  address.searchParams.set('length', String(PAGE_ROWS));
  return `${address.pathname}${address.search}`;
}

interface Page {
  headers: string[];
  total: number;
  partial: boolean;
  rows: { index: number; row: TableRow; cut: string[] }[];
}

/** Null for anything that is no page of rows. */
function pageOf(value: unknown): Page | null {
  const features = listAt(value, 'features').map((it) => field(it, 'name'));
  const headers = features.filter((name) => typeof name === 'string');
  const total = field(value, 'num_rows_total');
  const isCount = typeof total === 'number' && Number.isSafeInteger(total) && total >= 0;
  if (headers.length === 0 || headers.length !== features.length || !isCount) return null;
  const rows = listAt(value, 'rows').map((it) => ({
    index: Number(field(it, 'row_idx')),
    row: rowOf(headers, field(it, 'row')),
    cut: listAt(it, 'truncated_cells').map(String),
  }));
  return { headers, total, partial: field(value, 'partial') === true, rows };
}

/** What keeps a page from being the next part of the whole. */
function wrongWith(page: Page, expected: { offset: number; total: number | null }) {
  const { offset, total } = expected;
  if (page.partial) return differs('data set', 'whole', 'partial');
  if (page.total > MOST_ROWS) return differs('rows', `at most ${MOST_ROWS}`, page.total);
  if (total !== null && page.total !== total) {
    return differs('rows that the data set states', total, page.total);
  }
  const length = Math.min(PAGE_ROWS, page.total - offset);
  if (page.rows.length !== length) {
    return differs(`rows from ${offset}`, length, page.rows.length);
  }
  const place = page.rows.findIndex(({ index }, at_) => index !== offset + at_);
  if (place >= 0) return differs('row', offset + place, page.rows[place]?.index ?? 'none');
  const cut = page.rows.find((row) => row.cut.length > 0);
  return cut ? differs(`cells of row ${cut.index}`, 'whole', `cut: ${cut.cut.join(', ')}`) : null;
}

const rowOf = (headers: readonly string[], row: unknown): TableRow =>
  Object.fromEntries(headers.map((header) => [header, cellFrom(field(row, header))]));

function cellFrom(value: unknown): TableCell {
  if (value === undefined || value === null) return { text: '', value: null };
  return { text: typeof value === 'string' ? foldSpace(value) : JSON.stringify(value), value };
}

const listAt = (value: unknown, key: string): unknown[] => {
  const list = field(value, key);
  return Array.isArray(list) ? list : [];
};

const notRows = (url: string): EtlError =>
  new EtlError('BOARD_UNREACHABLE', `${url} answered with no rows of a data set`, {
    context: { url },
  });
