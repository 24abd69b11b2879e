import { z } from 'zod';
import { BoardDriftError, differs, type Difference } from './drift.ts';
import { inQuotes, noSuchHeader } from './headers.ts';
import { BoardShape, type ColumnShape } from './shape.ts';
import { normalHeader } from './text.ts';

const Place = z.strictObject({
  run: z.string(),
  dataset: z.string(),
  /** Number of the capture's first line in the index of the data set. */
  n: z.number(),
});
/** Where a capture of a board lies. */
export type CapturePlace = z.infer<typeof Place>;

/** What is remembered of a board: its last good capture, as `storage/boards/<id>.json`. */
export const BoardMemory = z.strictObject({
  format: z.literal(1),
  board: z.string(),
  /** The address that was asked for. */
  url: z.string(),
  ...Place.shape,
  /** ISO 8601, UTC. */
  capturedAt: z.string(),
  ...BoardShape.shape,
  /** The good capture of the run before; null for a board's first one. */
  before: Place.nullable(),
  /** Set by hand: the next reading is taken whatever it looks like beside this one. */
  isAccepted: z.boolean(),
});
export type BoardMemory = z.infer<typeof BoardMemory>;

/** Share of the last good capture's rows that a board must still have. */
const LEAST_ROWS = 0.9;
/** Fewer cells than this tell nothing about a column. */
const TELLING_CELLS = 5;
/** From so many rows on, a score that is the same in each says nothing. */
const TELLING_ROWS = 10;
/** A kind whose share of a column moved by more than this is no chance. */
const MOVED_SHARE = 0.5;
/** Scores that grew or shrank by this are in another unit. */
const OTHER_UNIT = 10;

/**
 * Compares a reading with the board's last good capture. Pure. Of a board that is described, the
 * definition says which columns matter; of one that nobody described, all that were there do.
 *
 * @returns the differences for which the reading must be refused, and what is only worth a warning
 */
export function compareWithLast(
  last: BoardMemory,
  now: BoardShape,
  isDescribed: boolean,
): { diff: Difference[]; warnings: string[] } {
  if (last.isAccepted) return { diff: [], warnings: [] };
  const diff: Difference[] = [];
  const warnings: string[] = [];
  const least = Math.ceil(LEAST_ROWS * last.rows);
  if (now.rows < least) {
    const expected = `at least ${least}: 90 % of the ${last.rows} of run ${last.run}`;
    diff.push(differs('rows', expected, now.rows));
  }
  if (now.variant !== last.variant) {
    const [expected, found] = [last, now].map(({ variant }) => variant || 'none');
    diff.push(differs('controls that choose rows', expected ?? '', found ?? ''));
  }
  const matters = (column: ColumnShape): boolean => !isDescribed || column.required;
  for (const column of last.columns) {
    const found = sameColumn(column, now.columns, isDescribed);
    const differences = found ? compareColumn(column, found) : [gone(column, last, now)];
    if (matters(found ?? column)) diff.push(...differences);
    else warnings.push(...differences.map(inWords));
  }
  if (!isDescribed) warnings.push(...newColumns(last, now), ...otherwiseKnown(last, now));
  return { diff, warnings };
}

/**
 * The same, for a crawl that takes the reading or leaves it.
 *
 * @returns warnings
 * @throws {BoardDriftError} BOARD_DRIFT when the board is no longer what it was then
 */
export function checkLast(
  board: { id: string; isDescribed: boolean },
  last: BoardMemory | undefined,
  now: BoardShape,
): string[] {
  if (last === undefined) return [];
  const { diff, warnings } = compareWithLast(last, now, board.isDescribed);
  if (diff.length > 0) throw new BoardDriftError(board.id, diff, { since: last.run });
  return warnings;
}

/** A described column may change its header (an alias); one that nobody described is its header. */
const sameColumn = (
  { header, name }: ColumnShape,
  columns: readonly ColumnShape[],
  isDescribed: boolean,
): ColumnShape | undefined =>
  columns.find((it) =>
    isDescribed ? it.name === name : normalHeader(it.header) === normalHeader(header),
  );

const gone = ({ header }: ColumnShape, last: BoardMemory, now: BoardShape): Difference => ({
  ...differs('column', `${header}, as in run ${last.run}`, noSuchHeader(newHeaders(last, now))),
  where: header,
});

function compareColumn(last: ColumnShape, now: ColumnShape): Difference[] {
  const where = now.header;
  if (last.given < TELLING_CELLS) return [];
  if (now.given === 0) return [{ ...differs('values', `${last.kind}s`, 'none'), where }];
  if (now.given < TELLING_CELLS) return [];
  const kinds = ['boolean', 'date', 'number', 'percent'] as const;
  if (kinds.some((kind) => Math.abs(last.shares[kind] - now.shares[kind]) > MOVED_SHARE)) {
    return [{ ...differs('kind of values', last.kind, now.kind), where }];
  }
  return last.score && now.score ? compareScores(last, now) : [];
}

function compareScores(last: ColumnShape, now: ColumnShape): Difference[] {
  const [was, is] = [last.range, now.range];
  if (was === null || is === null || now.given < TELLING_ROWS) return [];
  const where = now.header;
  if (is.low === is.high && was.low !== was.high) {
    return [{ ...differs('values', 'different ones', `${is.low} in every row`), where }];
  }
  const span = was.high - was.low;
  const isAway = is.median < was.low - span || is.median > was.high + span;
  const grew = was.median === 0 ? 1 : is.median / was.median;
  const isOtherUnit = grew > OTHER_UNIT || (grew > 0 && grew < 1 / OTHER_UNIT);
  if (!isAway && !isOtherUnit) return [];
  const text = ({ low, median, high }: NonNullable<ColumnShape['range']>): string =>
    `${low} to ${high}, half of them above ${median}`;
  return [{ ...differs('values', `about ${text(was)}`, text(is)), where }];
}

const newHeaders = (last: BoardMemory, now: BoardShape): string[] => {
  const known = new Set(
    [...last.headers, ...last.columns.map(({ header }) => header)].map(normalHeader),
  );
  return now.headers.filter((header) => !known.has(normalHeader(header)));
};

/** A sentence on columns that a board did not have before, if there are any. */
export const newColumns = (last: BoardMemory, now: BoardShape): string[] => {
  const news = newHeaders(last, now);
  return news.length === 0
    ? []
    : [`The page has new columns since run ${last.run}: ${inQuotes(news)}`];
};

/** Other columns tell rows apart now, so that no row can be followed from the capture before. */
const otherwiseKnown = (last: BoardMemory, now: BoardShape): string[] =>
  last.identity.join() === now.identity.join()
    ? []
    : [
        `Rows are told apart by ${now.identity.join(', ')} now, by ${last.identity.join(', ')} before`,
      ];

const inWords = ({ what, where, expected, found }: Difference): string =>
  `${where ?? 'The board'}: ${what}: expected ${expected}, found ${found}`;
