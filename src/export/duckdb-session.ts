export { countOf, readJsonSql, withDuckdb } from './duckdb/session.ts';
export { plainRows, type PlainRow, type PlainValue } from './duckdb/values.ts';
