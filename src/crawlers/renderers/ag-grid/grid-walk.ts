import type { PageReader } from '../html-table/page-reader.ts';
import type { GridMakers, GridPage, GridView, makeGridPage } from './grid-page.ts';

/** What walking over grids needs in the page. */
export interface GridTools extends GridMakers {
  [name: string]: (...given: never[]) => unknown;
  makePageReader: () => PageReader;
  makeGridPage: typeof makeGridPage;
  makeGridWalker: (page: GridPage, grid: HTMLElement, waitMs: number) => GridWalker;
}

/** The state of a grid that is displayed, without walking over it. */
export interface GridState {
  busy: boolean;
  drawn: boolean;
  /** It has a panel of pages. */
  paged: boolean;
  view: GridView;
}

/** Looks at every displayed grid as it is. Runs in the page. */
export function lookAtGrids(tools: GridTools): GridState[] {
  const page = tools.makeGridPage(tools.makePageReader(), tools);
  return page.grids().map((grid) => ({
    busy: page.isBusy(grid),
    drawn: page.isDrawn(grid),
    paged: page.told(grid) !== '',
    view: page.viewOf(grid),
  }));
}

/** All that a grid showed while it was walked over. */
export interface GridWalk {
  views: GridView[];
  /** False when rows in view did not appear in time. */
  drawn: boolean;
}

/** Makes the window of a grid so large that few steps lead over it. Runs in the page. */
export function stretchGrid(tools: GridTools, given: { at: number; rows: number }): boolean {
  const page = tools.makeGridPage(tools.makePageReader(), tools);
  const grid = page.grids()[given.at];
  const wrapper = grid?.closest<HTMLElement>('.ag-root-wrapper') ?? grid;
  const body = grid?.querySelector<HTMLElement>('.ag-body-viewport');
  const centre = grid?.querySelector<HTMLElement>('.ag-center-cols-container');
  const view = grid?.querySelector<HTMLElement>('.ag-center-cols-viewport');
  if (!grid || !wrapper || !body || !centre || !view) return false;
  const besidesPx = wrapper.offsetHeight - body.clientHeight;
  const tallPx = Math.min(centre.offsetHeight, given.rows * page.rowPx(grid)) + besidesPx;
  const widePx = wrapper.offsetWidth - view.clientWidth + centre.scrollWidth + 32;
  const make = (name: string, px: number): void => {
    for (const key of [name, `min-${name}`]) {
      wrapper.style.setProperty(key, `${Math.max(px, 100)}px`, 'important');
    }
    wrapper.style.setProperty(`max-${name}`, 'none', 'important');
  };
  make('height', Math.max(tallPx, wrapper.offsetHeight));
  make('width', Math.max(widePx, wrapper.offsetWidth));
  return true;
}

/** Reads a grid where it stands. */
export interface GridWalker {
  walk: GridWalk;
  frame: () => Promise<unknown>;
  /** Keeps what the rows and columns in view show, once it has not changed for some frames. */
  look: () => Promise<void>;
  /** Keeps what the rows in view show, over all columns. */
  across: () => Promise<void>;
  /** False when a window of rows did not come, or the end is reached. */
  isBefore: (top: number) => boolean;
}

/** Makes what reads a grid where it stands. Runs in the page. */
export function makeGridWalker(page: GridPage, grid: HTMLElement, waitMs: number): GridWalker {
  const walk: GridWalk = { views: [], drawn: true };
  const body = grid.querySelector('.ag-body-viewport');
  const view = grid.querySelector('.ag-center-cols-viewport');
  const frame = (): Promise<unknown> =>
    Promise.race([
      new Promise((resolve) => requestAnimationFrame(resolve)),
      new Promise((resolve) => setTimeout(resolve, 100)),
    ]);
  const cells = grid.getElementsByClassName('ag-cell');
  const look = async (): Promise<void> => {
    let [steady, sinceMs, before] = [0, performance.now(), ''];
    // Cells are drawn a few at a time, first empty: asking for places sooner would only delay that.
    while (steady < 3 && performance.now() - sinceMs < waitMs) {
      await frame();
      const now = `${cells.length} ${grid.textContent?.length}`;
      if (now !== before) [before, sinceMs, steady] = [now, performance.now(), 0];
      else if (steady > 0 || (page.isDrawn(grid) && !page.isBusy(grid))) steady += 1;
    }
    walk.drawn &&= steady >= 3 && page.isDrawn(grid);
    walk.views.push(page.viewOf(grid));
  };
  const across = async (): Promise<void> => {
    if (!view) return void (walk.drawn = false);
    for (let left = 0; ; left += Math.max(100, view.clientWidth - 100)) {
      view.scrollLeft = left;
      await look();
      if (left >= view.scrollWidth - view.clientWidth || !walk.drawn) return;
    }
  };
  const isBefore = (top: number): boolean =>
    body !== null && walk.drawn && top < body.scrollHeight - body.clientHeight;
  return { walk, frame, look, across, isBefore };
}

/**
 * Scrolls a grid over all its rows and columns, and over all of its pages, and keeps what it shows on
 * the way; with `tops`, only where these rows are the first in view. Runs in the page.
 */
export async function walkGrid(
  tools: GridTools,
  given: { at: number; waitMs: number; mostPages: number; tops: number[] | null },
): Promise<GridWalk> {
  const page = tools.makeGridPage(tools.makePageReader(), tools);
  const grid = page.grids()[given.at];
  const body = grid?.querySelector('.ag-body-viewport');
  if (!grid || !body) return { views: [], drawn: false };
  const { walk, frame, across, isBefore } = tools.makeGridWalker(page, grid, given.waitMs);
  if (given.tops) {
    for (const row of given.tops) {
      body.scrollTop = row * page.rowPx(grid);
      if (walk.drawn) await across();
    }
    return walk;
  }
  const down = async (): Promise<void> => {
    const stepPx = (): number => Math.max(20, body.clientHeight - 2 * page.rowPx(grid));
    for (let top = 0; ; top += stepPx()) {
      body.scrollTop = top;
      await across();
      if (!isBefore(top)) return;
    }
  };
  const first = (): string | undefined =>
    grid.querySelector('.ag-row[row-index]')?.getAttribute('row-index') ?? undefined;
  for (let pages = 1; pages <= given.mostPages; pages += 1) {
    await down();
    const next = page.nextPage(grid);
    if (!next || !walk.drawn) break;
    body.scrollTop = 0;
    await frame();
    const before = first();
    next.click();
    const endMs = performance.now() + given.waitMs;
    while (first() === before && performance.now() < endMs) await frame();
  }
  body.scrollTop = 0;
  return walk;
}
