import { EtlError } from '../../errors.ts';
import type { CheckResult } from '../checks/check.ts';
import { sentenceOf } from '../checks/run-checks.ts';
import { verifyFiles } from '../manifest.ts';
import { checkBucket } from './bucket.ts';
import { checkRelease } from './check-release.ts';
import { openWarehouse, type Warehouse } from './client.ts';
import { takeSnapshot } from './snapshot.ts';
import { fourAtOnce } from './calls.ts';
import type { BigqueryDependencies, BigqueryInput, BigqueryOptions } from './client.ts';
import { planOf, type BigqueryPlan } from './plan.ts';
import { createMissing, describeTables, publishTables } from './publish.ts';
import { overtaken } from './publication.ts';
import { ensureReleases, readReleases } from './releases.ts';
import { alignTable } from './schema.ts';
import { ensureDataset } from './tables.ts';
import { ensureLineage } from './views.ts';
import { DAY_MS, dropStaging, STAGING_DAYS, stageTable, stagingNames } from './stage.ts';
import { prepareLoad, type Preparation } from './prepare.ts';

export interface BigqueryLoad {
  run: string;
  /** `project.dataset` that readers use. */
  dataset: string;
  /** `dry-run`: nothing was changed; `already`: the tables held this export before. */
  outcome: 'published' | 'already' | 'dry-run';
  /** Number of the publication in `releases`. */
  sequence: number;
  /** Rows of this run a table; history that was there before is not counted. */
  tables: Record<string, number>;
  /** The snapshots of the release before, a table; null for a table that was new. */
  backups: Record<string, string | null>;
  warnings: string[];
  /** What the checks found; none for a dry run, and for an export that was there already. */
  checks: CheckResult[];
  plan: BigqueryPlan;
}

/**
 * Publishes a finished export in BigQuery: verify → stage → check → back up → align → publish → describe
 * → drop staging. All tables switch in one transaction, or none. Each step finds out what is done already, so
 * after a kill at any point the same call goes on; when all is done, it only reads, but for what a killed
 * load has left behind.
 *
 * Tables of sources that the run left out are not touched. Of two loads of one dataset at the same time
 * the later one fails, and nothing of it is published.
 *
 * @throws {EtlError} `CHECK_REFUSED` when files, rows or schema are not as they should be, or a check
 * refuses the release; `LOAD_FAILED` when BigQuery fails, or another load came first; `AUTH_GOOGLE`; `CONFIG_INVALID`. The
 * release before is untouched in every case.
 * @see docs/warehouses.md
 */
export async function loadBigquery(
  dependencies: BigqueryDependencies,
  input: BigqueryInput,
  options: BigqueryOptions,
): Promise<BigqueryLoad> {
  const warehouse = await openWarehouse(dependencies, options);
  const { manifest } = input;
  const { bucket } = warehouse;
  await verifyFiles(manifest, input.exportDir);
  if (bucket !== undefined) await checkBucket(warehouse, bucket, manifest.run);
  // Whoever has staged these is overtaken once this load has published, or was killed.
  const staged = await stagingNames(warehouse);
  const preparation = await prepareLoad(warehouse, manifest);
  const plan = planOf(warehouse, preparation, manifest);
  const outcome = preparation.isPublished ? 'already' : 'published';
  let checks: CheckResult[] = [];
  if (options.dryRun !== true) {
    if (!preparation.isPublished) {
      checks = await publish(warehouse, preparation, { input, options }).catch(
        async (error: unknown) => {
          throw await causeOf(error, warehouse, preparation.sequence);
        },
      );
    }
    await describeTables(warehouse, preparation.loads, manifest.run);
    await ensureLineage(warehouse, preparation.loads);
    await dropStaging(warehouse, manifest.run, preparation.isPublished ? [] : staged);
  }
  return {
    run: manifest.run,
    dataset: `${warehouse.project}.${warehouse.dataset}`,
    outcome: options.dryRun === true ? 'dry-run' : outcome,
    sequence: preparation.isPublished ? preparation.sequence - 1 : preparation.sequence,
    tables: Object.fromEntries(
      preparation.loads.map(({ table, entry }) => [table.name, entry.rows]),
    ),
    backups: backupsOf(preparation),
    warnings: checks.filter((it) => it.outcome === 'warned').map(sentenceOf),
    checks,
    plan,
  };
}

/** A load that is overtaken may fail anywhere: its staging goes with the release of the other. */
async function causeOf(error: unknown, warehouse: Warehouse, sequence: number): Promise<unknown> {
  if (!(error instanceof EtlError) || error.code !== 'LOAD_FAILED') return error;
  const newest = (await readReleases(warehouse)).at(-1)?.sequence ?? 0;
  return newest < sequence ? error : overtaken(sequence, error);
}

async function publish(
  warehouse: Warehouse,
  preparation: Preparation,
  { input, options }: { input: BigqueryInput; options: BigqueryOptions },
): Promise<CheckResult[]> {
  const { manifest } = input;
  await ensureDatasets(warehouse);
  await ensureReleases(warehouse);
  await fourAtOnce(preparation.loads, (load) => stageTable(warehouse, load, input));
  const checks = await checkRelease(warehouse, preparation, {
    manifest,
    options: options.checks ?? {},
    onChecks: options.onChecks,
  });
  await createMissing(warehouse, preparation.loads, manifest.run);
  await fourAtOnce(preparation.loads, async ({ table: { name }, backup }) => {
    if (backup === null) return;
    await takeSnapshot(warehouse, { table: name, backup, run: manifest.run });
  });
  for (const { table } of preparation.loads) await alignTable(warehouse, table);
  await publishTables(warehouse, preparation, { manifest, checks });
  warehouse.log.info({ run: manifest.run, sequence: preparation.sequence }, 'release published');
  return checks;
}

async function ensureDatasets(warehouse: Warehouse): Promise<void> {
  await ensureDataset(warehouse, warehouse.dataset, {
    description: 'Models and leaderboards of the Hugging Face Hub; see the table releases.',
  });
  await ensureDataset(warehouse, warehouse.staging, {
    description: 'Tables on their way in. Everything here goes away by itself.',
    defaultTableExpirationMs: String(STAGING_DAYS * DAY_MS),
  });
  await ensureDataset(warehouse, warehouse.backups, {
    description: 'Snapshots of releases before, named after the day of the release they hold.',
  });
}

/** Of a release that was there already, those that its publication took. */
function backupsOf({ loads, isPublished, releases }: Preparation): Record<string, string | null> {
  const latest = releases.at(-1);
  return Object.fromEntries(
    loads.map(({ table: { name }, backup }) => [
      name,
      isPublished ? (latest?.tables[name]?.backup ?? null) : backup,
    ]),
  );
}
