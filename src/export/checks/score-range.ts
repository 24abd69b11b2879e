import type { Check, CheckResult, Scene } from './check.ts';
import { quote, sampleSql } from './sql.ts';

const SCORES = 'leaderboard_scores';

/**
 * Scores outside of what their unit allows: a board that changed from ratio to percent, or a column
 * read for another. A few may be so (an error rate above 100 %); most of a metric's may not.
 */
export const scoreRange: Check = {
  name: 'score-range',
  run: async (scene) => {
    const table = scene.tables.find(({ name }) => name === SCORES);
    return table === undefined ? [] : [await judge(scene, table)];
  },
};

async function judge({ engine }: Scene, table: Scene['tables'][number]): Promise<CheckResult> {
  const name = (column: string) => quote(engine, column);
  const value = name('value');
  const unit = name('unit');
  const outside = `(${unit} = 'percent' AND (${value} < 0 OR ${value} > 100)) OR (${unit} = 'ratio' AND (${value} < 0 OR ${value} > 1))`;
  const rows = await engine.rows(
    `SELECT ${name('board')} AS board_id, ${name('metric')} AS metric_id, ${unit} AS unit_id, COUNT(${value}) AS n, COUNTIF(${outside}) AS wrong FROM ${engine.table(SCORES)} AS t GROUP BY ${name('board')}, ${name('metric')}, ${unit} HAVING COUNTIF(${outside}) > 0 ORDER BY wrong DESC LIMIT 20`,
  );
  const head = {
    check: scoreRange.name,
    table: SCORES,
    severity: 'refuse',
    expected: 'percent 0 to 100, ratio 0 to 1',
  } as const;
  if (rows.length === 0) return { ...head, outcome: 'passed', found: 'no score outside' };
  const most = rows.filter(({ n, wrong }) => Number(wrong) * 2 > Number(n));
  const shown = (most.length > 0 ? most : rows).slice(0, 5);
  return {
    ...head,
    outcome: most.length > 0 ? 'refused' : 'warned',
    found: shown
      .map(
        ({ board_id: board, metric_id: metric, unit_id: told, n, wrong }) =>
          `${board} ${metric}: ${Number(wrong)} of ${Number(n)} are no ${told}`,
      )
      .join('; '),
    sampleSql: sampleSql(engine, table, { column: 'value', where: outside }),
  };
}
