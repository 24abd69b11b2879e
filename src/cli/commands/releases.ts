import { EtlError } from '../../errors.ts';
import { bigqueryPlace, warehousePath } from '../../pipeline/places.ts';
import type { Io } from '../io.ts';
import { withStorage } from '../resources.ts';
import { withSession, type Flags, type Session } from '../session.ts';
import { table } from '../table.ts';

/**
 * `releases`: what a warehouse holds and what a rollback can bring back.
 *
 * @throws {EtlError} CONFIG_INVALID, EXPORT_MISSING, LOAD_FAILED, AUTH_GOOGLE
 */
export const releasesCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, async (session) => {
    const warehouse = warehouseOf(flags, session);
    const { where, releases } = await LISTS[warehouse](session);
    session.answer({ warehouse, where, releases }, `${warehouse}: ${where}\n\n${table(releases)}`);
    return 0;
  });

/**
 * `rollback RUN`: the tables as that release left them.
 *
 * @throws {EtlError} CONFIG_INVALID, CHECK_REFUSED, EXPORT_MISSING, LOAD_FAILED, AUTH_GOOGLE
 */
export const rollbackCommand = (io: Io, flags: Flags, [run = '']: string[]): Promise<number> =>
  withSession(io, flags, async (session) => {
    const warehouse = warehouseOf(flags, session);
    const { json, text } = await ROLLBACKS[warehouse](session, run);
    session.answer({ warehouse, ...json }, `${warehouse}: ${text}`);
    return 0;
  });

type Warehouse = 'duckdb' | 'bigquery';

/** The one that `--to` names; else BigQuery where a project is given, else the DuckDB file. */
function warehouseOf({ to }: Flags, { config }: Session): Warehouse {
  if (to === undefined) return config.bigqueryProject === undefined ? 'duckdb' : 'bigquery';
  const [target, ...others] = config.to;
  if ((target === 'duckdb' || target === 'bigquery') && others.length === 0) return target;
  throw new EtlError('CONFIG_INVALID', '--to: this command knows duckdb or bigquery, one of them');
}

type List = (session: Session) => Promise<{ where: string; releases: object[] }>;

const LISTS: Record<Warehouse, List> = {
  duckdb: async ({ config }) => {
    const { listDuckdbReleases } = await import('../../export/duckdb/rollback.ts');
    const where = warehousePath(config);
    return { where, releases: await listDuckdbReleases(where) };
  },
  bigquery: async ({ config, log, signal }) => {
    const { listBigqueryReleases } = await import('../../export/bigquery/rollback.ts');
    const place = bigqueryPlace(config);
    const releases = await listBigqueryReleases({ log }, { ...place, signal });
    return { where: `${place.project}.${config.bigqueryDataset}`, releases };
  },
};

type Rollback = (session: Session, run: string) => Promise<{ json: object; text: string }>;

const ROLLBACKS: Record<Warehouse, Rollback> = {
  duckdb: async (session, run) => {
    const { listDuckdbReleases, rollbackDuckdb } = await import('../../export/duckdb/rollback.ts');
    const path = warehousePath(session.config);
    // Before the folder is locked, which would make it.
    await listDuckdbReleases(path);
    const done = await withStorage(session, 'rollback', () => rollbackDuckdb(path, run));
    const { replaced } = done;
    const kept = replaced === null ? '' : `run ${replaced.run} is kept as ${replaced.file}\n`;
    return { json: done, text: `${done.outcome}: ${run} is in ${path}\n${kept}` };
  },
  bigquery: async ({ config, log, signal }, run) => {
    const { rollbackBigquery } = await import('../../export/bigquery/rollback.ts');
    const done = await rollbackBigquery({ log }, run, { ...bigqueryPlace(config), signal });
    const rows = Object.entries(done.tables).map(([name, from]) => ({ table: name, from }));
    return { json: done, text: `${done.outcome}: ${done.run}\n\n${table(rows)}` };
  },
};
