import { differs, type Difference } from '../../boards/drift.ts';
import type { TableCell } from '../../boards/table.ts';
import { none } from './doubts.ts';
import type { Control } from './inside/around.ts';
import { hasEarlier, nextTurn, numbersIn, type Turn } from './pager.ts';
import { statedSize } from './stated.ts';

/** One page of a table, and what stood around it. */
export interface TablePage {
  rows: readonly TableCell[][];
  notes: readonly string[];
  controls: readonly Control[];
}

/** A table whose pages are turned. */
interface Turnable<Page extends TablePage> {
  press: (turn: Turn) => Promise<void>;
  /** What tells the rows in view from others; null while they, or the page around, are not at rest. */
  sign: () => Promise<string | null>;
  /** The page in view, of the last sign, which comes after so many rows. */
  page: (before: number) => Promise<Page | null>;
  /** How long it may be without rest. */
  longestMs: number;
  /** Rows that the page had loaded for the first one; null for none. */
  loaded: number | null;
}

/** Without a change for so long, the next page does not come. */
const TURN_MS = 10_000;
/** So long where nothing is missing any more, or where a page with fewer rows may still be filled. */
const QUIET_MS = 1_000;

/** What pages of a table say of all of it. */
export interface PagesSay {
  /** Rows that the texts around the pages state; null where they state none. */
  total: number | null;
  /** What speaks against the pages being all. */
  differences: Difference[];
}

/**
 * Turns the pages of a table, from the one in view to where no control opens another, or the first comes
 * again. Each must show other rows than those before. Null when the first is never at rest.
 */
export async function readPages<Page extends TablePage>(
  table: Turnable<Page>,
): Promise<(PagesSay & { pages: Page[] }) | null> {
  let sign = await changed(table, null, 0);
  const first = sign === null ? null : await table.page(0);
  if (!first) return null;
  const [pages, signs] = [[first], [sign]];
  let fault: Difference[] = [];
  for (let turn = nextTurn(first.controls, 1); turn;) {
    const isWhole = (statedByPages(pages).total ?? table.loaded) === rowsOf(pages);
    await table.press(turn);
    sign = await changed(table, signs.at(-1) ?? null, isWhole ? QUIET_MS : TURN_MS);
    const page = sign === null ? null : await filled(table, pages, sign);
    // A control that is never off leads around to the first page, or nowhere.
    if (page ? sign === signs[0] : isWhole) break;
    fault = noOther(pages.length + 1, page, signs.includes(sign));
    if (!page || fault.length > 0) break;
    pages.push(page);
    signs.push(sign);
    turn = nextTurn(page.controls, pages.length, turn);
  }
  const { total, differences } = statedByPages(pages);
  return { pages, total, differences: [...fault, ...differences] };
}

function noOther(number: number, page: TablePage | null, isKnown: boolean): Difference[] {
  if (page && !isKnown) return [];
  const found = page ? 'those of an earlier page' : 'none that came';
  return [differs(`page ${number} of the table`, 'other rows', found)];
}

/** The sign of rows that are others than before; null when none come, or no rest. */
async function changed(
  { sign, longestMs }: Turnable<TablePage>,
  before: string | null,
  waitMs: number,
): Promise<string | null> {
  const startMs = performance.now();
  for (let restMs = startMs; performance.now() - startMs < longestMs;) {
    const now = await sign();
    if (now !== null && now !== before) return now;
    if (now === null) restMs = performance.now();
    else if (performance.now() - restMs >= waitMs) return null;
  }
  return null;
}

/** The page in view, once it holds as many rows as the first, or no more come. */
async function filled<Page extends TablePage>(
  table: Turnable<Page>,
  before: readonly Page[],
  sign: string,
): Promise<Page | null> {
  const page = await table.page(rowsOf(before));
  if (!page || page.rows.length === before[0]?.rows.length) return page;
  const more = await changed(table, sign, QUIET_MS);
  return more === null ? page : table.page(rowsOf(before));
}

const rowsOf = (pages: readonly Pick<TablePage, 'rows'>[]): number =>
  pages.reduce((sum, { rows }) => sum + rows.length, 0);

/**
 * What pages say of all, whatever the language: the places of their own rows and, beside them, a number
 * that stays (`11 to 20 of 330`, `第 11-20 条，共 330 条`), or the page's own and a number of pages. Pure.
 */
export function statedByPages(pages: readonly TablePage[]): PagesSay {
  const rows = rowsOf(pages);
  const ranges = rangesOf(pages);
  const totals = inAll(ranges);
  const differences = unevenPages(pages);
  if (totals.length > 0) {
    return { total: totals.includes(rows) ? rows : Math.min(...totals), differences };
  }
  if (pages[0] && hasEarlier(pages[0].controls)) {
    differences.push(none('page before the first', 'a control for one'));
  }
  if (ranges[0]?.length) {
    const found = `none after page ${ranges.findIndex((it) => it.length === 0)}`;
    differences.push(differs('places of rows that the pages state', 'those read', found));
  }
  const counts = pages.length > 1 ? inAll(pages.map(countersOn)) : [];
  differences.push(...otherCount(counts, pages.length));
  const isCounter = (note: string): boolean => counts.includes(numbersIn(note).at(-1) ?? -1);
  const notes = pages.slice(-1).flatMap((it) => it.notes.filter((note) => !isCounter(note)));
  return { total: statedSize(notes, rows).total, differences };
}

const otherCount = (counts: readonly number[], pages: number): Difference[] =>
  counts.length === 0 || counts.includes(pages)
    ? []
    : [differs('pages that the table states', counts.join(), pages)];

/** For each page the numbers that stand beside the places of its rows. */
function rangesOf(pages: readonly TablePage[]): number[][] {
  let before = 0;
  return pages.map(({ rows, notes }) => {
    const [from, to] = [before + 1, (before += rows.length)];
    return notes.map(numbersIn).flatMap((numbers) => totalsBeside(numbers, from, to));
  });
}

/** Numbers that stand alone beside that of the page. */
const countersOn = ({ notes }: TablePage, at: number): number[] =>
  notes.map(numbersIn).flatMap((numbers) => {
    const [one, all = 0] = numbers;
    return numbers.length === 2 && one === at + 1 && all > at ? [all] : [];
  });

/** Numbers beside the places of rows in a text. */
function totalsBeside(numbers: readonly number[], from: number, to: number): number[] {
  const at = numbers.findIndex((it, place) => it === from && numbers[place + 1] === to);
  if (at < 0 || numbers.length > 5) return [];
  return numbers.filter((it, place) => (place < at || place > at + 1) && it >= to);
}

const inAll = ([first = [], ...others]: readonly (readonly number[])[]): number[] =>
  [...new Set(first)].filter((it) => others.every((other) => other.includes(it)));

/** Pages but the last that have fewer rows, and rows that stand on two. */
function unevenPages(pages: readonly TablePage[]): Difference[] {
  const size = pages[0]?.rows.length ?? 0;
  const short = pages.slice(0, -1).findIndex(({ rows }) => rows.length !== size);
  const signs = pages.flatMap(({ rows }) => [...new Set(rows.map((row) => JSON.stringify(row)))]);
  const repeated = signs.length - new Set(signs).size;
  const long = pages.length > 1 && (pages.at(-1)?.rows.length ?? 0) > size;
  return [
    ...(short < 0 && !long
      ? []
      : [differs('rows of each page', size, pages.map(({ rows }) => rows.length).join())]),
    ...(repeated > 0 ? [none('rows that came twice', repeated)] : []),
  ];
}
