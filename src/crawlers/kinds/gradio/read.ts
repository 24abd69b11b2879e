import type { Frame } from 'playwright';
import { differs } from '../../../boards/drift.ts';
import type { TableRow } from '../../../boards/table.ts';
import * as walk from '../../pages/inside/walk.ts';
import { placeWindows, type Placed } from '../../pages/place.ts';
import { EVERY_PLACE, samplePlaces } from '../../pages/windows.ts';
import type { ReadOptions } from '../kind.ts';
import type { TableValue } from './table-value.ts';
import { PAGE } from './watch.ts';

/** What was read of one table; with a `diff` nothing else of it may be used. */
export interface TableReading extends Placed {
  /** Places of the rows that the page shows, where a filter hides some. */
  kept: number[] | null;
  filters: string[];
  complete: boolean;
}

/** A window of rows that takes longer than this to appear does not appear. */
const WINDOW_MS = 10_000;

/** Reads a drawn table, or a sample of it, and finds its rows among those of its value. */
export async function readTable(
  frame: Frame,
  { at, drawn, table }: { at: number; drawn: number; table: TableValue },
  options: ReadOptions,
): Promise<TableReading> {
  const isSample = options.verify === 'sample' && table.count > options.sampleRows;
  const places = isSample ? samplePlaces(options, drawn) : EVERY_PLACE;
  const windows = await PAGE.run(frame, walk.walk, {
    ...{ at, places: drawn === 0 ? [] : places },
    ...{ enough: options.sampleRows, frames: 2, waitMs: WINDOW_MS },
  });
  const isGone = drawn > 0 && windows.length === 0;
  if (isGone || windows.some(({ settled }) => !settled)) {
    const late = differs('rows drawn after scrolling', 'all in view', `not in ${WINDOW_MS} ms`);
    return { ...NOTHING, diff: [late] };
  }
  const readings = filtersOf(table).map((filter) => compared(windows, table, filter));
  return readings.find(({ diff }) => diff.length === 0) ?? readings[0] ?? NOTHING;
}

const NOTHING: TableReading = {
  ...{ headers: [], shown: [], diff: [], kept: null, filters: [], complete: false },
};

/**
 * Which rows the page may show: those that its default filters keep, or all of them, since a
 * Leaderboard that is filled again forgets its filters until somebody touches them.
 */
function filtersOf(table: TableValue): { names: string[]; kept: number[] }[] {
  const rows = table.rows();
  const all = { names: [], kept: [...rows.keys()] };
  if (table.defaults.length === 0) return [all];
  const keeps = (row: TableRow | undefined): boolean =>
    table.defaults.every(({ header, value }) => row?.[header]?.value === value);
  const names = table.defaults.map(({ header, value }) => `${header}=${String(value)}`);
  return [{ names, kept: all.kept.filter((place) => keeps(rows[place])) }, all];
}

function compared(
  windows: readonly walk.Window[],
  { headers, kind, agrees, rows }: TableValue,
  { kept, names }: ReturnType<typeof filtersOf>[number],
): TableReading {
  const all = rows();
  const expected = kept.map((place) => all[place]).filter((row) => row !== undefined);
  const placed = placeWindows(windows, { headers, rows: expected, agrees });
  return {
    ...placed,
    kept: kind === 'leaderboard' ? kept : null,
    filters: names,
    complete: placed.shown.length === kept.length,
  };
}
