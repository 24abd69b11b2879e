import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import type { Check, CheckResult, Scene } from './check.ts';
import { quote, sampleSql } from './sql.ts';

/** Columns that are promised never to be null. */
export const required: Check = {
  name: 'required',
  run: (scene) => Promise.all(scene.tables.map((table) => judge(scene, table))),
};

async function judge({ engine, facts }: Scene, table: Table): Promise<CheckResult> {
  const { rows, filled } = await facts(table);
  const names = columnsOf(table).flatMap(({ name, mode }) => (mode === 'REQUIRED' ? [name] : []));
  const missing = names.filter((name) => (filled.get(name) ?? 0) < rows);
  const [first] = missing;
  const head = {
    check: required.name,
    table: table.name,
    severity: 'refuse',
    expected: 'a value in each required column',
  } as const;
  if (first === undefined) {
    return { ...head, outcome: 'passed', found: `${names.length} columns are filled` };
  }
  return {
    ...head,
    outcome: 'refused',
    found: `null in ${missing
      .slice(0, 5)
      .map((name) => `${name} (${rows - (filled.get(name) ?? 0)} rows)`)
      .join(', ')}`,
    sampleSql: sampleSql(engine, table, {
      column: first,
      where: `${quote(engine, first)} IS NULL`,
    }),
  };
}
