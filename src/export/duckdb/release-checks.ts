import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal } from '../../tables/duckdb.ts';
import type { CheckResult } from '../checks/check.ts';
import { columnNames, countOf, nameOf, PREVIOUS } from './session.ts';

/** Name, type and meaning of the columns of `release_checks`; the same as in BigQuery. */
export const RELEASE_CHECK_COLUMNS: readonly (readonly [string, string, string])[] = [
  ['sequence', 'BIGINT', 'The publication, as in releases.'],
  ['run', 'VARCHAR', 'Id of the run that was checked.'],
  ['check', 'VARCHAR', 'Name of the check, as in docs/warehouses.md.'],
  ['table', 'VARCHAR', 'Table that it speaks of.'],
  ['severity', 'VARCHAR', 'warn or refuse: the worst that the check can say of the table.'],
  ['outcome', 'VARCHAR', 'passed, warned, or skipped where nothing was to compare with.'],
  ['found', 'VARCHAR', 'What was found.'],
  ['expected', 'VARCHAR', 'What was expected.'],
];

export const RELEASE_CHECKS_DESCRIPTION =
  'One row is what a check said of a table before a release was published. What a check refuses is never published, so no refusal is here.';

const NAME = 'release_checks';

/** What the checks said of this release and of those before; `releases` must have been built. */
export async function buildReleaseChecks(
  connection: DuckDBConnection,
  checks: readonly CheckResult[],
  { run, hasPrevious }: { run: string; hasPrevious: boolean },
): Promise<number> {
  const name = nameOf(NAME);
  const columns = RELEASE_CHECK_COLUMNS.map(
    ([column, type]) => `${identifier(column)} ${type} NOT NULL`,
  );
  await connection.run(`CREATE TABLE ${name} (${columns.join(', ')})`);
  await connection.run(`COMMENT ON TABLE ${name} IS ${literal(RELEASE_CHECKS_DESCRIPTION)}`);
  for (const [column, , meaning] of RELEASE_CHECK_COLUMNS) {
    await connection.run(`COMMENT ON COLUMN ${name}.${identifier(column)} IS ${literal(meaning)}`);
  }
  // Files of the first versions do not have it.
  if (hasPrevious && (await columnNames(connection, PREVIOUS, NAME)).size > 0) {
    await connection.run(
      `INSERT INTO ${name} BY NAME SELECT * FROM ${PREVIOUS}.${name} WHERE run <> ${literal(run)}`,
    );
  }
  const sequence = `(SELECT max(sequence) FROM ${nameOf('releases')})`;
  const rows = checks.map(({ check, table, severity, outcome, found, expected }) => {
    const texts = [run, check, table, severity, outcome, found, expected].map(literal).join(', ');
    return `(${sequence}, ${texts})`;
  });
  if (rows.length > 0) await connection.run(`INSERT INTO ${name} VALUES ${rows.join(', ')}`);
  return countOf(connection, `SELECT count(*) FROM ${name}`);
}
