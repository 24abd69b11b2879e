import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EtlError } from '../../errors.ts';
import { digestFile } from '../../storage/files.ts';
import { tables, tablesByName } from '../../tables/index.ts';
import type { Table } from '../../tables/table.ts';
import { isFile } from '../duckdb/files.ts';
import { releasesOf } from '../duckdb/releases.ts';
import { asLoadError, nameOf, withDuckdb } from '../duckdb/session.ts';
import { plainRows } from '../duckdb/values.ts';
import type { CompletenessRow, Manifest } from '../manifest.ts';
import { cardOf, type BoardLicenceRow, type Publication } from './card.ts';
import {
  changesOf,
  checkToken,
  commitChanges,
  MANIFEST,
  README,
  readRemote,
  type Change,
  type HubPlace,
} from './remote.ts';
import { writeShards, type PublishedFile } from './shards.ts';
import { isTakenSql, prepareTakedown } from './takedown.ts';
import { textColumns } from './text-columns.ts';

export interface HubOptions extends HubPlace {
  manifest: Manifest;
  /** The DuckDB file of that release. */
  path: string;
  /** For the files on their way: made anew, and removed when they are published. */
  folder: string;
  /** Cards and templates too. */
  withText: boolean;
  /** Whose rows are left out: ids as `readTakedown` has them. */
  takedown: readonly string[];
  /** Nothing is sent; the files stay in `folder`. */
  dryRun: boolean;
  signal: AbortSignal;
  /** @default 400 MB: DuckDB goes beyond it by less than a row group */
  shardBytes?: number;
}

export interface HubLoad {
  run: string;
  /** `hf://datasets/owner/name`. */
  target: string;
  /** `already`: the data set holds this very publication. */
  outcome: 'published' | 'already' | 'dry-run';
  /** The commit that holds it; of a dry run the one that it was compared with. */
  commit: string;
  /** Where README.md lies; of a dry run only. */
  card: string | null;
  files: Change[];
  /** Rows that were left out, by reason. */
  leftOut: { takenDown: number; withheld: number };
}

const SHARD_BYTES = 400e6;

/**
 * Publishes the release that a DuckDB file holds, history included, as a data set of the Hub: check the token →
 * compare with the last publication → write Parquet, card and manifest → upload → one commit. Killed anywhere, the
 * same call publishes once; when all is there, it only reads.
 *
 * @throws {EtlError} AUTH_TOKEN, AUTH_DENIED before anything is uploaded; FOLDER_TAKEN for a file there that is not
 * ours; LOAD_FAILED, HTTP_QUOTA, EXPORT_MISSING, STORAGE_FULL. What was published before is untouched.
 * @see docs/warehouses.md
 */
export async function loadHub(options: HubOptions): Promise<HubLoad> {
  const { name, manifest, folder, dryRun, signal } = options;
  await checkRelease(options);
  if (!dryRun) await checkToken(options);
  const remote = await readRemote(options);
  await rm(folder, { recursive: true, force: true });
  const { files, publication } = await writeFiles(options);
  const changes = await changesOf(remote, files, folder);
  const load: HubLoad = {
    ...{ run: manifest.run, target: `hf://datasets/${name}`, outcome: 'dry-run' },
    ...{ commit: remote.commit, card: join(folder, README), files: changes },
    leftOut: leftOutOf(publication),
  };
  if (dryRun) return load;
  const isThere = changes.every(({ change }) => change === 'keep');
  const title = `Release of run ${manifest.run}`;
  const given = { title, folder, parent: remote.commit, signal };
  const commit = isThere
    ? remote.commit
    : await commitChanges(options, changes, given).catch((error: unknown) =>
        // Its answer may have been lost.
        commitOf(options, files, error),
      );
  await rm(folder, { recursive: true, force: true });
  return { ...load, outcome: isThere ? 'already' : 'published', commit, card: null };
}

/** @throws {EtlError} EXPORT_MISSING where the DuckDB file holds another release */
async function checkRelease({ path, manifest: { run } }: HubOptions): Promise<void> {
  const held = (await isFile(path)) ? (await releasesOf(path)).at(-1)?.run : undefined;
  if (held === run) return;
  throw new EtlError(
    'EXPORT_MISSING',
    `The DuckDB file does not hold run ${run}: load it there too`,
  );
}

/** The newest commit where it is what was to be published, else the error. */
async function commitOf(
  options: HubOptions,
  files: readonly PublishedFile[],
  error: unknown,
): Promise<string> {
  if (options.signal.aborted) throw error;
  const now = await readRemote(options).catch(() => undefined);
  const changes = now && (await changesOf(now, files, options.folder).catch(() => undefined));
  if (now && changes?.every(({ change }) => change === 'keep') === true) return now.commit;
  throw error;
}

async function writeFiles(
  options: HubOptions,
): Promise<{ files: PublishedFile[]; publication: Publication }> {
  const { path, folder } = options;
  await mkdir(folder, { recursive: true });
  try {
    const publication = await publicationOf(options);
    const { manifest, withText, completeness } = publication;
    const { run, startedAt, finishedAt, version, endpoint } = manifest;
    const { schemaVersion, asked } = options.manifest;
    const ours = {
      ...{ kind: 'huggingface-etl/dataset', format: 1, run, startedAt, finishedAt, version },
      ...{ schemaVersion, endpoint, asked, withText, completeness },
      tables: Object.fromEntries(
        publication.tables.map(({ table, published }) => [table.name, published]),
      ),
    };
    await writeFile(join(folder, README), cardOf(publication));
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(ours, null, 2)}\n`);
    const texts = [README, MANIFEST].map(async (it) => ({
      path: it,
      ...(await digestFile(join(folder, it))),
    }));
    const shards = publication.tables.flatMap(({ published }) => published.files);
    return { files: [...(await Promise.all(texts)), ...shards], publication };
  } catch (error) {
    throw asLoadError(error, path);
  }
}

/** Writes the shards. One thread keeps the order of rows, so that the same release makes the same bytes. */
function publicationOf(options: HubOptions): Promise<Publication> {
  const { name, manifest, path, folder, withText, takedown } = options;
  const { shardBytes = SHARD_BYTES } = options;
  const hasTakedown = takedown.length > 0;
  const session = { readOnly: true, threads: 1, spillFolder: join(folder, '.spill') };
  return withDuckdb(path, session, async (connection) => {
    if (hasTakedown) await prepareTakedown(connection, takedown);
    const published: Publication['tables'][number][] = [];
    for (const table of tables) {
      const leftOut = withText ? [] : textColumns(table.name);
      const shards = { folder, shardBytes, hasTakedown, leftOut };
      options.signal.throwIfAborted();
      published.push({ table, published: await writeShards(connection, table, shards) });
    }
    const ask = async (sql: string) => plainRows(await connection.runAndReadAll(sql));
    const from = (table: Table) =>
      `FROM ${nameOf(table.name)} WHERE NOT ${hasTakedown ? isTakenSql(table) : 'false'}`;
    const { completeness, leaderboard_entries: entries } = tablesByName;
    const rows = await ask(`SELECT * ${from(completeness)} ORDER BY asked IS NULL, source`);
    const boards = await ask(
      `SELECT DISTINCT board, licence, publish, citation ${from(entries)} ORDER BY ALL`,
    );
    return {
      ...{ name, manifest, withText, tables: published },
      // The columns are those that the tables were made with.
      completeness: rows as unknown as CompletenessRow[],
      boards: boards as unknown as BoardLicenceRow[],
    };
  });
}

const leftOutOf = ({ tables: all }: Publication): HubLoad['leftOut'] => ({
  takenDown: all.reduce((sum, { published }) => sum + published.takenDown, 0),
  withheld: all.reduce((sum, { published }) => sum + published.withheld, 0),
});
