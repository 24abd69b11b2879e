import { EtlError } from '../../errors.ts';
import { SCHEMA_VERSION } from '../../tables/index.ts';
import type { Manifest } from '../manifest.ts';
import type { ReleaseRow } from './releases.ts';

/**
 * Whether an export fits a warehouse. One of an older schema gets the columns that it lacks; what would
 * lose columns is for the check `schema`.
 *
 * @throws {EtlError} `SCHEMA_VERSION` for an export of another version of the tables, and for a warehouse
 * of a later one
 */
export function checkSchemaVersion(
  { schemaVersion, run }: Manifest,
  releases: readonly { head: Pick<ReleaseRow, 'schema_version'> }[],
): void {
  const known = `this program writes ${SCHEMA_VERSION}`;
  if (schemaVersion !== SCHEMA_VERSION) {
    const message = `the export of run ${run} has tables of schema ${schemaVersion}, ${known}`;
    throw new EtlError('SCHEMA_VERSION', message, { context: { run, schemaVersion } });
  }
  const latest = Math.max(...releases.map(({ head }) => Number(head.schema_version)));
  if (latest <= SCHEMA_VERSION) return;
  const message = `the warehouse has tables of schema ${latest}, ${known}`;
  throw new EtlError('SCHEMA_VERSION', message, { context: { latest } });
}
