import { bigquerySchema } from '../../tables/bigquery.ts';
import type { Manifest } from '../manifest.ts';
import type { Warehouse } from './client.ts';
import type { CheckResult } from '../checks/check.ts';
import { copyTable } from './copies.ts';
import { fourAtOnce } from './calls.ts';
import { jobBase, schemaVersion, shortHash, stagingName } from './names.ts';
import { refuseWhenOvertaken, runPublication } from './publication.ts';
import { readReleases } from './releases.ts';
import { changeTable, ensureTable, layoutOf, runLabels } from './tables.ts';
import { fitSchema } from './schema.ts';
import type { TableSwitch } from './script.ts';
import { releaseCheckRows, releaseRows, type PublicationRow } from '../warehouse/releases.ts';
import { sliceColumns } from '../warehouse/slices.ts';
import { DAY_MS, STAGING_DAYS } from './stage.ts';
import { isSame, type TableLoad, type Preparation } from './prepare.ts';

/** Creates the production tables that are missing, laid out for good. */
export async function createMissing(
  warehouse: Warehouse,
  loads: readonly TableLoad[],
  run: string,
): Promise<void> {
  for (const { table, production } of loads) {
    if (production !== undefined) continue;
    const address = { dataset: warehouse.dataset, table: table.name };
    const labels = runLabels(run, schemaVersion(table));
    await ensureTable(warehouse, address, { definition: table, labels, ...layoutOf(table) });
  }
}

/** Adds to production what our schema has more. Readers see new columns, empty. */
export async function alignSchemas(warehouse: Warehouse, preparation: Preparation): Promise<void> {
  for (const load of preparation.loads) {
    if (!bySql(preparation, load)) continue;
    await changeTable(warehouse, load.table.name, ({ schema }) => {
      const { aligned } = fitSchema(bigquerySchema(load.table), schema?.fields ?? []);
      return aligned === undefined ? undefined : { schema: { fields: aligned } };
    });
  }
}

/** Whether the table goes through the transaction; in `copy` mode only history does. */
const bySql = ({ mode }: Preparation, { table }: TableLoad): boolean =>
  mode === 'transaction' || sliceColumns(table).length > 0;

/**
 * Switches readers over. In a transaction, all tables and the rows of `releases` at once. By copies, a
 * table at a time, and then the history and `releases` in a transaction; when a copy fails, what was
 * switched is put back from the snapshots.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function publishTables(
  warehouse: Warehouse,
  preparation: Preparation,
  { manifest, checks }: { manifest: Manifest; checks: readonly CheckResult[] },
): Promise<void> {
  const content = publicationHash(preparation, manifest);
  const copied = preparation.loads.filter((it) => !bySql(preparation, it));
  // No copy can be told to look first; this leaves seconds in which another one may come between.
  if (copied.length > 0) await refuseWhenOvertaken(warehouse, preparation.sequence);
  await copyAll(warehouse, copied, { run: manifest.run, content });
  const switches = preparation.loads
    .filter((it) => bySql(preparation, it))
    .map(({ table }) => switchOf(warehouse, table, manifest.run));
  const { sequence } = preparation;
  await runPublication(warehouse, switches, {
    doing: 'publishing',
    work: content,
    isDone: async () => isSame((await readReleases(warehouse)).at(-1), manifest),
    sequence,
    rows: publicationRows(warehouse, preparation, manifest),
    checks: releaseCheckRows(checks, { run: manifest.run, sequence }),
  });
}

/** The state before is part of it: to publish a run again after another one is other work. */
const publicationHash = ({ sequence, mode }: Preparation, { tables }: Manifest): string =>
  shortHash(
    mode,
    String(sequence),
    ...Object.entries(tables).map(([name, { sha256 }]) => `${name} ${sha256}`),
  );

const switchOf = (
  { project, dataset, staging }: Warehouse,
  table: TableLoad['table'],
  run: string,
): TableSwitch => ({
  target: `${project}.${dataset}.${table.name}`,
  source: `${project}.${staging}.${stagingName(table.name, run)}`,
  columns: bigquerySchema(table).map(({ name }) => name),
  slice: sliceColumns(table),
});

function publicationRows(
  { clock }: Warehouse,
  { loads, sequence }: Preparation,
  manifest: Manifest,
): PublicationRow[] {
  const backups = new Map(loads.map(({ table, backup }) => [table.name, backup]));
  return releaseRows(manifest, sequence).map((row) => ({
    ...row,
    action: 'publish',
    published_at: new Date(clock.nowMs()).toISOString(),
    backup: backups.get(row.table) ?? null,
  }));
}

async function copyAll(
  warehouse: Warehouse,
  loads: readonly TableLoad[],
  { run, content }: { run: string; content: string },
): Promise<void> {
  const { dataset, staging, backups } = warehouse;
  const switched: TableLoad[] = [];
  try {
    await fourAtOnce(loads, async (load) => {
      const { name } = load.table;
      switched.push(load);
      await copyTable(
        warehouse,
        {
          doing: `copying ${name}`,
          base: jobBase(run, `copy_${name}`, content),
          from: { dataset: staging, table: stagingName(name, run) },
          to: { dataset, table: name },
        },
        'COPY',
      );
    });
  } catch (error) {
    // Interrupted: the same command goes on from here.
    warehouse.signal?.throwIfAborted();
    await fourAtOnce(switched, async ({ table: { name }, backup }) => {
      if (backup === null) return;
      warehouse.log.warn({ table: name, backup }, 'a copy failed: putting back the release before');
      await copyTable(
        warehouse,
        {
          doing: `putting back ${name}`,
          base: jobBase(run, `restore_${name}`, content),
          from: { dataset: backups, table: backup },
          to: { dataset, table: name },
        },
        'RESTORE',
      );
    });
    throw error;
  }
}

/** Sets descriptions and labels where they differ: a copy takes the source's along. */
export async function describeTables(
  warehouse: Warehouse,
  loads: readonly TableLoad[],
  run: string,
): Promise<void> {
  const soonMs = warehouse.clock.nowMs() + (STAGING_DAYS + 1) * DAY_MS;
  for (const { table, production } of loads) {
    const own = runLabels(run, schemaVersion(table));
    await changeTable(warehouse, table.name, ({ description, labels = {}, expirationTime }) => {
      const isStaging = expirationTime !== undefined && Number(expirationTime) < soonMs;
      const isInherited = isStaging && production?.expirationTime !== expirationTime;
      const isSame =
        !isInherited &&
        description === table.description &&
        Object.entries(own).every(([name, value]) => labels[name] === value);
      if (isSame) return undefined;
      // The staging table's own label; a patch removes what is set to null.
      const stale = labels['content'] === undefined ? {} : { content: null };
      return {
        description: table.description,
        labels: { ...labels, ...own, ...stale },
        ...(isInherited ? { expirationTime: null } : {}),
      };
    });
  }
}
