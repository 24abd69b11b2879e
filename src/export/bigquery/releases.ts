import {
  publications,
  releaseChecks,
  releasesFrom,
  type PublicationRow,
  type Release,
} from '../warehouse/releases.ts';
import { retried } from './calls.ts';
import type { Warehouse } from './client.ts';
import { plainRow } from './jobs.ts';
import { alignTable } from './schema.ts';
import { ensureTable, getTable, tableAt } from './tables.ts';

export type Publication = Release<PublicationRow>;

/** Makes `releases` and `release_checks` where they are missing, and adds columns that are new. */
export async function ensureReleases(warehouse: Warehouse): Promise<void> {
  for (const definition of [publications, releaseChecks]) {
    const address = { dataset: warehouse.dataset, table: definition.name };
    await ensureTable(warehouse, address, { definition });
    await alignTable(warehouse, definition);
  }
}

/** All publications, the latest one last. None when nothing was ever published. */
export async function readReleases(warehouse: Warehouse): Promise<Publication[]> {
  const address = { dataset: warehouse.dataset, table: publications.name };
  if ((await getTable(warehouse, address)) === undefined) return [];
  // Free, as a query would not be.
  const read = () => tableAt(warehouse, address).getRows();
  const [rows] = await retried(warehouse, 'reading releases', read);
  // The columns are those that the table was made with.
  return releasesFrom(rows.map((row) => plainRow(row as object) as PublicationRow));
}
