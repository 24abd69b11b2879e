import type { DuckDBConnection } from '@duckdb/node-api';
import { constants, copyFile } from 'node:fs/promises';
import { EtlError } from '../../errors.ts';
import { syncFile } from '../../storage/files.ts';
import { BACKFILL_KINDS } from '../../tables/backfill.ts';
import { identifier, literal } from '../../tables/duckdb.ts';
import * as files from './files.ts';
import { asLoadError, countOf, nameOf, withDuckdb } from './session.ts';
import { textOf } from './values.ts';

export type BackfillKind = keyof typeof BACKFILL_KINDS;

/** A snapshot of a list, as its makers name it. */
export interface Snapshot {
  kind: BackfillKind;
  /** `YYYY-MM-DD` */
  date: string;
}

export interface BackfillSource {
  source: string;
  licence: string;
}

export interface BackfilledSnapshot extends Snapshot {
  rows: number;
  /** Rows of the file that were there twice, or have no id. */
  dropped: number;
}

export interface Backfilled {
  snapshots: BackfilledSnapshot[];
  /** Events of the source, over all of its snapshots. */
  events: number;
  /** Snapshots that lack too much of the one before: no events are told of them. */
  cut: Snapshot[];
}

/** A snapshot that lacks more of the one before was not written whole: a week takes some of a hundred. */
const MOST_REMOVED = 0.1;

/** Snapshots of a source that the warehouse has, as `kind/date`. */
export const backfilled = (path: string, source: string): Promise<Set<string>> =>
  withDuckdb(path, { readOnly: true }, async (connection) => {
    const found = new Set<string>();
    for (const [kind, one] of Object.entries(BACKFILL_KINDS))
      for (const date of await datesOf(connection, source, one)) found.add(`${kind}/${date}`);
    return found;
  });

/**
 * Brings snapshots into the DuckDB file, and tells anew what became of repositories between all that it
 * has of their source: built in a copy beside it, which takes its place whole.
 *
 * @param snapshots with the Parquet file of each
 * @throws {EtlError} `CONFIG_INVALID` for a file that is no snapshot; `LOAD_FAILED`, `STORAGE_FULL`,
 * `STORAGE_DENIED`. The file at `path` is untouched then.
 */
export async function loadBackfill(
  path: string,
  source: BackfillSource,
  snapshots: readonly (Snapshot & { file: string })[],
): Promise<Backfilled> {
  const building = files.buildingPath(path);
  try {
    if (await files.isFile(`${path}.wal`))
      throw new EtlError('LOAD_FAILED', `${path} is open, or was not closed: see ${path}.wal`);
    await files.removeLeftovers(path);
    await copyFile(path, building, constants.COPYFILE_FICLONE);
    const options = { spillFolder: `${building}.spill` };
    const done = await withDuckdb(building, options, async (connection) => {
      const loaded: BackfilledSnapshot[] = [];
      for (const snapshot of snapshots)
        loaded.push(await loadSnapshot(connection, source, snapshot));
      const kinds = [...new Set(snapshots.map(({ kind }) => kind))];
      const cut: Snapshot[] = [];
      for (const kind of kinds) cut.push(...(await tellEvents(connection, source, kind)));
      const events = await countOf(
        connection,
        `SELECT count(*) FROM ${EVENTS} WHERE source = ${literal(source.source)}`,
      );
      await connection.run('CHECKPOINT');
      return { snapshots: loaded, events, cut };
    });
    await syncFile(building);
    await files.replaceFile(building, path);
    return done;
  } catch (error) {
    throw asLoadError(error, path);
  } finally {
    await files.removeLeftovers(path);
  }
}

const USAGE = nameOf('usage_backfill');
const EVENTS = nameOf('events_backfill');

async function datesOf(
  connection: DuckDBConnection,
  source: string,
  kind: string,
): Promise<string[]> {
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT strftime(snapshot_date, '%Y-%m-%d') AS day FROM ${USAGE}
     WHERE source = ${literal(source)} AND kind = ${literal(kind)} ORDER BY day`,
  );
  return reader.getRowsJS().map(([day]) => textOf(day));
}

/** A snapshot lacks the columns that came after it: they are null. */
async function loadSnapshot(
  connection: DuckDBConnection,
  { source, licence }: BackfillSource,
  { kind, date, file }: Snapshot & { file: string },
): Promise<BackfilledSnapshot> {
  const from = `read_parquet(${literal(file)})`;
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
  const known = new Set(described.getRowsJS().map(([name]) => textOf(name)));
  if (!known.has('_id') || !known.has('id'))
    throw new EtlError('CONFIG_INVALID', `${file} is no snapshot: it has no columns _id and id`);
  const column = (name: string, type: string): string =>
    known.has(name) ? `TRY_CAST(${identifier(name)} AS ${type})` : `NULL::${type}`;
  const changed = column('lastModified', 'TIMESTAMPTZ');
  const before = await countOf(connection, `SELECT count(*) FROM ${USAGE}`);
  await connection.run(`INSERT INTO ${USAGE} BY NAME
    SELECT ${literal(source)} AS source, ${literal(licence)} AS licence,
      ${literal(BACKFILL_KINDS[kind])} AS kind, DATE ${literal(date)} AS snapshot_date,
      (SELECT max(greatest(${changed}, ${column('createdAt', 'TIMESTAMPTZ')})) FROM ${from}) AS taken_after,
      _id, coalesce(max_by(id, ${changed}), max(id)) AS id,
      max(${column('downloads', 'BIGINT')}) AS downloads,
      max(${column('downloadsAllTime', 'BIGINT')}) AS downloads_all_time,
      max(${column('likes', 'BIGINT')}) AS likes, max(${column('trendingScore', 'DOUBLE')}) AS trending_score
    FROM ${from} WHERE _id <> '' AND id <> '' GROUP BY _id`);
  const rows = (await countOf(connection, `SELECT count(*) FROM ${USAGE}`)) - before;
  const all = await countOf(connection, `SELECT count(*) FROM ${from}`);
  return { kind, date, rows, dropped: all - rows };
}

/** Anew for all snapshots of a kind, so that their order of loading does not matter. Gives the cut ones. */
async function tellEvents(
  connection: DuckDBConnection,
  { source, licence }: BackfillSource,
  list: BackfillKind,
): Promise<Snapshot[]> {
  const kind = BACKFILL_KINDS[list];
  const own = `source = ${literal(source)} AND kind = ${literal(kind)}`;
  const of = (date: string): string =>
    `(SELECT _id, id FROM ${USAGE} WHERE ${own} AND snapshot_date = DATE ${literal(date)})`;
  await connection.run(`DELETE FROM ${EVENTS} WHERE ${own}`);
  const cut: Snapshot[] = [];
  const dates = await datesOf(connection, source, kind);
  let good: string | undefined;
  for (const [at, date] of dates.entries()) {
    const before = dates[at - 1];
    const day = before === undefined ? 'NULL' : `DATE ${literal(before)}`;
    await connection.run(`UPDATE ${USAGE} SET snapshot_before = ${day} WHERE ${own}
      AND snapshot_date = DATE ${literal(date)} AND snapshot_before IS DISTINCT FROM ${day}`);
    if (good !== undefined) {
      const gone = `SELECT count(*) FROM ${of(good)} AS was ANTI JOIN ${of(date)} AS now USING (_id)`;
      const whole = await countOf(connection, `SELECT count(*) FROM ${of(good)}`);
      if ((await countOf(connection, gone)) > whole * MOST_REMOVED) {
        cut.push({ kind: list, date });
        continue;
      }
      await connection.run(`INSERT INTO ${EVENTS} BY NAME
        SELECT ${literal(source)} AS source, ${literal(licence)} AS licence, ${literal(kind)} AS kind,
          DATE ${literal(good)} AS snapshot_before, DATE ${literal(date)} AS snapshot_date,
          _id, coalesce(now.id, was.id) AS id, was.id AS before, now.id AS after,
          CASE WHEN was.id IS NULL THEN 'added' WHEN now.id IS NULL THEN 'removed' ELSE 'renamed' END AS event
        FROM ${of(good)} AS was FULL JOIN ${of(date)} AS now USING (_id)
        WHERE was.id IS DISTINCT FROM now.id`);
    }
    good = date;
  }
  return cut;
}
