import { leaderboardEntries } from '../tables/leaderboard-entries.ts';
import { leaderboardScores } from '../tables/leaderboard-scores.ts';
import { leaderboard } from '../tables/leaderboard.ts';
import { tables } from '../tables/index.ts';
import type { Table } from '../tables/table.ts';

/** Every table that an export can write and a warehouse holds. */
export const exportTables: readonly Table[] = [
  ...tables,
  ...[leaderboard, leaderboardEntries, leaderboardScores].filter(
    ({ name }) => !tables.some((table) => table.name === name),
  ),
];
