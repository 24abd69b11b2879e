import type { Difference } from '../../../boards/drift.ts';
import type { SeenTable } from './table-look.ts';
import { rankDifferences } from './rank-proof.ts';
import type { StatedSize } from './stated-counts.ts';
import type { Control } from './table-surroundings.ts';

const MORE =
  /^\W*(?:(?:show|view|see|load|display|expand)\s(?:\d+\s)?(?:all|more|(?:the )?full|remaining|the rest)\b.*|(?:show|view|see|load)\s\d+\s(?:more|rows|models|entries).*|expand(?: all| table| leaderboard)?|\d+ more(?: \w+)?|more)\W*$/i;
const NEXT = /^(?:next(?: page)?|go to (?:the )?next page|›|»|→|>)$/i;

/** The control that shows more rows of a table, if there is one. */
export const moreControl = ({ around }: SeenTable): Control | undefined =>
  around.controls.find(({ label, disabled }) => !disabled && MORE.test(label));

/** The control that shows the next page of a table, if there is one. */
export const nextControl = ({ around }: SeenTable): Control | undefined =>
  around.controls.find(({ label, disabled }) => !disabled && NEXT.test(label));

/** What makes it doubtful that a table is read right, however many rows it should have. */
export function oddities(table: SeenTable): Difference[] {
  const { grid, scanned } = table;
  const diff: Difference[] = grid.oddRows.map((found) => ({
    what: 'row',
    expected: `${grid.columns.length} cells`,
    found,
  }));
  if (grid.emptyRows > 0) diff.push(none('rows without text', grid.emptyRows));
  if (scanned.hiddenRows > 0) diff.push(none('rows that are not displayed', scanned.hiddenRows));
  return [...diff, ...rankDifferences(table)];
}

/** What makes it doubtful that the rows of a table are all, where no data says so. */
export function partialities(table: SeenTable, size: StatedSize): Difference[] {
  const { scanned, rows } = table;
  const diff: Difference[] = [];
  const { spacePx, rowPx, statedRows } = scanned;
  if (spacePx > 1.5 * rowPx + 30) diff.push(none('pixels of rows that are not drawn', spacePx));
  if (statedRows !== null && statedRows > scanned.rows.length) {
    diff.push({
      what: 'aria-rowcount',
      expected: String(scanned.rows.length),
      found: String(statedRows),
    });
  }
  const more = moreControl(table);
  if (more) diff.push(none('control for more rows', more.label));
  const next = nextControl(table);
  if (next) diff.push(none('control for more pages', next.label));
  const { range } = size;
  if (range && range.last - range.first + 1 !== (size.total ?? rows.length)) {
    diff.push(none('page of rows', `${range.first} to ${range.last}`));
  }
  return diff;
}

const none = (what: string, found: string | number): Difference => ({
  what,
  expected: 'none',
  found: String(found),
});
