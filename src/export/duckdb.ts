export { buildDuckdb, type DuckdbOptions, type DuckdbRelease } from './duckdb/build.ts';
export { planDuckdb, type DuckdbPlan } from './duckdb/plan.ts';
export { queryDuckdb } from './duckdb/query.ts';
