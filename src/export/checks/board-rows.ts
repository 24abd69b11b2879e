import { tableNamed } from '../../tables/index.ts';
import type { Check, CheckResult, Scene } from './check.ts';
import { beforeSql } from './facts.ts';
import { percentOf, quote } from './sql.ts';

const ENTRIES = 'leaderboard_entries';

/** A board that has far fewer rows than on its day before; its maintainers do remove rows. */
export const boardRows: Check = {
  name: 'board-rows',
  run: async (scene) => {
    const table = scene.tables.find(({ name }) => name === ENTRIES);
    return table === undefined ? [] : [await judge(scene)];
  },
};

async function judge(scene: Scene): Promise<CheckResult> {
  const { engine, options } = scene;
  const head = { check: boardRows.name, table: ENTRIES, severity: 'warn' } as const;
  const expected = `at least ${percentOf(options.minRows)} of the rows of each board's day before`;
  const columns = await scene.columnsBefore(ENTRIES);
  const had = new Set(columns?.map(({ name }) => name));
  const definition = tableNamed(ENTRIES);
  const from =
    definition === undefined || !had.has('board') ? null : beforeSql(engine, definition, had);
  if (from === null) {
    return { ...head, outcome: 'skipped', found: 'nothing to compare with', expected };
  }
  const board = `t.${quote(engine, 'board')}`;
  const rows = await engine.rows(
    [
      `SELECT 'now' AS side, ${board} AS board_id, COUNT(*) AS n FROM ${engine.table(ENTRIES)} AS t GROUP BY ${board}`,
      `SELECT 'before', ${board}, COUNT(*) FROM ${from} GROUP BY ${board}`,
    ].join('\nUNION ALL\n'),
  );
  const before = new Map(
    rows.filter(({ side }) => side === 'before').map((row) => [row['board_id'], Number(row['n'])]),
  );
  const low = rows
    .filter(({ side }) => side === 'now')
    .flatMap(({ board_id: id = '', n }) => {
      const was = before.get(id) ?? 0;
      return Number(n) < was * options.minRows ? [`${String(id)} ${Number(n)} of ${was}`] : [];
    });
  return low.length === 0
    ? { ...head, outcome: 'passed', found: `${before.size} boards compared`, expected }
    : { ...head, outcome: 'warned', found: `fewer rows: ${low.slice(0, 5).join(', ')}`, expected };
}
