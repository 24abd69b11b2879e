import type { Table } from '../../tables/table.ts';
import type { Check, CheckResult, PastRelease, Scene } from './check.ts';
import { percentOf } from './sql.ts';

/** Other tables than those of whole models swing by themselves while they are small. */
const FEW_ROWS = 100;
const WHOLE = new Set(['raw_model', 'core_model', 'usage']);

/**
 * A release whose models are far fewer than those of the release before: a sample (`--limit`,
 * `--author`), or a Hub that answered with half of itself, must not replace the whole. The tables of
 * the vocabulary and of benchmarks are only warned of; boards have a check of their own.
 */
export const rowDrop: Check = {
  name: 'row-drop',
  run: (scene) =>
    Promise.resolve(
      scene.tables
        .filter(({ origin }) => origin === 'model' || origin === 'tags' || origin === 'benchmark')
        .map((table) => judge(scene, table)),
    ),
};

function judge({ context, options: { minRows } }: Scene, { name, origin }: Table): CheckResult {
  const now = context.manifest.tables[name]?.rows ?? 0;
  const before = rowsBefore(context.releases, name);
  const isSerious = origin === 'model' && (WHOLE.has(name) || before >= FEW_ROWS);
  const severity = isSerious ? 'refuse' : 'warn';
  const head = { check: rowDrop.name, table: name, severity } as const;
  if (before === 0) {
    return { ...head, outcome: 'skipped', found: `${now} rows`, expected: 'no release before' };
  }
  const found = `${now} rows, ${percentOf(now / before)} of the ${before} of the release before`;
  const expected = `at least ${percentOf(minRows)} (--min-rows)`;
  if (now >= before * minRows) return { ...head, outcome: 'passed', found, expected };
  return { ...head, outcome: isSerious ? 'refused' : 'warned', found, expected };
}

/** Rows of the latest release that brought the table; 0 when none did. */
const rowsBefore = (releases: readonly PastRelease[], table: string): number =>
  releases.findLast(({ tables }) => Object.hasOwn(tables, table))?.tables[table]?.rows ?? 0;
