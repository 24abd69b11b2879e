import type { Table } from '../../tables/table.ts';
import type { Check, CheckResult, Scene } from './check.ts';
import { percentOf } from './sql.ts';

const LOWEST = 0.9;
const HIGHEST = 1.5;

/** A slow shrinking, or a sudden growth, that the release before alone does not show. */
export const rowMean: Check = {
  name: 'row-mean',
  run: (scene) =>
    Promise.resolve(
      scene.tables.filter(({ origin }) => origin === 'model').map((table) => judge(scene, table)),
    ),
};

function judge({ context, options }: Scene, { name }: Table): CheckResult {
  const now = context.manifest.tables[name]?.rows ?? 0;
  const counts = context.releases
    .flatMap(({ tables }) => tables[name]?.rows ?? [])
    .slice(-options.meanOf);
  const head = { check: rowMean.name, table: name, severity: 'warn' } as const;
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  // One release is what row-drop compares with.
  if (counts.length < 2 || mean === 0) {
    return { ...head, outcome: 'skipped', found: `${now} rows`, expected: 'two releases before' };
  }
  const found = `${now} rows, ${percentOf(now / mean)} of the mean of the last ${counts.length} releases`;
  const expected = `${percentOf(LOWEST)} to ${percentOf(HIGHEST)}`;
  const isUsual = now >= mean * LOWEST && now <= mean * HIGHEST;
  return { ...head, outcome: isUsual ? 'passed' : 'warned', found, expected };
}
