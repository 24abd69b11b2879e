import { columnsOf } from '../../tables/columns.ts';
import type { Table } from '../../tables/table.ts';
import type { CheckEngine } from './check.ts';

/** A quoted identifier. Names come from our own tables and have no quotes in them. */
export const quote = ({ kind }: Pick<CheckEngine, 'kind'>, name: string): string =>
  kind === 'duckdb' ? `"${name}"` : `\`${name}\``;

/** Rows that a refusal shows. */
export const SAMPLE_ROWS = 5;

/** A query for rows at fault: what tells a row from others, and the column that is wrong. */
export function sampleSql(
  engine: CheckEngine,
  table: Table,
  { column, where }: { column: string; where: string },
): string {
  const names = new Set([...identityOf(table), column]);
  const list = [...names].map((name) => quote(engine, name)).join(', ');
  return `SELECT ${list} FROM ${engine.table(table.name)} AS t WHERE ${where} LIMIT ${SAMPLE_ROWS}`;
}

/** The key, or else the columns that come nearest to one. */
function identityOf(table: Table): readonly string[] {
  if (table.key.length > 0) return table.key;
  const names = columnsOf(table).map(({ name }) => name);
  const ids = names.filter((name) => name === 'id' || name === '_id');
  return ids.length > 0 ? ids : names.slice(0, 2);
}

/** `12.3 %`. */
export const percentOf = (share: number): string => `${(100 * share).toFixed(1)} %`;
