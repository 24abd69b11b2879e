import { EtlError } from '../../errors.ts';
import { bigquerySchema } from '../../tables/bigquery.ts';
import { tableNamed } from '../../tables/index.ts';
import type { Table } from '../../tables/table.ts';
import type { Manifest, TableEntry } from '../manifest.ts';
import { checkSchemaVersion } from '../warehouse/schema-version.ts';
import type { Warehouse } from './client.ts';
import { fourAtOnce } from './calls.ts';
import { dayOf } from './names.ts';
import { readReleases, type Publication } from './releases.ts';
import { getTable, type TableResource } from './tables.ts';
import { fitSchema } from './schema.ts';

/** A table of the export, and what is in its place today. */
export interface TableLoad {
  table: Table;
  entry: TableEntry;
  /** Undefined when there is none yet. */
  production: TableResource | undefined;
  /** Name of the snapshot to take before it is touched; null when there is nothing to keep. */
  backup: string | null;
}

/** What is known and decided before the first change. */
export interface Preparation {
  loads: TableLoad[];
  releases: Publication[];
  /** Number of the publication to come. */
  sequence: number;
  /** The tables hold this very export already. */
  isPublished: boolean;
}

/**
 * Reads the warehouse and decides; changes nothing.
 *
 * @throws {EtlError} `CHECK_REFUSED` when a column of production would be lost, or is other than ours
 */
export async function prepareLoad(warehouse: Warehouse, manifest: Manifest): Promise<Preparation> {
  const releases = await readReleases(warehouse);
  checkSchemaVersion(manifest, releases);
  const loads = await fourAtOnce(tablesOf(manifest), ({ table, entry }) =>
    prepareTable(warehouse, { table, entry }, releases),
  );
  const latest = releases.at(-1);
  return {
    loads,
    releases,
    sequence: (latest?.sequence ?? 0) + 1,
    isPublished: isSame(latest, manifest),
  };
}

function tablesOf(manifest: Manifest): { table: Table; entry: TableEntry }[] {
  return Object.entries(manifest.tables).map(([name, entry]) => {
    const table = tableNamed(name);
    if (table !== undefined) return { table, entry };
    throw new EtlError('CHECK_REFUSED', `the manifest names a table that we do not know: ${name}`);
  });
}

async function prepareTable(
  warehouse: Warehouse,
  { table, entry }: { table: Table; entry: TableEntry },
  releases: readonly Publication[],
): Promise<TableLoad> {
  const production = await getTable(warehouse, {
    dataset: warehouse.dataset,
    table: table.name,
  });
  if (production === undefined) return { table, entry, production, backup: null };
  const { misfits } = fitSchema(bigquerySchema(table), production.schema?.fields ?? []);
  if (misfits.length > 0) {
    throw new EtlError(
      'CHECK_REFUSED',
      `${table.name} in ${warehouse.dataset} would lose or change columns: ${misfits.slice(0, 5).join('; ')}`,
      { context: { table: table.name, check: 'schema', columns: misfits.length } },
    );
  }
  const wasReleased = releases.some(({ tables }) => Object.hasOwn(tables, table.name));
  // Never released, but ours by its label: from a first load that was killed before its end.
  const isLeftover = production.labels?.['run'] !== undefined;
  const isWorthKeeping = wasReleased || (production.numRows !== '0' && !isLeftover);
  const backup = isWorthKeeping ? backupName(warehouse, table.name, releases) : null;
  return { table, entry, production, backup };
}

/**
 * A snapshot is named after the day of the release that it holds, as the original's were. So the name
 * does not depend on when, or how often, a load that was killed is begun again. A second release of a
 * day is `_2`.
 */
export function backupName(
  { clock }: Pick<Warehouse, 'clock'>,
  table: string,
  releases: readonly Publication[],
): string {
  const latest = releases.at(-1);
  if (latest === undefined) return `${table}_${dayOf(new Date(clock.nowMs()).toISOString())}`;
  const day = dayOf(latest.head.published_at);
  const ofDay = releases.filter(({ head }) => dayOf(head.published_at) === day).length;
  return ofDay === 1 ? `${table}_${day}` : `${table}_${day}_${ofDay}`;
}

/** Whether the newest release is this export. */
export const isSame = (latest: Publication | undefined, manifest: Manifest): boolean =>
  latest?.run === manifest.run &&
  Object.keys(latest.tables).length === Object.keys(manifest.tables).length &&
  Object.entries(manifest.tables).every(
    ([name, { sha256 }]) => latest.tables[name]?.sha256 === sha256,
  );
