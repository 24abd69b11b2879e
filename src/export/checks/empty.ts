import type { Check, CheckResult, Scene } from './check.ts';

/** With models there is at least a row a model in these. */
const NEVER_EMPTY = new Set(['raw_model', 'core_model', 'usage', 'parameters']);
/** Nothing to tell is good news, or none. */
const MAY_BE_EMPTY = new Set(['missed', 'aliases', 'repairs', 'runs', 'eval_results']);

/** A table whose source was fetched, and that has nothing. */
export const empty: Check = {
  name: 'empty',
  run: (scene) =>
    Promise.resolve(
      scene.tables
        .filter(({ name }) => !MAY_BE_EMPTY.has(name))
        .map(({ name }) => judge(scene, name)),
    ),
};

function judge({ context }: Scene, table: string): CheckResult {
  const rows = context.manifest.tables[table]?.rows ?? 0;
  const isSerious = NEVER_EMPTY.has(table);
  const severity = isSerious ? 'refuse' : 'warn';
  const wrong = isSerious ? 'refused' : 'warned';
  return {
    check: empty.name,
    table,
    severity,
    outcome: rows === 0 ? wrong : 'passed',
    found: rows === 0 ? 'no row' : `${rows} rows`,
    expected: 'at least one row',
  };
}
