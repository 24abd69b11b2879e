import type { Frame } from 'playwright';
import { LOOK_TOOLS, lookCall, type LookRequest } from './page-look.ts';
import { PAGE_TOOLS } from './page-sample.ts';
import type { Heard, WireEvent } from './wire-tap.ts';

/** A table in the document, as it is drawn at the moment. */
export interface DrawnTable {
  /** Ids of the elements around it, innermost first: one of them may name the component. */
  ids: string[];
  label: string;
  headers: string[];
  /** Rows in the document; of a virtual table a few of all. */
  drawn: number;
  /** Nothing of it is in an unopened tab, and it has a size. */
  visible: boolean;
  /** The page shows that it is being filled. */
  busy: boolean;
  /** Its error, if it shows one instead of rows. */
  error: string | null;
  /** Rows that its role states, without the head; null where it states none. */
  stated: number | null;
}

/** What a frame shows. */
export interface Survey {
  tables: DrawnTable[];
  /** Texts of the tabs that can be opened, and whether they are. */
  tabs: { text: string; open: boolean }[];
  /** The address, and the text of the page where it has no table. */
  text: string;
}

/** What is known of a frame at one moment. */
export interface PageLook {
  /** Changes when the frame has loaded another document: everything before is void then. */
  document: number;
  /** Elements in it. */
  elements: number;
  /** Those that were not known, in order; null where the document is not listened to. */
  events: WireEvent[] | null;
  /** How the document's config is known again; null where it has none, or was not asked. */
  config: string | null;
  survey: Survey;
}

/** One look at the drawn rows of a table. */
export interface RowWindow {
  rows: { address: number | null; cells: string[]; links: string[] }[];
  headers: string[];
  /** Nothing is left above or below. */
  atStart: boolean;
  atEnd: boolean;
  /** False when the rows of this place did not appear in time. */
  settled: boolean;
  /** Rows that the height of the whole has room for, where all rows are equally high and measured. */
  virtualRows: number | null;
  contentPx: number;
  viewPx: number;
  rowPx: number;
  topPx: number;
  /** What the page had heard when the rows were read. */
  heard: Heard | null;
}

/** Which table, and where to look. */
export interface WindowRequest {
  /** Headers of the table, and its number among those that have the same. */
  headers: readonly string[];
  nth: number;
  /** Places as shares of the way to the end, or `next` for what follows the present place. */
  places: readonly (number | 'first' | 'next' | 'last')[];
  waitMs: number;
  /** Stop after this time, with what there is. */
  budgetMs: number;
  /** Looks in a row that must give the same rows; 0 where a payload tells which rows they must be. */
  holds: number;
  /** Whether rows may be read before a frame has shown them; else as they are after one. */
  atOnce: boolean;
}

/** Which rows a sample is to have at least. */
export interface SampleRequest extends WindowRequest {
  /** Different rows, after which no more places are looked at. */
  rows: number;
}

/** As one JSON text: as objects the rows would take longer to cross over than to draw. */
async function run(frame: Frame, call: string): Promise<unknown> {
  const tools = [...PAGE_TOOLS, ...LOOK_TOOLS].map(String).join('\n');
  const text: string = await frame.evaluate(
    `(async () => { ${tools}\n return JSON.stringify(await ${call}); })()`,
  );
  return JSON.parse(text) as unknown;
}

/** What the frame has heard, which config it has, and what it shows, all at one moment. */
export async function look(frame: Frame, request: LookRequest): Promise<PageLook> {
  return (await run(frame, lookCall(request))) as PageLook; // written by lookAtPage
}

/** Windows of the table at the places asked for; fewer when it went away or the budget was spent. */
export async function readWindows(frame: Frame, request: WindowRequest): Promise<RowWindow[]> {
  return (await run(frame, `readPlaces(${JSON.stringify(request)})`)) as RowWindow[]; // by windowOf
}

/** The same, until they have rows enough. */
export async function readSample(frame: Frame, request: SampleRequest): Promise<RowWindow[]> {
  return (await run(frame, `readSample(${JSON.stringify(request)})`)) as RowWindow[]; // by windowOf
}

/** Opens a tab by its text; false where the page has none. */
export async function openTab(frame: Frame, text: string): Promise<boolean> {
  return (await run(frame, `clickTab(${JSON.stringify(text)})`)) === true;
}
