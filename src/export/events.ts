import type { DuckDBConnection } from '@duckdb/node-api';
import { join } from 'node:path';
import { EtlError } from '../errors.ts';
import { literal } from '../tables/duckdb.ts';
import { tablesByName } from '../tables/index.ts';
import type { RecordOrigin } from '../tables/table.ts';
import { isSample } from './completeness.ts';
import { countOf, readFilesSql, readJsonSql, withDuckdb } from './duckdb/session.ts';
import { plainRows, textOf } from './duckdb/values.ts';
import {
  REJECTED_ID,
  timestampOf,
  type ExportSession,
  type ReleaseBefore,
  type RemovalAnswer,
} from './export-session.ts';
import { REPOS } from './export-repos.ts';
import { verifyFiles, type Asked, type SourceFacts, type TableEntry } from './manifest.ts';

type TableName = keyof typeof tablesByName;
type Source = (typeof REPOS)[RecordOrigin]['source'];

/** What two releases are compared by. */
interface Compared {
  /** Tables that are read; the first has a row for each. */
  tables: readonly [TableName, ...TableName[]];
  events: string;
  /** Whether access must be asked for, as SQL. */
  gate: string;
}

/** What is read of a release. */
interface Side {
  folder: string;
  tables: Partial<Record<TableName, TableEntry>>;
  /** Its rejected records. */
  rejects: TableEntry;
}

/** Two releases, and what is told of them. */
interface Telling {
  compared: Compared & (typeof REPOS)[RecordOrigin];
  session: ExportSession;
  before: ReleaseBefore;
  now: Side;
  then: Side;
  rejected: readonly string[];
}

/** A Hub of a few models loses more than a hundredth with each of them. */
const FEW_REMOVED = 20;
/** So many removed models are all asked for; of more, so many. */
const MOST_ASKED = 300;
const ROWS_AT_ONCE = 1000;
/** Their bases are grouped in memory. */
const MOVED_AT_ONCE = 300_000;

/** Whether an export holds all of a source that its Hub listed: only then is what it lacks not there. */
export const isWholeRelease = (
  { asked, sources }: { asked: Asked; sources: Partial<Record<Source, SourceFacts>> },
  source: Source,
): boolean => !isSample(asked) && sources[source]?.['proof'] === 'list_end';

/**
 * Writes what became of the repositories of a kind since the release before. Its tables are joined with those of this
 * export in DuckDB, which spills to the disk.
 *
 * @param rejected ids of records that this export could not clean: they are listed, and not removed
 * @throws {EtlError} `CHECK_REFUSED` when more than `maxRemoved` are gone, when the Hub still has
 * one of them, or when files of the release before are damaged
 */
export async function exportEvents(
  session: ExportSession,
  kind: RecordOrigin,
  rejected: readonly string[],
): Promise<void> {
  const compared = { ...COMPARED[kind], ...REPOS[kind] };
  const { input, output, folder } = session;
  const { crawl, asked } = input;
  const before = input.before?.[compared.source];
  if (!before || !output.names.includes(compared.events)) return;
  if (!isWholeRelease({ asked, sources: crawl }, compared.source)) return;
  const now: Side = { folder, tables: {}, rejects: NO_FILES };
  const then: Side = { folder: before.folder, tables: {}, rejects: before.manifest.rejects };
  for (const name of [...compared.tables, 'missed'] as const) {
    const [is, was] = [await output.finish(name), before.manifest.tables[name]];
    // It was not asked for, or is of a version that had none.
    if (is === undefined || was === undefined) return;
    now.tables[name] = is;
    then.tables[name] = was;
  }
  await verifyFiles({ tables: { ...then.tables, rejects: then.rejects } }, before.folder);
  const telling = { compared, session, before, now, then, rejected };
  const options = { threads: 1, memoryLimit: '300MB', spillFolder: join(folder, '.events.spill') };
  await withDuckdb(':memory:', options, async (connection) => {
    await prepare(connection, telling);
    await writeEvents(connection, telling, await checkRemoved(connection, telling));
  });
}

const NO_FILES: TableEntry = { rows: 0, files: [], bytes: 0, sha256: '' };

const rowsSql = ({ tables, folder }: Side, name: TableName): string =>
  readJsonSql(tablesByName[name], tables[name] ?? NO_FILES, folder);

const GATE = `CASE WHEN gated THEN coalesce(gated_mode, 'yes') WHEN NOT gated THEN 'no' END`;

const COMPARED: Record<RecordOrigin, Compared> = {
  model: {
    tables: ['core_model', 'model_licenses', 'base_models'],
    events: 'model_events',
    gate: GATE,
  },
  dataset: { tables: ['hub_datasets'], events: 'dataset_events', gate: GATE },
  // No Space is gated.
  space: { tables: ['hub_spaces'], events: 'space_events', gate: 'NULL::VARCHAR' },
};

/** A row a repository. */
const repoSql = ({ tables: [table], gate }: Compared, side: Side): string =>
  `SELECT _id, id, disabled, sha, ${gate} AS gate FROM ${rowsSql(side, table)}`;

/** What the revisions of `moved` say. */
function saysSql({ tables: [table, licenses, bases] }: Compared, side: Side): string {
  const hasMoved = '_id IN (SELECT _id FROM moved)';
  if (licenses === undefined || bases === undefined) {
    return `SELECT _id, license, NULL::VARCHAR AS names, NULL::VARCHAR AS bases
      FROM ${rowsSql(side, table)} WHERE ${hasMoved}`;
  }
  return `SELECT _id, license, names, bases FROM moved
    LEFT JOIN (SELECT _id, license FROM ${rowsSql(side, licenses)} WHERE ${hasMoved}) USING (_id)
    LEFT JOIN (
      SELECT _id, string_agg(DISTINCT lower(base_model), ', ' ORDER BY lower(base_model)) AS names,
        string_agg(DISTINCT coalesce(base_model_id, lower(base_model)), ', '
          ORDER BY coalesce(base_model_id, lower(base_model))) AS bases
      FROM ${rowsSql(side, bases)} WHERE ${hasMoved} GROUP BY _id
    ) USING (_id)`;
}

/** Repositories that a release knows of, and has no rows of. */
function lackedSql({ source, catchup }: Telling['compared'], side: Side): string {
  const missed = `SELECT id AS repo FROM ${rowsSql(side, 'missed')}
    WHERE id IS NOT NULL AND source IN (${[source, catchup].map(literal).join(', ')})`;
  if (side.rejects.rows === 0) return missed;
  const rejects = readFilesSql(side.rejects, side.folder, `{'record': 'VARCHAR'}`);
  return `${missed} UNION SELECT regexp_extract(record, ${literal(REJECTED_ID.source)}, 1) FROM ${rejects}`;
}

/**
 * Makes `pairs`: the repositories that are in one release only, or are not the same in both; and `said` and `says`: what those
 * of another revision said, and say. One step after the other: the tables of the whole Hub do not fit beside each other.
 */
async function prepare(
  connection: DuckDBConnection,
  { compared, now, then, rejected }: Telling,
): Promise<void> {
  await connection.run(`CREATE TEMP TABLE lacked_before AS ${lackedSql(compared, then)}`);
  await connection.run(`CREATE TEMP TABLE lacked_now AS ${lackedSql(compared, now)}`);
  for (let from = 0; from < rejected.length; from += ROWS_AT_ONCE) {
    const some = rejected.slice(from, from + ROWS_AT_ONCE).map((it) => `(${literal(it)})`);
    await connection.run(`INSERT INTO lacked_now VALUES ${some.join(', ')}`);
  }
  await connection.run(`CREATE TEMP TABLE pairs AS
    SELECT coalesce(now._id, was._id) AS _id, now._id IS NULL AS is_gone, was._id IS NULL AS is_new,
      was.id AS id_was, now.id AS id_now, was.gate AS gate_was, now.gate AS gate_now,
      was.disabled AS disabled_was, now.disabled AS disabled_now, was.sha AS sha_was, now.sha AS sha_now
    FROM (${repoSql(compared, then)}) AS was FULL JOIN (${repoSql(compared, now)}) AS now USING (_id)
    WHERE now._id IS NULL OR was._id IS NULL OR was.id <> now.id OR was.gate <> now.gate
      OR was.disabled <> now.disabled OR was.sha <> now.sha`);
  const columns = '(_id VARCHAR, license VARCHAR, names VARCHAR, bases VARCHAR)';
  await connection.run(`CREATE TEMP TABLE said ${columns}; CREATE TEMP TABLE says ${columns};
    CREATE TEMP TABLE all_moved AS SELECT _id, row_number() OVER () AS n FROM pairs WHERE sha_was <> sha_now`);
  const count = await countOf(connection, 'SELECT count(*) FROM all_moved');
  for (let from = 0; from < count; from += MOVED_AT_ONCE) {
    await connection.run(`CREATE OR REPLACE TEMP TABLE moved AS SELECT _id FROM all_moved
      WHERE n > ${from} AND n <= ${from + MOVED_AT_ONCE}`);
    await connection.run(`INSERT INTO said ${saysSql(compared, then)}`);
    await connection.run(`INSERT INTO says ${saysSql(compared, now)}`);
  }
}

const REMOVED_SQL = `FROM pairs WHERE is_gone
  AND _id NOT IN (SELECT repo FROM lacked_now) AND id_was NOT IN (SELECT repo FROM lacked_now)`;

/** @throws {EtlError} `CHECK_REFUSED`: a list that was cut looks like removals */
async function checkRemoved(
  connection: DuckDBConnection,
  { compared: { source: kind, tables }, session, before: { manifest } }: Telling,
): Promise<ReadonlyMap<string, RemovalAnswer>> {
  const { maxRemoved = 0.01, confirmRemoved } = session.input;
  const removed = await countOf(connection, `SELECT count(*) ${REMOVED_SQL}`);
  const { rows: all = 0 } = manifest.tables[tables[0]] ?? {};
  if (removed > Math.max(FEW_REMOVED, all * maxRemoved)) {
    const message = `${removed} of ${all} ${kind} of run ${manifest.run} are no longer listed: more than --max-removed ${maxRemoved} allows`;
    throw new EtlError('CHECK_REFUSED', message, { context: { removed, rows: all, maxRemoved } });
  }
  const sample = `SELECT _id, id_was AS id ${REMOVED_SQL} ORDER BY md5(_id) LIMIT ${MOST_ASKED}`;
  const rows = await plainRows(connection, sample);
  const some = rows.map((it) => ({ kind, _id: textOf(it['_id']), id: textOf(it['id']) }));
  const answers = (await confirmRemoved?.(some)) ?? new Map<string, RemovalAnswer>();
  const alive = some.find(({ _id }) => answers.get(_id) === 'alive');
  if (alive === undefined) return answers;
  const message = `The list of ${kind} lacks ${alive.id}, which the Hub still has`;
  throw new EtlError('CHECK_REFUSED', message, { context: { id: alive.id, removed } });
}

// What a revision says is compared only where there is another one: a later version of ours may read
// the same card in another way.
const EVENTS_SQL = `
  SELECT _id, id_now AS id, 'added' AS event, NULL AS before, id_now AS after FROM pairs WHERE is_new
    AND _id NOT IN (SELECT repo FROM lacked_before) AND id_now NOT IN (SELECT repo FROM lacked_before)
  UNION ALL SELECT _id, id_was, 'removed', id_was, NULL ${REMOVED_SQL}
  UNION ALL SELECT _id, id_now, 'renamed', id_was, id_now FROM pairs WHERE id_was <> id_now
  UNION ALL SELECT _id, id_now, CASE gate_now WHEN 'no' THEN 'ungated' ELSE 'gated' END, gate_was, gate_now
    FROM pairs WHERE gate_was <> gate_now
  UNION ALL SELECT _id, id_now, CASE WHEN disabled_now THEN 'disabled' ELSE 'enabled' END, NULL, NULL
    FROM pairs WHERE disabled_was <> disabled_now
  UNION ALL SELECT _id, id_now, 'new_revision', sha_was, sha_now FROM pairs WHERE sha_was <> sha_now
  UNION ALL SELECT _id, id_now, 'relicensed', said.license, says.license FROM pairs JOIN said USING (_id) JOIN says USING (_id)
    WHERE said.license IS DISTINCT FROM says.license
  UNION ALL SELECT _id, id_now, 'base_changed', said.bases, says.bases FROM pairs JOIN said USING (_id) JOIN says USING (_id)
    WHERE said.names IS DISTINCT FROM says.names AND said.bases IS DISTINCT FROM says.bases`;

async function writeEvents(
  connection: DuckDBConnection,
  { compared, session, before }: Telling,
  confirmed: ReadonlyMap<string, RemovalAnswer>,
): Promise<void> {
  const { input, output } = session;
  const facts = {
    run: input.run,
    run_before: before.manifest.run,
    seen_after: timestampOf(before.manifest.startedAt),
    seen_at: timestampOf(input.startedAt),
  };
  const result = await connection.stream(`SELECT * FROM (${EVENTS_SQL}) ORDER BY _id, event`);
  for await (const rows of result.yieldRowObjectJs()) {
    const events = rows.map((row) => {
      const answer = row['event'] === 'removed' ? confirmed.get(textOf(row['_id'])) : undefined;
      return { ...facts, ...row, confirmed: answer ?? null };
    });
    await output.write(compared.events, events);
  }
}
