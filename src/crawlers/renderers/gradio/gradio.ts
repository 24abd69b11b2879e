import type { Frame } from 'playwright';
import type { TableRow } from '../../../boards/table.ts';
import { EtlError } from '../../../errors.ts';
import { BoardDriftError } from '../../../boards/drift.ts';
import type { BoardDefinition } from '../../../boards/definition.ts';
import { missingHeaders } from '../../../boards/headers.ts';
import type { ReadOptions, Kind } from '../../kinds/kind.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import { hasNoMore, placeOf } from './choose.ts';
import type { GradioConfig } from './config.ts';
import { decide, type Decision, type PageState } from './decide.ts';
import { putBackCells } from './left-out.ts';
import { openTab } from './page-tables.ts';
import { watchPage, type PageWatch } from './page-state.ts';
import { readDrawn, readLoaded, type TableReading } from './read-table.ts';
import { tableValue } from './table-value.ts';

const POLL_MS = 40;
/** Readings that the page changed under, before it counts as one that does not hold still. */
const MOST_READINGS = 4;

/**
 * The Dataframe of Gradio 3.27 to 6 and the Leaderboard of gradio_leaderboard. Rows come with the
 * page's config or from its functions; of a virtual table some of them are in the document at a time.
 */
export const gradio: Kind = {
  id: 'gradio',
  listen: async (page, how) => {
    const watch = await watchPage(page, how);
    return {
      read: async (frame, options) => {
        try {
          return await read(frame, watch, options);
        } finally {
          // Not waited for: a page that hangs never answers, and who takes its picture asks later.
          frame.evaluate(putBackCells).catch(() => undefined);
        }
      },
    };
  },
  recognises: (frame) => frame.evaluate(isGradio),
};

/** Runs in the page. */
function isGradio(): boolean {
  if (Reflect.has(window, 'gradio_config')) return true;
  return (
    document.querySelector('gradio-app, .gradio-container, footer a[href*="gradio.app"]') !== null
  );
}

type Read = Extract<Decision, { kind: 'read' }>;

async function read(frame: Frame, watch: PageWatch, options: ReadOptions): Promise<BoardReading> {
  const endMs = performance.now() + options.timeoutMs;
  const { definition } = options;
  if (definition) watch.onConfig((config) => prepare(config, definition));
  for (let readings = 1; ; readings += 1) {
    const { state, decision } = await whenDecided(frame, watch, { ...options, endMs });
    const reading = await readTable(frame, decision, { ...options, atOnce: readings === 1 });
    const fillings = fillingsOf(state, reading);
    if ((await isStill(frame, watch, { reading, fillings })) && reading.diff.length === 0)
      return boardReading(frame, { state, decision, reading });
    if (readings >= MOST_READINGS || performance.now() > endMs) {
      const { diff } = reading;
      const moving = {
        what: 'table',
        expected: 'one that holds still',
        found: 'changes while read',
      };
      throw new BoardDriftError(boardOf(frame, options), diff.length > 0 ? diff : [moving]);
    }
    await pause(POLL_MS * 2 ** readings);
  }
}

/** Makes the rows that will probably be wanted while the page makes its own. */
function prepare(config: GradioConfig, definition: BoardDefinition): void {
  const tables = [...config.components.values()].flatMap((it) => tableValue(it) ?? []);
  const fitting = tables.filter(
    ({ visible, headers }) => visible && missingHeaders(definition, headers).length === 0,
  );
  const exact = fitting.find(({ headers }) => hasNoMore(definition, headers));
  (exact ?? fitting[0])?.rows();
}

/** Whether the table was not filled again while it was read. */
async function isStill(
  frame: Frame,
  watch: PageWatch,
  { reading, fillings }: { reading: TableReading; fillings: number },
): Promise<boolean> {
  // Asked again only where something came: the page is at work on what it drew last.
  if (reading.heard && watch.knows(frame, reading.heard)) return true;
  const { state } = await watch.look(frame);
  return state !== null && fillingsOf(state, reading) === fillings;
}

/** How often the table was filled: `replay` goes on by itself, so this is asked before and after. */
const fillingsOf = ({ replay, config }: PageState, { table }: TableReading): number =>
  table ? replay.fillings(config, table.component) : replay.changes();

async function readTable(
  frame: Frame,
  { pair, source }: Read,
  options: ReadOptions & { atOnce: boolean },
): Promise<TableReading> {
  const own = pair.tables;
  if (!source) return readDrawn(frame, pair);
  const candidates = own.includes(source)
    ? [source, ...own.filter((it) => it !== source)]
    : [source];
  return readLoaded(frame, { pair, candidates, atOnce: options.atOnce }, options);
}

interface Deadline extends ReadOptions {
  endMs: number;
}

/** Looks again and again until the table can be read. */
async function whenDecided(
  frame: Frame,
  watch: PageWatch,
  options: Deadline,
): Promise<{ state: PageState; decision: Read }> {
  let why = 'no Gradio page';
  for (let waitMs = 0; performance.now() < options.endMs; waitMs = POLL_MS) {
    const looked = await lookAt(frame, watch, waitMs);
    if (looked?.state) {
      const { state } = looked;
      if (state.config.needsLogin) throw unreachable(frame, 'asks for a login', false);
      const decision = decide(state, options.definition);
      if (decision.kind === 'read') return { state, decision };
      why = await follow(frame, decision, options);
    } else if (looked && looked.text !== '') why = `no config; it shows: ${looked.text}`;
    else if (!looked) await pause(POLL_MS);
  }
  const seconds = Math.round(options.timeoutMs / 1000);
  throw unreachable(frame, `showed no rows within ${seconds} s: ${why}`, false);
}

/** Does what was decided, when that is not to read; gives what is waited for. */
async function follow(
  frame: Frame,
  decision: Exclude<Decision, Read>,
  options: ReadOptions,
): Promise<string> {
  switch (decision.kind) {
    case 'refuse':
      throw new BoardDriftError(boardOf(frame, options), decision.diff);
    case 'failed':
      throw unreachable(frame, decision.why, true);
    case 'open':
      await openTab(frame, decision.tab);
      return `the tab ${decision.tab} does not open`;
    case 'wait':
      return decision.why;
  }
}

/** Null while the frame goes from one document to the next. */
async function lookAt(frame: Frame, watch: PageWatch, waitMs: number) {
  try {
    return await watch.look(frame, waitMs);
  } catch (error) {
    const isBetween =
      error instanceof Error && /context was destroyed|navigat/i.test(error.message);
    if (isBetween && !frame.isDetached()) return null;
    throw error;
  }
}

function boardReading(
  frame: Frame,
  found: { state: PageState; decision: Read; reading: TableReading },
): BoardReading {
  const { state, decision, reading } = found;
  const { table, shown, kept, filters, complete } = reading;
  const { stated } = decision.pair.drawn;
  const loaded: TableRow[] | null = table?.rows() ?? null;
  const from = table && state.replay.filledFrom(state.config, table.component);
  return {
    stated: { shown: stated, total: null },
    loaded,
    loadedFrom: table ? new URL(from ?? '', frame.url()).href : null,
    headers: headersOf(found),
    shown,
    complete,
    filters,
    ...(kept && { kept }),
    pageError: null,
    ...(table && { agrees: table.agrees }),
    tables: state.tables.map((it) => ({
      headers: it.headers,
      rows: it.count,
      place: placeOf(it, state.config),
      chosen: it === table,
    })),
  };
}

/** Those that the page shows, then those that only the payload has. */
function headersOf({ decision, reading }: { decision: Read; reading: TableReading }): string[] {
  const shown = reading.headers;
  const loaded = reading.table?.headers ?? [];
  return shown.length === 0 && loaded.length === 0
    ? decision.pair.drawn.headers
    : [...shown, ...loaded.filter((header) => !shown.includes(header))];
}

const boardOf = (frame: Frame, { definition }: ReadOptions): string =>
  definition?.id ?? new URL(frame.url()).host;

const unreachable = (frame: Frame, what: string, again: boolean): EtlError =>
  new EtlError('BOARD_UNREACHABLE', `${frame.url()} ${what}`, {
    context: { url: frame.url(), again },
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
