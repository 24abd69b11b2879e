import type { CheckEngine, CheckOptions, CheckResult } from '../checks/check.ts';
import { refusalOf, runChecks } from '../checks/run-checks.ts';
import type { Manifest } from '../manifest.ts';
import type { Warehouse } from './client.ts';
import { stagingName } from './names.ts';
import type { Preparation } from './prepare.ts';
import { queryRows } from './jobs.ts';
import { bigqueryShape } from './schema.ts';
import { getTable, type TableResource } from './tables.ts';

/** What references point at; looked up also when the run did not bring it. */
const MODELS = 'raw_model';

interface CheckInput {
  manifest: Manifest;
  options: CheckOptions;
  /** Told before a refusal is thrown. */
  onChecks: ((results: readonly CheckResult[]) => void) | undefined;
}

/**
 * Runs the checks over the staged tables, with production as the release before. Staging stays where it
 * is when they refuse, so that the sample queries can be asked; it goes away by itself.
 *
 * @throws {EtlError} `CHECK_REFUSED`; `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function checkRelease(
  warehouse: Warehouse,
  preparation: Preparation,
  { manifest, options, onChecks }: CheckInput,
): Promise<CheckResult[]> {
  const engine = await engineOf(warehouse, preparation, manifest.run);
  const results = await runChecks(engine, {
    manifest,
    releases: preparation.releases,
    now: new Date(warehouse.clock.nowMs()).toISOString(),
    options,
  });
  onChecks?.(results);
  const refusal = refusalOf(results);
  if (refusal !== undefined) throw refusal;
  return results;
}

async function engineOf(
  warehouse: Warehouse,
  { loads }: Preparation,
  run: string,
): Promise<CheckEngine> {
  const { project, dataset, staging } = warehouse;
  const production = new Map<string, TableResource | undefined>(
    loads.map(({ table, production: found }) => [table.name, found]),
  );
  if (!production.has(MODELS)) {
    production.set(MODELS, await getTable(warehouse, { dataset, table: MODELS }));
  }
  return {
    kind: 'bigquery',
    rows: (sql) => queryRows(warehouse, sql),
    table: (name) => `\`${project}.${staging}.${stagingName(name, run)}\``,
    before: (name) =>
      production.get(name) === undefined ? null : `\`${project}.${dataset}.${name}\``,
    columnsBefore: (name) =>
      Promise.resolve((production.get(name)?.schema?.fields ?? []).map(bigqueryShape)),
  };
}
