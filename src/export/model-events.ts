import type { DuckDBConnection } from '@duckdb/node-api';
import { join } from 'node:path';
import { EtlError } from '../errors.ts';
import { duckdbColumns, literal } from '../tables/duckdb.ts';
import { tableNamed } from '../tables/index.ts';
import { isSample } from './completeness.ts';
import { countOf, readFilesSql, withDuckdb } from './duckdb/session.ts';
import { plainRows, textOf } from './duckdb/values.ts';
import {
  REJECTED_ID,
  timestampOf,
  type ExportInput,
  type ExportSession,
} from './export-session.ts';
import type { Manifest, TableEntry } from './manifest.ts';
import type { ReleaseBefore, RemovalAnswer } from './release-before.ts';
import { verifyFiles } from './verify-files.ts';

/** What two releases are compared by. */
const TABLES = ['core_model', 'model_licenses', 'base_models', 'missed'] as const;
type Files = Record<(typeof TABLES)[number] | 'rejects', TableEntry>;

/** A Hub of a few models loses more than a hundredth with each of them. */
const FEW_REMOVED = 20;
/** So many removed models are all asked for; of more, so many. */
const MOST_ASKED = 300;
const ROWS_AT_ONCE = 1000;

/** Whether an export holds every model that its Hub listed: only then is what it lacks not there. */
export const isWholeRelease = ({ asked, sources }: Pick<Manifest, 'asked' | 'sources'>): boolean =>
  !isSample(asked) && sources.models?.['proof'] === 'list_end';

/**
 * Writes what became of the models since the release before. Its tables are joined with those of this
 * export in DuckDB, which spills to the disk.
 *
 * @param rejected ids of records that this export could not clean: they are listed, and not removed
 * @throws {EtlError} `CHECK_REFUSED` when more models than `maxRemoved` are gone, when the Hub still has
 * one of them, or when files of the release before are damaged
 */
export async function exportModelEvents(
  session: ExportSession,
  rejected: readonly string[],
): Promise<void> {
  const { input, output, folder } = session;
  const { before, crawl, asked } = input;
  const isWhole = !isSample(asked) && crawl.models?.['proof'] === 'list_end';
  if (!before || !isWhole || !output.names.includes('model_events')) return;
  const tables: Record<string, TableEntry | undefined> = {};
  for (const name of TABLES) tables[name] = await output.finish(name);
  const now = filesOf(tables, NO_FILES);
  const then = filesOf(before.manifest.tables, before.manifest.rejects);
  if (now === null || then === null) return;
  await verifyFiles({ ...before.manifest, tables: then }, before.folder);
  const options = { threads: 1, memoryLimit: '300MB', spillFolder: join(folder, '.events.spill') };
  await withDuckdb(':memory:', options, async (connection) => {
    await prepare(connection, { now, folder, then, before, rejected });
    const confirmed = await checkRemoved(connection, input, before);
    await writeEvents(connection, { session, before, confirmed });
  });
}

const NO_FILES: TableEntry = { rows: 0, files: [], bytes: 0, sha256: '' };

/** Null where a table is missing: it was not asked for, or is of a version that had none. */
function filesOf(
  tables: Readonly<Record<string, TableEntry | undefined>>,
  rejects: TableEntry,
): Files | null {
  const { core_model, model_licenses, base_models, missed } = tables;
  return core_model && model_licenses && base_models && missed
    ? { core_model, model_licenses, base_models, missed, rejects }
    : null;
}

const rowsSql = (files: Files, folder: string, name: (typeof TABLES)[number]): string => {
  const table = tableNamed(name);
  return table === undefined ? '' : readFilesSql(files[name], folder, duckdbColumns(table));
};

/** What is compared of each model of a release. */
const modelsSql = (files: Files, folder: string): string => `
  SELECT _id, id, disabled, sha, license, names, bases,
    CASE WHEN gated THEN coalesce(gated_mode, 'yes') WHEN NOT gated THEN 'no' END AS gate
  FROM ${rowsSql(files, folder, 'core_model')}
  LEFT JOIN (SELECT _id, license FROM ${rowsSql(files, folder, 'model_licenses')}) USING (_id)
  LEFT JOIN (
    SELECT _id, string_agg(DISTINCT lower(base_model), ', ' ORDER BY lower(base_model)) AS names,
      string_agg(DISTINCT coalesce(base_model_id, lower(base_model)), ', '
        ORDER BY coalesce(base_model_id, lower(base_model))) AS bases
    FROM ${rowsSql(files, folder, 'base_models')} GROUP BY _id
  ) USING (_id)`;

/** Models that a release knows of, and has no rows of. */
const lackedSql = (files: Files, folder: string): string => {
  const rejects = readFilesSql(files.rejects, folder, `{'record': 'VARCHAR'}`);
  return `
  SELECT id AS model FROM ${rowsSql(files, folder, 'missed')} WHERE id IS NOT NULL
  ${files.rejects.rows === 0 ? '' : `UNION SELECT regexp_extract(record, ${literal(REJECTED_ID.source)}, 1) FROM ${rejects}`}`;
};

interface Releases {
  now: Files;
  folder: string;
  then: Files;
  before: ReleaseBefore;
  rejected: readonly string[];
}

/** Makes `pairs`: the models that are in one release only, or are not the same in both. */
async function prepare(connection: DuckDBConnection, releases: Releases): Promise<void> {
  const { now, folder, then, before, rejected } = releases;
  await connection.run(`CREATE TEMP TABLE lacked_before AS ${lackedSql(then, before.folder)}`);
  await connection.run(`CREATE TEMP TABLE lacked_now AS ${lackedSql(now, folder)}`);
  for (let from = 0; from < rejected.length; from += ROWS_AT_ONCE) {
    const some = rejected.slice(from, from + ROWS_AT_ONCE).map((it) => `(${literal(it)})`);
    await connection.run(`INSERT INTO lacked_now VALUES ${some.join(', ')}`);
  }
  await connection.run(`CREATE TEMP TABLE pairs AS
    SELECT coalesce(now._id, was._id) AS _id, now._id IS NULL AS is_gone, was._id IS NULL AS is_new,
      was.id AS id_was, now.id AS id_now, was.gate AS gate_was, now.gate AS gate_now,
      was.disabled AS disabled_was, now.disabled AS disabled_now, was.sha AS sha_was, now.sha AS sha_now,
      was.license AS license_was, now.license AS license_now,
      was.names AS names_was, now.names AS names_now, was.bases AS bases_was, now.bases AS bases_now
    FROM (${modelsSql(then, before.folder)}) AS was FULL JOIN (${modelsSql(now, folder)}) AS now USING (_id)
    WHERE now._id IS NULL OR was._id IS NULL OR was.id <> now.id OR was.gate <> now.gate
      OR was.disabled <> now.disabled OR was.sha <> now.sha`);
}

const REMOVED_SQL = `FROM pairs WHERE is_gone
  AND _id NOT IN (SELECT model FROM lacked_now) AND id_was NOT IN (SELECT model FROM lacked_now)`;

/** @throws {EtlError} `CHECK_REFUSED`: a list that was cut looks like models that were removed */
async function checkRemoved(
  connection: DuckDBConnection,
  { maxRemoved = 0.01, confirmRemoved }: ExportInput,
  { manifest }: ReleaseBefore,
): Promise<ReadonlyMap<string, RemovalAnswer>> {
  const removed = await countOf(connection, `SELECT count(*) ${REMOVED_SQL}`);
  const { rows = 0 } = manifest.tables['core_model'] ?? {};
  if (removed > Math.max(FEW_REMOVED, rows * maxRemoved)) {
    const message = `${removed} of ${rows} models of run ${manifest.run} are no longer listed: more than --max-removed ${maxRemoved} allows`;
    throw new EtlError('CHECK_REFUSED', message, { context: { removed, rows, maxRemoved } });
  }
  const reader = await connection.runAndReadAll(
    `SELECT _id, id_was AS id ${REMOVED_SQL} ORDER BY md5(_id) LIMIT ${MOST_ASKED}`,
  );
  const some = plainRows(reader).map((it) => ({ _id: textOf(it['_id']), id: textOf(it['id']) }));
  const answers = (await confirmRemoved?.(some)) ?? new Map<string, RemovalAnswer>();
  const alive = some.find(({ _id }) => answers.get(_id) === 'alive');
  if (alive === undefined) return answers;
  const message = `The list of models lacks ${alive.id}, which the Hub still has`;
  throw new EtlError('CHECK_REFUSED', message, { context: { id: alive.id, removed } });
}

// What a revision says is compared only where there is another one: a later version of ours may read
// the same card in another way.
const EVENTS_SQL = `
  SELECT _id, id_now AS id, 'added' AS event, NULL AS before, id_now AS after FROM pairs WHERE is_new
    AND _id NOT IN (SELECT model FROM lacked_before) AND id_now NOT IN (SELECT model FROM lacked_before)
  UNION ALL SELECT _id, id_was, 'removed', id_was, NULL ${REMOVED_SQL}
  UNION ALL SELECT _id, id_now, 'renamed', id_was, id_now FROM pairs WHERE id_was <> id_now
  UNION ALL SELECT _id, id_now, CASE gate_now WHEN 'no' THEN 'ungated' ELSE 'gated' END, gate_was, gate_now
    FROM pairs WHERE gate_was <> gate_now
  UNION ALL SELECT _id, id_now, CASE WHEN disabled_now THEN 'disabled' ELSE 'enabled' END, NULL, NULL
    FROM pairs WHERE disabled_was <> disabled_now
  UNION ALL SELECT _id, id_now, 'new_revision', sha_was, sha_now FROM pairs WHERE sha_was <> sha_now
  UNION ALL SELECT _id, id_now, 'relicensed', license_was, license_now
    FROM pairs WHERE sha_was <> sha_now AND license_was IS DISTINCT FROM license_now
  UNION ALL SELECT _id, id_now, 'base_changed', bases_was, bases_now FROM pairs
    WHERE sha_was <> sha_now AND names_was IS DISTINCT FROM names_now AND bases_was IS DISTINCT FROM bases_now`;

interface Found {
  session: ExportSession;
  before: ReleaseBefore;
  confirmed: ReadonlyMap<string, RemovalAnswer>;
}

async function writeEvents(
  connection: DuckDBConnection,
  { session, before, confirmed }: Found,
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
    await output.write('model_events', events);
  }
}
