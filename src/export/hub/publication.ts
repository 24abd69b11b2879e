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
import { cardOf, type BoardLicenceRow, type Publication, type PublicPlace } from './card.ts';
import { writeShards, type PublishedFile } from './shards.ts';
import { isTakenSql, prepareTakedown } from './takedown.ts';

/** What is published, and without whom. */
export interface PublishOptions {
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
  /** @default 400 MB, in a bucket 64 MB: DuckDB goes beyond it by less than a row group */
  shardBytes?: number;
}

export interface Change {
  path: string;
  bytes: number;
  change: 'add' | 'replace' | 'keep' | 'delete';
}

export interface HubLoad {
  run: string;
  /** `hf://datasets/owner/name` or `hf://buckets/owner/name/prefix`. */
  target: string;
  /** `already`: it holds this very publication. */
  outcome: 'published' | 'already' | 'dry-run';
  /** The commit that holds it, of a dry run the one that it was compared with; the folder of a release in a bucket. */
  commit: string;
  /** Where README.md lies; of a dry run only. */
  card: string | null;
  files: Change[];
  /** Rows that were left out, by reason. */
  leftOut: { takenDown: number; withheld: number };
}

/** The files of a publication in their folder, and what is to be told of them. */
export interface Written {
  files: PublishedFile[];
  leftOut: HubLoad['leftOut'];
}

export const README = 'README.md';
export const MANIFEST = 'manifest.json';

/**
 * Columns, and fields of records, with what people wrote: cards, chat templates, examples, notes. They are their
 * authors', and were used to bring attacks along, so a public copy has them only when it is asked for.
 */
const TEXT: Partial<Record<string, readonly string[]>> = {
  raw_model: [
    ...['cardData', 'model_index', 'widgetData', 'evalResults.data.notes', 'extra'],
    ...['config.params', 'config.sklearn.example_input', 'gguf.chat_template'],
  ],
  model_details: ['gguf.chat_template', 'extra'],
  hub_datasets: ['description', 'citation', 'dataset_info.params', 'params', 'extra'],
  hub_spaces: ['short_description', 'runtime.error', 'params', 'extra'],
  authors: ['extra'],
  benchmarks: ['description', 'extra'],
  eval_results: ['notes'],
};

export const textColumns = (table: string): readonly string[] => TEXT[table] ?? [];

/** @throws {EtlError} EXPORT_MISSING where the DuckDB file holds another release */
export async function checkRelease({
  path,
  manifest: { run },
}: Pick<PublishOptions, 'path' | 'manifest'>): Promise<void> {
  const held = (await isFile(path)) ? (await releasesOf(path)).at(-1)?.run : undefined;
  if (held === run) return;
  throw new EtlError(
    'EXPORT_MISSING',
    `The DuckDB file does not hold run ${run}: load it there too`,
  );
}

/**
 * Writes Parquet, card and manifest into a folder that is made anew. The same release makes the same bytes, but for a
 * card that names its place.
 *
 * @throws {EtlError} LOAD_FAILED, STORAGE_FULL
 */
export async function writePublication(
  options: PublishOptions & { shardBytes: number },
  place: PublicPlace,
): Promise<Written> {
  const { path, folder } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const publication = await publicationOf(options, place);
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
    return { files: [...(await Promise.all(texts)), ...shards], leftOut: leftOutOf(publication) };
  } catch (error) {
    throw asLoadError(error, path);
  }
}

/** Writes the shards. One thread keeps the order of rows, so that the same release makes the same bytes. */
function publicationOf(
  options: PublishOptions & { shardBytes: number },
  place: PublicPlace,
): Promise<Publication> {
  const { manifest, path, folder, withText, takedown, shardBytes } = options;
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
    const ask = (sql: string) => plainRows(connection, sql);
    const from = (table: Table) =>
      `FROM ${nameOf(table.name)} WHERE NOT ${hasTakedown ? isTakenSql(table) : 'false'}`;
    const { completeness, leaderboard_entries: entries } = tablesByName;
    const rows = await ask(`SELECT * ${from(completeness)} ORDER BY asked IS NULL, source`);
    const boards = await ask(
      `SELECT DISTINCT board, licence, publish, citation ${from(entries)} ORDER BY ALL`,
    );
    return {
      ...{ place, manifest, withText, tables: published },
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
