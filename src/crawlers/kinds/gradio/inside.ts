import { fold, linkIn, numberIn, textOf, type Looks } from '../../pages/inside/text.ts';
import type { TableParts, View, ViewCell } from '../../pages/inside/walk.ts';

/*
 * Runs in a world of its own in the page. Things are found by role, address and the names that Gradio
 * kept through all its versions, never by a class that a build makes up.
 */

/** A table that can be seen, as it is drawn at the moment. */
export interface DrawnTable {
  /** Ids of the elements around it, innermost first: one of them may name the component. */
  ids: string[];
  label: string;
  headers: string[];
  /** Rows in the document; of a long table a few of all. */
  drawn: number;
  /** What the page shows over it: that it is being filled, or why it is not; '' for nothing. */
  overlay: string;
  /** Rows that its role states, without the head; null where it states none. */
  stated: number | null;
}

export interface PageLook {
  tables: DrawnTable[];
  /** Texts of the tabs and accordions that can be opened, and whether they are. */
  tabs: { text: string; open: boolean }[];
  /** Text of the script that sets the config; null where it was not asked for, or there is none. */
  config: string | null;
  /** What the page says where it has no table. */
  text: string;
}

export function isGradio(): boolean {
  const marks = 'gradio-app, .gradio-container, footer a[href*="gradio.app"]';
  return document.querySelector(marks) !== null || configScript() !== undefined;
}

export function configScript(): HTMLScriptElement | undefined {
  return [...document.scripts].find(({ text }) => /window\.gradio_config\s*=\s*\{/.test(text));
}

export function lookAtPage(asksConfig: boolean): PageLook {
  const tables = tablesOf().map(drawnTable);
  return {
    tables,
    tabs: tabsOf().map((tab) => ({ text: tabText(tab), open: isOpen(tab) })),
    config: asksConfig ? (configScript()?.text ?? null) : null,
    text: tables.length > 0 ? '' : fold(document.body?.innerText).slice(0, 400),
  };
}

/** The outermost elements that Gradio draws a table in, but for those in tabs that are not open. */
export function tablesOf(): HTMLElement[] {
  const selector = '.table-wrap, [role="grid"]';
  return [...document.querySelectorAll<HTMLElement>(selector)].filter(
    (it) => it.offsetHeight > 0 && !it.parentElement?.closest(selector),
  );
}

export function drawnTable(table: HTMLElement): DrawnTable {
  const { head, rows } = partsOf(table);
  const ids: string[] = [];
  for (let it: Element | null = table; it; it = it.parentElement) if (it.id) ids.push(it.id);
  const label = table.getAttribute('aria-label') ?? table.querySelector('caption')?.textContent;
  return {
    ...{ ids, label: fold(label), headers: headersOf(head), drawn: rows.length },
    ...{ overlay: overlayOf(table), stated: statedRows(table) },
  };
}

/**
 * From 3.43 on a table that is only measured comes before the one that scrolls; before, there is one.
 * From 6.11 on that holds the heads, and the rows are no table.
 */
export function partsOf(table: HTMLElement): TableParts {
  const virtual = table.querySelector('.virtual-body');
  const tables = table.querySelectorAll('table');
  const inner = table.querySelector('svelte-virtual-table-viewport table');
  const real = virtual || tables.length === 1 ? tables[0] : inner;
  const body = virtual ?? real?.querySelector(':scope > tbody') ?? table;
  const rows = [...body.children].filter((it) => it.matches('tr, [data-index]'));
  const head = real?.querySelector(':scope > thead') ?? null;
  return { body, rows, down: scrollerOf(body, table), across: null, head, frame: null };
}

/** What scrolls a body up and down; one that only scrolls sideways computes as `auto` too. */
export function scrollerOf(body: Element, table: Element): Element | null {
  let it: Element | null = body === table ? table : body.parentElement;
  while (it && !/auto|scroll/.test(getComputedStyle(it).overflowY)) {
    it = it === table ? null : it.parentElement;
  }
  return it;
}

export function viewOf(table: HTMLElement, { head, rows }: TableParts): View {
  const looks: Looks = new Map();
  return {
    heads: headersOf(head).map((text, place) => ({
      ...{ id: String(place), text, names: [], groups: [], place },
    })),
    rows: rows.map((row) => ({
      place: addressOf(row),
      cells: Object.fromEntries(
        cellsIn(row).map((cell, at) => [String(at), cellOf(cell, looks, String(at))]),
      ),
    })),
    ...{ statedRows: statedRows(table), statedColumns: null, filtered: [], otherRows: 0 },
  };
}

/** Cells of a row, without that of its number. */
export function cellsIn(row: Element): Element[] {
  const number = '[data-col="row-number"], [class*="row-number"]';
  return [...row.children].filter((it) => it.matches('td, th, [data-col]') && !it.matches(number));
}

/** The title is whole where the text is cut. */
export function headersOf(head: Element | null): string[] {
  const row = head?.querySelector(':scope > tr');
  const cells = row ? cellsIn(row) : [];
  return cells.map((cell) => {
    const said = cell.querySelector('span') ?? cell;
    return fold(cell.getAttribute('title')) || textOf(said, new Map());
  });
}

/** Buttons and fields for editing stand beside what a cell says. */
export function cellOf(cell: Element, looks: Looks, place: string): ViewCell {
  const said = cell.querySelector('.cell-wrap > :is(span, .bool-cell)') ?? cell;
  const text = textOf(said, looks, place);
  const link = said.childElementCount === 0 ? '' : linkIn(said);
  return link === '' ? text : { text, link };
}

/** Which of all rows it is: newer versions say so. */
export function addressOf(row: Element): number | null {
  return numberIn(row, 'data-index') ?? numberIn(row.querySelector('[data-row]'), 'data-row');
}

/** The head counts too. */
export function statedRows(table: Element): number | null {
  const count = numberIn(table, 'aria-rowcount');
  return count === null ? null : count - 1;
}

/** A Leaderboard brings no block of its own: its overlay stands beside it, in the same row. */
export function overlayOf(table: HTMLElement): string {
  const block = table.closest('.block') ?? table.closest('.row') ?? table.parentElement;
  // Only newer versions name it; before, it is what tells of progress, or of an error.
  const named = '[data-testid="status-tracker"], .wrap:has(.progress-text, .error)';
  const overlay = block?.querySelector<HTMLElement>(named);
  if (!overlay || overlay.contains(table) || overlay.offsetHeight === 0) return '';
  return overlay.classList.contains('hide') ? '' : fold(overlay.textContent).slice(0, 200);
}

export function isBusy(table: HTMLElement): boolean {
  return overlayOf(table) !== '';
}

/** Tabs have their role since 3.34. Newer pages draw them a second time to measure them, unseen. */
export function tabsOf(): HTMLElement[] {
  const tabs = document.querySelectorAll<HTMLElement>(
    '[role="tab"], .tab-nav > button, .label-wrap',
  );
  const measured = '[aria-hidden="true"]';
  return [...tabs].filter((it) => it.offsetHeight > 0 && !it.closest(measured));
}

/** An accordion has a mark beside its label. */
export function tabText(tab: Element): string {
  const label = tab.matches('.label-wrap') ? tab.querySelector('span') : null;
  return fold((label ?? tab).textContent);
}

export function isOpen(tab: Element): boolean {
  return tab.getAttribute('aria-selected') === 'true' || tab.matches('.selected, .open');
}

export function clickTab(text: string): void {
  tabsOf()
    .find((it) => tabText(it) === text)
    ?.click();
}

/** A Leaderboard draws its rows once it is in view. */
export function showTable(at: number): void {
  tablesOf()[at]?.scrollIntoView({ block: 'nearest' });
}
