/** What a column may hold. */
export interface Range {
  table: string;
  column: string;
  /** In words. */
  expected: string;
  /** SQL that is true for a value outside; null is never outside. */
  outside: (column: string) => string;
}

const atLeastZero = (table: string, column: string): Range => ({
  table,
  column,
  expected: '0 or more',
  outside: (it) => `${it} < 0`,
});

const percent = (table: string, column: string): Range => ({
  table,
  column,
  expected: '0 to 100',
  outside: (it) => `${it} < 0 OR ${it} > 100`,
});

const ranges: readonly Range[] = [
  atLeastZero('raw_model', 'downloads'),
  atLeastZero('raw_model', 'likes'),
  atLeastZero('raw_model', 'usedStorage'),
  atLeastZero('usage', 'downloads'),
  atLeastZero('usage', 'likes'),
  atLeastZero('usage', 'downloads_all_time'),
  percent('leaderboard', 'average'),
];

export const rangesOf = (table: string): readonly Range[] =>
  ranges.filter((range) => range.table === table);
