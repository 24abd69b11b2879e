import type { Frame } from 'playwright';
import type { ControlState } from '../../../boards/controls.ts';
import { BoardDriftError, differs, unreachable, type Difference } from '../../../boards/drift.ts';
import type { BoardReading } from '../../../boards/reading.ts';
import type { EtlError } from '../../../errors.ts';
import { foundTables, tableState } from '../../pages/choose.ts';
import { veils } from '../../pages/doubts.ts';
import type { Surroundings } from '../../pages/inside/around.ts';
import * as walk from '../../pages/inside/walk.ts';
import { statedSize } from '../../pages/stated.ts';
import { listenTo, type Traffic } from '../../pages/traffic.ts';
import { refusalOf, unreadWatch } from '../../pages/unread.ts';
import { readWalked } from '../../pages/walked-board.ts';
import { hasHidden, html, tablesOn } from '../html/html.ts';
import type { Kind, ReadOptions } from '../kind.ts';
import { candidates, isWritten, nextStep, tabsOfText, whyEmpty, type Step } from './choose.ts';
import * as inside from './inside.ts';
import { readTable, type TableReading } from './read.ts';
import { columnsOfZeros, type TableValue } from './table-value.ts';
import { PAGE, watchPage, type AppState, type Watch } from './watch.ts';

/** Readings that the page changed under, before it counts as one that does not hold still. */
const MOST_READINGS = 4;
/** So long nothing of a table changes before it is looked at; after each reading, twice as long. */
const STILL_MS = 60;

/**
 * The Dataframe of Gradio 3.27 to 6 and the Leaderboard of gradio_leaderboard. Rows come with the
 * page's config or from its functions; of a long table some of them are in the document at a time.
 * Tables that somebody wrote into a Markdown or HTML text are read as those of any other page.
 */
export const gradio: Kind = {
  id: 'gradio',
  listen: (page) => Promise.all([watchPage(page), listenTo(page)]),
  read,
  recognises: (frame) => PAGE.run(frame, inside.isGradio, undefined),
};

interface Reader {
  frame: Frame;
  watch: Watch;
  traffic: Traffic;
  options: ReadOptions;
  /** Tabs that were opened in search of a table. */
  opened: Set<string>;
}

type Read = Extract<Step, { kind: 'read' }>;

async function read(frame: Frame, options: ReadOptions): Promise<BoardReading> {
  const [watch, traffic] = [await watchPage(frame.page()), await listenTo(frame.page())];
  const reader: Reader = { frame, watch, traffic, options, opened: new Set() };
  const endMs = performance.now() + options.timeoutMs;
  const unread = unreadWatch(frame, traffic);
  let why = 'no Gradio page';
  for (let readings = 0; performance.now() < endMs;) {
    const { app, quiet, look } = await watch(frame, STILL_MS * 2 ** readings);
    if (app) {
      const step = await stepOf(reader, app);
      if (step === 'written') return readWritten(reader, app, endMs);
      if (step.kind === 'read') {
        readings += 1;
        const reading = await readOnce(reader, app, step);
        if (reading.diff.length === 0) return whole(reader, app, { step, reading });
        if (readings >= MOST_READINGS) throw new BoardDriftError(boardOf(reader), reading.diff);
      } else why = await follow(reader, step);
      // Without a config it is read as it is drawn, once nothing changes any more.
    } else if (quiet && look.tables.length > 0) return readDrawn(reader, endMs);
    else {
      if (look.text !== '') why = `no config; it shows: ${look.text}`;
      if (quiet) await refuseUnread(unread);
    }
  }
  const seconds = Math.round(options.timeoutMs / 1000);
  throw unreadable(frame, `showed no rows within ${seconds} s: ${why}`);
}

async function refuseUnread(unread: ReturnType<typeof unreadWatch>): Promise<void> {
  const refusal = await unread();
  if (refusal) throw refusal;
}

/** The board, unless the page says that its table is a part of one. */
async function whole(
  reader: Reader,
  app: AppState,
  { step, reading }: { step: Read; reading: TableReading },
): Promise<BoardReading> {
  const { frame } = reader;
  const looks = await PAGE.run(frame, walk.lookAtTables, undefined);
  const beside = looks[step.at]?.around;
  const diff = beside ? saidOfMore(beside, step.table.count, reading.kept) : [];
  if (diff.length > 0) throw new BoardDriftError(boardOf(reader), diff);
  return boardReading(frame, app, { step, reading, states: beside?.states ?? [] });
}

/** What to do next: `written` where the table that is meant is in a text. */
async function stepOf(reader: Reader, app: AppState): Promise<Step | 'written'> {
  const { frame, traffic, options, opened } = reader;
  if (app.quiet && isWritten(app, await tablesOn(frame, options), options)) return 'written';
  try {
    return nextStep(app, options);
  } catch (error) {
    const tab = tabsOfText(app).find((it) => !opened.has(it));
    if (app.quiet && tab !== undefined) return { kind: 'open', tab };
    if (app.quiet && (await hasHidden(frame, options))) return 'written';
    const why = whyEmpty(app);
    if (why !== null) throw unreadable(frame, why);
    throw app.tables.length > 0 ? error : await refusalOf(frame, traffic);
  }
}

async function readWritten(reader: Reader, app: AppState, endMs: number): Promise<BoardReading> {
  const { frame, options, opened } = reader;
  const timeoutMs = Math.max(1, endMs - performance.now());
  const reading = await html.read(frame, { ...options, timeoutMs });
  // Newer versions have nothing in the document of a tab that is not open.
  const others = tabsOfText(app).map((tab) => `Not read: a table in a closed tab "${tab}"`);
  const { notes = [] } = reading;
  const own = [...opened].map((tab) => `The tab "${tab}" was opened for the table`);
  return { ...reading, notes: [...own, ...(notes.length > 0 ? notes : others)] };
}

async function readOnce(
  { frame, watch, options }: Reader,
  app: AppState,
  step: Read,
): Promise<TableReading> {
  const drawn = app.look.tables[step.at]?.drawn ?? 0;
  const reading = await readTable(frame, { ...step, drawn }, options);
  const after = await watch(frame, STILL_MS);
  // Filled while it was read, what was read may be of both values.
  const isStill = after.app && fillings(after.app, step.table) === fillings(app, step.table);
  if (isStill || reading.diff.length > 0) return reading;
  return { ...reading, diff: [differs('table', 'one that holds still', 'changes while read')] };
}

const fillings = ({ replay, config }: AppState, { component }: TableValue): number =>
  replay.fillings(config, component);

const readDrawn = ({ frame, options }: Reader, endMs: number): Promise<BoardReading> => {
  const timeoutMs = Math.max(1, endMs - performance.now());
  return readWalked({ code: PAGE, frame, options: { ...options, timeoutMs } });
};

/** Does what comes next, when that is not to read; gives what is waited for. */
async function follow(reader: Reader, step: Exclude<Step, Read>): Promise<string> {
  switch (step.kind) {
    case 'refuse':
      throw new BoardDriftError(boardOf(reader), step.diff);
    case 'failed':
      throw unreadable(reader.frame, step.why, step.again);
    case 'open':
      reader.opened.add(step.tab);
      await PAGE.run(reader.frame, inside.clickTab, step.tab);
      return `the tab ${step.tab} does not open`;
    case 'wait':
      if (step.at !== undefined) await PAGE.run(reader.frame, inside.showTable, step.at);
      return step.why;
  }
}

interface GradioReading {
  step: Read;
  reading: TableReading;
  states: ControlState[];
}

function boardReading(
  frame: Frame,
  app: AppState,
  { step: { at, table }, reading, states }: GradioReading,
): BoardReading {
  const { replay, config, look } = app;
  const { headers, kept, filters, complete } = reading;
  const from = replay.filledFrom(config, table.component) ?? '';
  const all = candidates(app);
  const [chosen = { ...table, place: '', rows: [] }] = all.filter((it) => it.table === table);
  const zeros = columnsOfZeros(table.rows(), reading).join(', ');
  return {
    stated: { shown: look.tables[at]?.stated ?? null, total: null },
    loaded: table.rows(),
    loadedFrom: new URL(from, frame.url()).href,
    headers: [...headers, ...table.headers.filter((header) => !headers.includes(header))],
    ...{ shown: reading.shown, complete, filters, pageError: null },
    ...(kept && { kept }),
    controls: [...states, ...tableState(all, chosen)],
    agrees: table.agrees,
    notes: zeros === '' ? [] : [`Drawn as 0, and taken as nothing, which was loaded: ${zeros}`],
    tables: foundTables(all, chosen),
  };
}

/** Two numbers, and a word of what they count. */
const PART_IN_WORDS =
  /^(?=.*\d\D+\d).*\b(?:showing|displaying|rows|entries|results|records|models|systems|submissions|items)\b/i;

/** What the page says in words of more rows than the table has: `Showing 10 of 60 models`. Pure. */
function saidOfMore(beside: Surroundings, loaded: number, kept: number[] | null): Difference[] {
  const parts = beside.notes.filter((note) => PART_IN_WORDS.test(note));
  const { total } = statedSize(parts, loaded);
  const isKnown = total === null || [loaded, kept?.length].includes(total);
  const more = isKnown ? [] : [differs('rows that the page states', total, loaded)];
  return [...more, ...veils({ around: beside })];
}

const boardOf = ({ frame, options: { definition } }: Reader): string =>
  definition?.id ?? new URL(frame.url()).host;

const unreadable = (frame: Frame, what: string, again = false): EtlError =>
  unreachable(`${frame.url()} ${what}`, { url: frame.url(), again });
