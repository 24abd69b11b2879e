import { bigquerySchema } from '../../tables/bigquery.ts';
import type { Manifest } from '../manifest.ts';
import type { Warehouse } from './client.ts';
import type { CheckResult } from '../checks/check.ts';
import { shortHash, stagingName } from './names.ts';
import { runPublication } from './publication.ts';
import { readReleases } from './releases.ts';
import { changeTable, ensureTable, layoutOf, runLabels } from './tables.ts';
import type { TableSwitch } from './script.ts';
import { releaseCheckRows, releaseRows, type PublicationRow } from '../warehouse/releases.ts';
import { sliceColumns } from '../warehouse/slices.ts';
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
    const facts = { definition: table, labels: runLabels(run, table), ...layoutOf(table) };
    await ensureTable(warehouse, address, facts);
  }
}

/**
 * Switches readers over: in a transaction, all tables and the rows of `releases` at once.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`
 */
export async function publishTables(
  warehouse: Warehouse,
  preparation: Preparation,
  { manifest, checks }: { manifest: Manifest; checks: readonly CheckResult[] },
): Promise<void> {
  const { loads, sequence } = preparation;
  const switches = loads.map(({ table }) => switchOf(warehouse, table, manifest.run));
  await runPublication(warehouse, switches, {
    doing: 'publishing',
    work: publicationHash(preparation, manifest),
    isDone: async () => isSame((await readReleases(warehouse)).at(-1), manifest),
    sequence,
    rows: publicationRows(warehouse, preparation, manifest),
    checks: releaseCheckRows(checks, { run: manifest.run, sequence }),
  });
}

/** The state before is part of it: to publish a run again after another one is other work. */
const publicationHash = ({ sequence }: Preparation, { tables }: Manifest): string =>
  shortHash(
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

/** Sets descriptions and labels where they differ. */
export async function describeTables(
  warehouse: Warehouse,
  loads: readonly TableLoad[],
  run: string,
): Promise<void> {
  for (const { table } of loads) {
    const own = runLabels(run, table);
    await changeTable(warehouse, table.name, ({ description, labels = {} }) => {
      const isSame =
        description === table.description &&
        Object.entries(own).every(([name, value]) => labels[name] === value);
      return isSame ? undefined : { description: table.description, labels: { ...labels, ...own } };
    });
  }
}
