import type { Difference } from '../../../boards/drift.ts';
import { EtlError } from '../../../errors.ts';
import { chooseTable } from '../../pages/choose.ts';
import { none, rankDifferences } from '../../pages/doubts.ts';
import { nameColumns } from '../../pages/names.ts';
import type { WholeTable } from '../../pages/whole.ts';
import type { ReadOptions } from '../kind.ts';
import { gridsOf, type Grid } from './grid.ts';
import type { ScannedTable } from './inside.ts';

/** A table of a page with all that was seen of it and around it. */
export interface SeenTable extends WholeTable, Pick<Grid, 'emptyRows' | 'oddRows'> {
  scanned: ScannedTable;
  /** Its place among the displayed tables. */
  at: number;
}

/** The tables of a page, and the one that is meant. */
export interface Tables {
  tables: SeenTable[];
  chosen: SeenTable | null;
  /** Why no table could be chosen. */
  failure: Error | null;
}

/** Makes tables of what was read in a page, and chooses one. Pure. */
export function tablesIn(
  scanned: readonly ScannedTable[],
  wanted: Pick<ReadOptions, 'definition' | 'table'>,
): Tables {
  const tables = gridsOf(scanned).map(({ grid, table, at }): SeenTable => {
    const { place, columns, rows, emptyRows, oddRows } = grid;
    const { around, statedRows, spacePx, rowPx } = table;
    return {
      ...{ place, headers: nameColumns(columns, wanted.definition), rows, emptyRows, oddRows },
      ...{ around, statedRows, spacePx, rowPx, drawnRows: table.rows.length },
      ...{ scanned: table, at },
    };
  });
  try {
    const chosen = chooseTable(tables, wanted);
    return { tables, chosen, failure: null };
  } catch (error) {
    if (error instanceof EtlError) return { tables, chosen: null, failure: error };
    throw error;
  }
}

/** What makes it doubtful that a table is read right, however many rows it should have, `hidden` beside. Pure. */
export function oddities(table: SeenTable, hidden: number): Difference[] {
  const { headers, oddRows, emptyRows, scanned } = table;
  const expected = `${headers.length} cells`;
  const diff = oddRows.map((found): Difference => ({ what: 'row', expected, found }));
  if (emptyRows > 0) diff.push(none('rows without text', emptyRows));
  if (scanned.hiddenRows > 0) diff.push(none('rows that are not displayed', scanned.hiddenRows));
  return [...diff, ...rankDifferences(table, hidden)];
}
