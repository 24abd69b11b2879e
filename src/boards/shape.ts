import { z } from 'zod';
import { variantOf } from './controls.ts';
import { cellOf, shownNumber, tableRow } from './table.ts';
import { booleanOf, dateOf, isMissing } from './values.ts';
import type { BoardColumn, BoardDefinition } from './definition.ts';
import { matchHeaders } from './headers.ts';
import { identitiesOf, identitiesSha256 } from './identities.ts';
import type { BoardReading } from './reading.ts';

/** A share of this much makes a column one of that kind. */
const MOST = 0.9;

const share = z.number().min(0).max(1);

/** What a column looks like, told by its cells alone. */
const ColumnShape = z.strictObject({
  /** As the page has it. */
  header: z.string(),
  name: z.string(),
  kind: z.enum(['empty', 'boolean', 'date', 'number', 'percent', 'text']),
  score: z.boolean(),
  required: z.boolean(),
  /** Cells that say something. */
  given: z.number(),
  /** Of the given cells, the shares that can be read as each kind. */
  shares: z.strictObject({ boolean: share, date: share, number: share, percent: share }),
  /** Lowest, middle and highest number; null without one. */
  range: z.strictObject({ low: z.number(), median: z.number(), high: z.number() }).nullable(),
});
export type ColumnShape = z.infer<typeof ColumnShape>;

/** What a board looks like, without its rows: enough to see that the next reading is another thing. */
export const BoardShape = z.strictObject({
  renderer: z.string(),
  headers: z.array(z.string()),
  /** Controls of the page that chose its rows; '' for none. */
  variant: z.string(),
  rows: z.number(),
  /** Names of the columns that tell rows apart. */
  identity: z.array(z.string()),
  identitiesSha256: z.string(),
  columns: z.array(ColumnShape),
});
export type BoardShape = z.infer<typeof BoardShape>;

/** The shape of a reading that `reconcile` has taken. Pure. */
export function shapeOf(
  definition: BoardDefinition,
  reading: Pick<BoardReading, 'loaded' | 'shown' | 'headers' | 'controls'>,
  renderer: string,
): BoardShape {
  const { loaded, shown, headers, controls = [] } = reading;
  const rows = loaded ?? shown.map(tableRow);
  return {
    renderer,
    headers,
    variant: variantOf(controls),
    rows: rows.length,
    identity: [...definition.table.identity],
    identitiesSha256: identitiesSha256(identitiesOf(definition, rows)),
    columns: matchHeaders(definition, headers).columns.map(({ header, column }) =>
      columnShape(
        header,
        column,
        rows.map((row) => cellOf(row, { header })?.text ?? ''),
      ),
    ),
  };
}

function columnShape(header: string, column: BoardColumn, cells: readonly string[]): ColumnShape {
  const { name, score = false, required = true, missing = [] } = column;
  const found = { given: 0, boolean: 0, date: 0, percent: 0 };
  const numbers: number[] = [];
  // In one pass: a wide table has tens of thousands of cells.
  for (const cell of cells) {
    if (isMissing(cell, missing)) continue;
    found.given += 1;
    const number = shownNumber(cell, column);
    if (number !== null) numbers.push(number);
    if (booleanOf(cell) !== null) found.boolean += 1;
    if (dateOf(cell) !== null) found.date += 1;
    if (isPercent(cell)) found.percent += 1;
  }
  const { given } = found;
  const share = (count: number): number => (given === 0 ? 0 : count / given);
  const shares = {
    boolean: share(found.boolean),
    date: share(found.date),
    number: share(numbers.length),
    percent: share(found.percent),
  };
  const kind = given === 0 ? 'empty' : kindOf(shares);
  return { header, name, kind, score, required, given, shares, range: rangeOf(numbers) };
}

const isPercent = (cell: string): boolean => cell.endsWith('%') && /\d\s*%$/.test(cell);

const kindOf = (shares: ColumnShape['shares']): ColumnShape['kind'] =>
  (['boolean', 'date', 'percent', 'number'] as const).find((kind) => shares[kind] >= MOST) ??
  'text';

function rangeOf(numbers: readonly number[]): ColumnShape['range'] {
  const sorted = Float64Array.from(numbers).sort();
  const [low, high] = [sorted[0], sorted.at(-1)];
  const median = sorted[Math.floor(sorted.length / 2)];
  if (low === undefined || median === undefined || high === undefined) return null;
  return { low, median, high };
}
