import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import type { Check, CheckResult, Scene } from './check.ts';
import { quote, SAMPLE_ROWS, sampleSql } from './sql.ts';

/**
 * Rows with one key, or without it, would be counted twice, or joined with nothing. Where a column of a
 * key may be null, null is a value like others.
 */
export const uniqueKey: Check = {
  name: 'unique-key',
  run: (scene) =>
    Promise.all(
      scene.tables.filter(({ key }) => key.length > 0).map((table) => judge(scene, table)),
    ),
};

async function judge({ engine, facts }: Scene, table: Table): Promise<CheckResult> {
  const { rows, doubledKeys, filled } = await facts(table);
  const key = table.key.join(', ');
  const head = {
    check: uniqueKey.name,
    table: table.name,
    severity: 'refuse',
    expected: `each row with a ${key} of its own`,
  } as const;
  if (doubledKeys > 0) {
    const list = table.key.map((name) => quote(engine, name)).join(', ');
    return {
      ...head,
      outcome: 'refused',
      found: `${doubledKeys} keys that several rows have`,
      sampleSql: `SELECT ${list}, COUNT(*) AS n FROM ${engine.table(table.name)} AS t GROUP BY ${list} HAVING COUNT(*) > 1 LIMIT ${SAMPLE_ROWS}`,
    };
  }
  const isRequired = new Set(
    columnsOf(table).flatMap(({ name, mode }) => (mode === 'REQUIRED' ? [name] : [])),
  );
  const empty = table.key.find((name) => isRequired.has(name) && (filled.get(name) ?? 0) < rows);
  if (empty === undefined) return { ...head, outcome: 'passed', found: `${rows} keys` };
  return {
    ...head,
    outcome: 'refused',
    found: `${rows - (filled.get(empty) ?? 0)} rows without ${empty}`,
    sampleSql: sampleSql(engine, table, {
      column: empty,
      where: `${quote(engine, empty)} IS NULL`,
    }),
  };
}
