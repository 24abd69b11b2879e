import { EtlError } from '../../errors.ts';
import { openWarehouse, type Warehouse } from './client.ts';
import { takeSnapshot } from './snapshot.ts';
import { fourAtOnce } from './calls.ts';
import { shortHash } from './names.ts';
import type { BigqueryDependencies, BigqueryPlace } from './client.ts';
import { runPublication } from './publication.ts';
import { readReleases, type Publication } from './releases.ts';
import { bigqueryShape } from './schema.ts';
import { getTable, type TableResource } from './tables.ts';
import type { PublicationRow } from '../warehouse/releases.ts';
import type { TableSwitch } from './script.ts';
import { backupName } from './prepare.ts';

export interface BigqueryRollback {
  run: string;
  outcome: 'rolled back' | 'already';
  /** Number of the rollback in `releases`. */
  sequence: number;
  /** The snapshot that each table was brought back from; null: it did not exist then and is empty. */
  tables: Record<string, string | null>;
}

/** A publication as `releases` tells it. Times are ISO 8601, UTC. */
export interface BigqueryReleaseEntry {
  /** Counts publications; the highest one is what the tables hold. */
  sequence: number;
  action: 'publish' | 'rollback';
  run: string;
  publishedAt: string;
  startedAt: string;
  finishedAt: string;
  version: string;
  /** The tables that it replaced, or brought a part of; with the snapshot of each as it was before. */
  tables: Record<string, { rows: number; sha256: string; backup: string | null }>;
}

/**
 * The publications of a dataset, the first one first; the last one is what the tables hold.
 *
 * @throws {EtlError} `LOAD_FAILED`, `AUTH_GOOGLE`, `CONFIG_INVALID`
 */
export async function listBigqueryReleases(
  dependencies: BigqueryDependencies,
  place: BigqueryPlace,
): Promise<BigqueryReleaseEntry[]> {
  const releases = await readReleases(await openWarehouse(dependencies, place));
  return releases.map(({ sequence, run, head, tables }) => ({
    sequence,
    action: head.action,
    run,
    publishedAt: head.published_at,
    startedAt: head.started_at,
    finishedAt: head.finished_at,
    version: head.version,
    tables: Object.fromEntries(
      Object.entries(tables).map(([name, { rows, sha256, backup }]) => [
        name,
        { rows, sha256, backup },
      ]),
    ),
  }));
}

interface Return {
  table: string;
  /** Snapshot to bring back; null: the table did not exist then. */
  from: string | null;
  /** What the table held then. */
  rows: number;
  sha256: string;
  snapshot: TableResource | undefined;
  /** Keeps what is rolled back, so that it can be brought forward again. */
  backup: string;
}

/**
 * Brings back the tables as they were under a release, from the snapshots that were taken before each
 * later one, in one transaction. What is rolled back is kept as a snapshot too.
 *
 * @param release the run of the release
 * @throws {EtlError} `CONFIG_INVALID` for a release that is not in `releases`; `CHECK_REFUSED` when a
 * snapshot has expired, or its columns no longer fit; `LOAD_FAILED`, `AUTH_GOOGLE`. Nothing is changed in these cases.
 */
export async function rollbackBigquery(
  dependencies: BigqueryDependencies,
  release: string,
  options: BigqueryPlace,
): Promise<BigqueryRollback> {
  const warehouse = await openWarehouse(dependencies, options);
  const releases = await readReleases(warehouse);
  const target = releases.findLast(({ run }) => run === release);
  const latest = releases.at(-1);
  if (target === undefined || latest === undefined) {
    const known = [...new Set(releases.map(({ run }) => run))].slice(-5).join(', ');
    throw new EtlError('CONFIG_INVALID', `no release ${release} in ${warehouse.dataset}: ${known}`);
  }
  if (target === latest || latest.run === release) {
    return { run: release, outcome: 'already', sequence: latest.sequence, tables: {} };
  }
  const returns = await findReturns(warehouse, releases, target);
  const content = shortHash(release, String(latest.sequence));
  await fourAtOnce(returns, ({ table, backup }) =>
    takeSnapshot(warehouse, { table, backup, run: release }),
  );
  await bringBack(warehouse, returns, { target, content, sequence: latest.sequence + 1 });
  return {
    run: release,
    outcome: 'rolled back',
    sequence: latest.sequence + 1,
    tables: Object.fromEntries(returns.map(({ table, from }) => [table, from])),
  };
}

/** For each table, the snapshot taken by the first publication after the target that touched it. */
async function findReturns(
  warehouse: Warehouse,
  releases: readonly Publication[],
  target: Publication,
): Promise<Return[]> {
  const later = releases.filter(({ sequence }) => sequence > target.sequence);
  const first = new Map<string, string | null>();
  for (const { tables } of later) {
    for (const [table, { backup }] of Object.entries(tables)) {
      if (!first.has(table)) first.set(table, backup);
    }
  }
  return fourAtOnce([...first], async ([table, from]) => {
    const snapshot =
      from === null
        ? undefined
        : await getTable(warehouse, { dataset: warehouse.backups, table: from });
    const production = await getTable(warehouse, { dataset: warehouse.dataset, table });
    if ((from !== null && snapshot === undefined) || production === undefined) {
      const missing = production === undefined ? `table ${table}` : `snapshot ${String(from)}`;
      throw new EtlError(
        'CHECK_REFUSED',
        `${missing} is no longer there: nothing was rolled back`,
        {
          context: { table, snapshot: from },
        },
      );
    }
    if (snapshot !== undefined && !fits(snapshot, production)) {
      const { dataset, backups } = warehouse;
      throw new EtlError(
        'CHECK_REFUSED',
        `${table} has other columns than ${String(from)}: nothing was rolled back; by hand, \`bq cp --restore --force ${backups}.${String(from)} ${dataset}.${table}\``,
        { context: { table, snapshot: from } },
      );
    }
    const before = releases.findLast(
      ({ sequence, tables }) => sequence <= target.sequence && Object.hasOwn(tables, table),
    )?.tables[table];
    const { rows = 0, sha256 = '' } = before ?? {};
    const backup = backupName(warehouse, table, releases);
    return { table, from, rows, sha256, snapshot, backup };
  });
}

async function bringBack(
  warehouse: Warehouse,
  returns: readonly Return[],
  facts: { target: Publication; content: string; sequence: number },
): Promise<void> {
  const { target, content } = facts;
  const switches = returns.map((it) => switchBack(warehouse, it));
  await runPublication(warehouse, switches, {
    doing: `rolling back to ${target.run}`,
    work: content,
    isDone: async () => {
      const newest = (await readReleases(warehouse)).at(-1);
      return newest?.head.action === 'rollback' && newest.run === target.run;
    },
    sequence: facts.sequence,
    rows: rowsOf(warehouse, returns, facts),
    checks: [],
  });
}

const switchBack = (
  { project, dataset, backups }: Warehouse,
  { table, from, snapshot }: Return,
): TableSwitch => ({
  target: `${project}.${dataset}.${table}`,
  source: from === null ? null : `${project}.${backups}.${from}`,
  columns: (snapshot?.schema?.fields ?? []).map(({ name }) => name),
  slice: [],
});

function rowsOf(
  { clock }: Warehouse,
  returns: readonly Return[],
  { target, sequence }: { target: Publication; sequence: number },
): PublicationRow[] {
  const published_at = new Date(clock.nowMs()).toISOString();
  return returns.map(({ table, rows, sha256, backup }) => ({
    ...target.head,
    ...{ sequence, action: 'rollback', published_at, table, rows, sha256, backup },
  }));
}

/** Whether the snapshot's rows can be inserted: every column is there, records are the same inside. */
function fits(snapshot: TableResource, production: TableResource): boolean {
  const shapesOf = ({ schema }: TableResource): string[] =>
    (schema?.fields ?? []).map((field) => JSON.stringify(bigqueryShape(field)));
  const now = new Set(shapesOf(production));
  return shapesOf(snapshot).every((shape) => now.has(shape));
}
