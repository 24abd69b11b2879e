import type { Table } from '../../tables/table.ts';
import type { Check, CheckResult, Scene } from './check.ts';
import { rangesOf, type Range } from './ranges.ts';
import { quote, sampleSql } from './sql.ts';

/** Figures that cannot be: fewer than no downloads. A few are told, most of them refuse the release. */
export const valueRange: Check = {
  name: 'value-range',
  run: async (scene) => {
    const results = scene.tables.flatMap((table) =>
      rangesOf(table.name).map((range) => judge(scene, table, range)),
    );
    return Promise.all(results);
  },
};

async function judge({ engine, facts }: Scene, table: Table, range: Range): Promise<CheckResult> {
  const { outside, filled } = await facts(table);
  const { column, expected } = range;
  const wrong = outside.get(column) ?? 0;
  const all = filled.get(column) ?? 0;
  const head = {
    check: valueRange.name,
    table: table.name,
    severity: 'refuse',
    found: `${column}: ${wrong} of ${all} values outside`,
    expected,
  } as const;
  if (wrong === 0) return { ...head, outcome: 'passed' };
  return {
    ...head,
    outcome: wrong * 2 > all ? 'refused' : 'warned',
    sampleSql: sampleSql(engine, table, { column, where: range.outside(quote(engine, column)) }),
  };
}
