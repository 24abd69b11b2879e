import type { textsAround } from '../html-table/table-look.ts';
import type { GridPage, GridView } from './grid-page.ts';
import type { GridTools, GridWalk, stretchGrid } from './grid-walk.ts';

/** What is wanted of a grid that has so many rows that some of them tell enough. */
export interface SampleWish {
  /** A grid of no more rows is not sampled. */
  smallRows: number;
  sampleRows: number;
  /** Most rows in view at a time. */
  tallRows: number;
  /** Where in its strip of the grid each random window is: numbers from 0 to 1. */
  random: readonly number[];
  /** How long a grid, and then each of its windows, may take to be drawn. */
  gridMs: number;
  windowMs: number;
}

/** How a sample begins. */
export interface SampleStart {
  /** False when the document has no grid with rows yet. */
  ready: boolean;
  /** The first window; null when the grid is not one to take a sample of. */
  view: GridView | null;
}

/** What a sample showed from its first window to its last one. */
export interface SampleEnd extends GridWalk {
  /** At the end it is still the one grid of the document, with as many rows. */
  same: boolean;
  /** Short texts with a number around it. */
  notes: string[];
}

/** What taking a sample needs in the page. */
export interface SampleTools extends GridTools {
  stretchGrid: typeof stretchGrid;
  textsAround: typeof textsAround;
  until: typeof until;
  veilRows: typeof veilRows;
  windowsFor: typeof windowsFor;
  sampleTops: typeof sampleTops;
  makeSampler: typeof makeSampler;
  gridToSample: typeof gridToSample;
  takeSample: typeof takeSample;
}

/** Waits for what a change of the document makes true; false when it does not come. Runs in the page. */
export function until(isTrue: () => boolean, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const endMs = performance.now() + waitMs;
    const check = (): void => {
      const found = isTrue();
      if (!found && performance.now() < endMs) return;
      observer.disconnect();
      clearInterval(timer);
      resolve(found);
    };
    const observer = new MutationObserver(check);
    observer.observe(document, { childList: true, subtree: true, characterData: true });
    // What styles alone change, nothing tells.
    const timer = setInterval(check, 50);
    check();
  });
}

/**
 * Has the browser leave out what is in rows when it lays out and paints: the page makes it all the
 * same, and to read it that is enough. Gives what ends that. Runs in the page.
 */
export function veilRows(): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.ag-row { content-visibility: hidden !important; }');
  document.adoptedStyleSheets.push(sheet);
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it !== sheet);
  };
}

/** Windows of a grid. */
export interface GridWindows {
  /** Rows in view in each, and those that are drawn before and after them. */
  rows: number;
  spare: number;
  count: number;
}

/** Three windows that hold so many rows together, or more of them where they would be too large. Pure. */
export function windowsFor(
  sampleRows: number,
  { spare, most }: { spare: number; most: number },
): GridWindows {
  const rows = Math.min(most, Math.max(10, Math.ceil((sampleRows - 4 * spare) / 3)));
  const count = Math.max(3, Math.ceil((sampleRows + 2 * spare) / (rows + 2 * spare)));
  return { rows, spare, count };
}

/**
 * Rows at the top of windows to look into: the first, the last, and random ones in equal strips
 * between these, each at the place that `random` gives it there; no row is in two of them. Pure.
 */
export function sampleTops(
  total: number,
  { rows, spare, count }: GridWindows,
  random: readonly number[],
): number[] {
  const wholeRows = rows + 2 * spare + 1;
  const last = Math.max(0, total - rows);
  const inside = count - 2;
  const strip = Math.max(0, last - wholeRows) / inside;
  const room = Math.max(0, strip - wholeRows);
  const tops = Array.from({ length: inside }, (_, at) =>
    Math.min(last, Math.round(wholeRows + at * strip + (random[at % random.length] ?? 0) * room)),
  );
  return [0, ...tops, last];
}

/** Reads windows of a grid as soon as they are drawn. */
export interface GridSampler {
  /** Leaves the window in view for that which begins at a row, and reads it. */
  visit: (row: number) => Promise<void>;
  /** Ends with the window in view. */
  end: () => Promise<void>;
}

interface SamplerParts {
  tools: SampleTools;
  page: GridPage;
  walk: GridWalk;
  unveil: () => void;
}

/**
 * Makes what reads windows of a grid as soon as they are drawn, at the latest change of the document
 * rather than some frames later: what is not what the page loaded then is read again in another way.
 * Runs in the page.
 */
export function makeSampler(
  { tools, page, walk, unveil }: SamplerParts,
  grid: HTMLElement,
  waitMs: number,
): GridSampler {
  const body = grid.querySelector('.ag-body-viewport') ?? grid;
  const slow = tools.makeGridWalker(page, grid, waitMs);
  const cells = grid.getElementsByClassName('ag-cell');
  const sign = (): string => `${cells.length} ${grid.textContent?.length}`;
  let seen: string | null = null;
  const isDrawn = (): boolean => page.isWhole(grid) && page.isDrawn(grid) && !page.isBusy(grid);
  const scrolled = (): Promise<unknown> =>
    Promise.race([
      // The window hears of it before the grid does, which still shows what was read then.
      new Promise((resolve) => addEventListener('scroll', resolve, { capture: true, once: true })),
      new Promise((resolve) => setTimeout(resolve, 100)),
    ]);
  const stays = (): void => void (walk.drawn &&= seen === null || seen === sign());
  // A cell without a text may be one that is not filled yet.
  const hasBlank = ({ rows }: GridView): boolean =>
    rows.some(([, row]) =>
      Object.values(row).some((it) => (typeof it === 'string' ? it : it.text) === ''),
    );
  return {
    visit: async (row) => {
      const before = body.scrollTop;
      body.scrollTop = row * page.rowPx(grid);
      if (body.scrollTop !== before) await scrolled();
      stays();
      walk.drawn &&= await tools.until(isDrawn, waitMs);
      if (!walk.drawn) return;
      let view = page.viewOf(grid);
      if (hasBlank(view)) {
        // What says that a row is not there yet is only seen in rows that are displayed.
        unveil();
        await slow.look();
        walk.drawn &&= slow.walk.drawn;
        view = page.viewOf(grid);
      }
      walk.views.push(view);
      seen = sign();
    },
    end: async () => {
      await slow.frame();
      stays();
    },
  };
}

/** The one grid of the document, when it is long and has no pages; else null. Runs in the page. */
export function gridToSample(page: GridPage, smallRows: number): HTMLElement | null {
  const [grid, ...others] = page.grids();
  if (!grid || others.length > 0 || page.told(grid) !== '') return null;
  return (page.statedRows(grid) ?? 0) > smallRows ? grid : null;
}

/**
 * Takes a sample of the one grid of the document, as soon as that is drawn, and says first how it
 * begins; null where there is none to take. Runs in the page.
 */
export async function takeSample(
  tools: SampleTools,
  wish: SampleWish,
  start: (how: SampleStart) => void,
): Promise<SampleEnd | null> {
  const page = tools.makeGridPage(tools.makePageReader(), tools);
  const cells = document.getElementsByClassName('ag-cell');
  const isReady = (): boolean =>
    cells.length > 0 && page.grids().every((it) => page.isDrawn(it) && !page.isBusy(it));
  const ready = await tools.until(isReady, wish.gridMs);
  const grid = ready ? tools.gridToSample(page, wish.smallRows) : null;
  if (!grid) {
    start({ ready, view: null });
    return null;
  }
  const rows = page.statedRows(grid) ?? 0;
  const { sampleRows, tallRows, random } = wish;
  const windows = tools.windowsFor(sampleRows, { spare: page.spareRows(grid), most: tallRows });
  const unveil = tools.veilRows();
  tools.stretchGrid(tools, { at: 0, rows: windows.rows });
  const walk: GridWalk = { views: [], drawn: true };
  const sampler = tools.makeSampler({ tools, page, walk, unveil }, grid, wish.windowMs);
  const tops = tools.sampleTops(rows, windows, random);
  for (const top of tops) {
    await sampler.visit(top);
    if (top === tops[0]) start({ ready, view: walk.views[0] ?? null });
    if (!walk.drawn) break;
  }
  await sampler.end();
  const isSame = tools.gridToSample(page, wish.smallRows) === grid && !page.isBusy(grid);
  const same = isSame && page.statedRows(grid) === rows;
  const sample = { ...walk, same, notes: tools.textsAround(tools) };
  unveil();
  return sample;
}

/** Begins a sample, and gives its first window while the others are drawn. Runs in the page. */
export function beginSample(tools: SampleTools, wish: SampleWish): Promise<SampleStart> {
  return new Promise((resolve, reject) => {
    const end = tools.takeSample(tools, wish, resolve);
    Reflect.set(globalThis, Symbol.for('sample of a grid'), end);
    end.catch(reject);
  });
}

/** What the sample that was begun showed. Runs in the page. */
export function endSample(): Promise<SampleEnd | null> {
  // Set above, in the same document.
  return (Reflect.get(globalThis, Symbol.for('sample of a grid')) ?? null) as Promise<SampleEnd>;
}
