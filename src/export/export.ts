import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResolveModel } from '../boards/rows/rows.ts';
import { EtlError } from '../errors.ts';
import type { Table } from '../tables/table.ts';
import { isFlat, writeCsv } from './csv.ts';
import { agreementFacts, watchResults } from './benchmark-results.ts';
import {
  exportBenchmarks,
  missedBoards,
  scanBenchmarks,
  stillMissed,
} from './export-benchmarks.ts';
import { exportBoards, scanBoards, type KnownBoard } from './export-boards.ts';
import { isOfModels, missedRows, readMissed, redirectsOf } from './export-missed.ts';
import { exportModels, type Alias } from './export-models.ts';
import type { ExportSession } from './export-session.ts';
import { tables as allTables } from '../tables/index.ts';
import { startPool } from './export-pool.ts';
import type { PagePool } from './page-pool.ts';
import { exportTags } from './export-tags.ts';
import { writeFolder } from './folder.ts';
import {
  formatManifest,
  MANIFEST_FILE,
  type CrawlFacts,
  type Manifest,
  type SourceEntry,
} from './manifest.ts';
import { checkOut } from './out-folder.ts';
import { createOutput } from './output.ts';
import { writeParquet } from './parquet.ts';
import { repairRows, runRow } from './run-rows.ts';
import { createBlockPacker, type Compression } from './block-packer.ts';
import { createTableWriter } from './table-writer.ts';

export interface ExportInput {
  storageDir: string;
  run: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  version: string;
  endpoint: string;
  /** Names of the run's datasets; null for a source that was left out. */
  datasets: {
    models: string | null;
    catchup: string | null;
    tags: string | null;
    missed: string | null;
    boards: string | null;
    benchmarks?: string | null;
  };
  /** Only records modified since then count in the catch-up pass; null counts all. */
  catchupSince: string | null;
  crawl: CrawlFacts;
  /** What is known of the boards' columns; a board without it gives entries, but no scores. */
  boards?: readonly KnownBoard[];
  /** What `runs.status` says. @default 'done' */
  status?: string;
  /** What `runs.exit_code` says. @default null */
  exitCode?: number | null;
}

export type ExportFormat = 'jsonl' | 'parquet' | 'csv';

export interface ExportOptions {
  /** The folder that appears when the export is whole. */
  out: string;
  compress: Compression;
  /** Names of the tables to write. @default all that the run has a source for */
  tables?: readonly string[];
  /**
   * Threads beside this one; 0 works in this one. The bytes do not depend on it.
   *
   * @default one a core, at most 2, and none for an export of a few pages
   */
  workers?: number;
  /** Uncompressed bytes of a file. @default 256 MB */
  shardBytes?: number;
  signal?: AbortSignal;
  /** Told after each page how many records were listed so far. */
  onProgress?: (records: number) => void;
  /** JSONL is always written: the others are made from it. */
  formats?: readonly ExportFormat[];
}

const SHARD_BYTES = 256 * 1024 * 1024;

/**
 * Turns the captures of a run into the files of its tables, a manifest that proves the counts, and
 * `rejects.jsonl`: one pass, offline, bounded in memory. The folder `out` appears whole, in place of
 * one that stood there; the same captures and code give the same bytes.
 *
 * @throws {EtlError} `EXPORT_MISSING` for a run without captures, `EXPORT_COUNT` when listed is not
 * exported + duplicates + rejected, `CAPTURE_NOT_JSON`, `STORAGE_CORRUPT`, `STORAGE_FULL`, `STORAGE_DENIED`,
 * `CONFIG_INVALID` for an unknown table, `FOLDER_TAKEN` for an `out` that is not ours. What stood at `out` is untouched in every case.
 */
export async function exportRun(input: ExportInput, options: ExportOptions): Promise<Manifest> {
  const wanted = wantedTables(input, options.tables);
  await checkOut(options.out, input);
  return writeFolder(options.out, async (folder) => {
    const shape = { folder, shardBytes: options.shardBytes ?? SHARD_BYTES };
    const session: ExportSession = {
      input,
      output: createOutput(wanted, { ...shape, compress: options.compress }),
      rejects: createTableWriter('rejects', {
        ...shape,
        shardBytes: Infinity,
        packer: createBlockPacker('none'),
      }),
      repairs: new Map(),
      workers: options.workers,
      signal: options.signal,
      onProgress: options.onProgress ?? (() => undefined),
    };
    try {
      const manifest = await fillWith(session);
      await addFormats(manifest, { folder, wanted, formats: options.formats ?? [] });
      await writeDurably(join(folder, MANIFEST_FILE), formatManifest(manifest));
      return manifest;
    } catch (error) {
      await Promise.allSettled([session.output.abort(), session.rejects.abort()]);
      throw error;
    }
  });
}

/** Tables of boards that the leaderboards of the Hub's benchmarks fill too. */
const OF_BENCHMARKS = new Set(['leaderboard_entries', 'leaderboard_scores']);

/** Tables that were asked for and that the run has a source for, in the order of the index. */
function wantedTables({ datasets }: ExportInput, names: readonly string[] | undefined): Table[] {
  const unknown = names?.filter((name) => !allTables.some((table) => table.name === name)) ?? [];
  if (unknown.length > 0)
    throw new EtlError('CONFIG_INVALID', `no such table: ${unknown.join(', ')}`);
  const hasSource: Record<Table['origin'], boolean> = {
    model: datasets.models !== null,
    crawl: datasets.models !== null || datasets.missed !== null,
    tags: datasets.tags !== null,
    board: datasets.boards !== null,
    benchmark: (datasets.benchmarks ?? null) !== null,
    run: true,
  };
  if (!Object.entries(hasSource).some(([origin, has]) => has && origin !== 'run')) {
    throw new EtlError('EXPORT_MISSING', 'the run has no captures');
  }
  const isFed = ({ name, origin }: Table): boolean =>
    hasSource[origin] || (hasSource.benchmark && OF_BENCHMARKS.has(name));
  return allTables.filter(
    (table) => isFed(table) && (names === undefined || names.includes(table.name)),
  );
}

async function fillWith(session: ExportSession): Promise<Manifest> {
  const pool = await startPool(session);
  try {
    return await fill(session, pool);
  } finally {
    await pool.close();
  }
}

/** The passes, in order: each needs what those before it found. */
async function fill(session: ExportSession, pool: PagePool): Promise<Manifest> {
  const { input, output } = session;
  const { datasets, crawl } = input;
  const { vocabulary, counts: tagCounts } = await exportTags(session);
  const boardCaptures = await scanBoards(session);
  const benchmarkCaptures = await scanBenchmarks(session);
  const names = new Set([...boardCaptures.names, ...benchmarkCaptures.names]);
  const watched = watchResults(output, benchmarkCaptures);
  const models = await exportModels({ ...session, output: watched }, { vocabulary, names, pool });
  // Its threads may end while the rest is written; whoever made it waits for that.
  void pool.close();
  const { found } = models;
  const missed = stillMissed(await readMissed(session), benchmarkCaptures);
  const aliases = uniqueAliases([...models.aliases, ...redirectsOf(missed)]);
  await output.write('missed', missedRows(missed));
  await output.write('aliases', aliases);
  const resolve = resolver(aliases, found);
  const boards = await exportBoards(session, boardCaptures, resolve);
  const benchmarks = await exportBenchmarks(session, benchmarkCaptures, resolve);
  const agreement = watched.compare(benchmarks.results, (model) => found.has(model));
  const boardSources = {
    ...boardEntries(crawl, boards),
    ...missedBoards(missed, benchmarks.boards),
    ...benchmarks.boards,
  };
  const sources: Manifest['sources'] = {
    ...(datasets.models === null
      ? {}
      : {
          models: { ...crawl.models, ...models.counts, missed: missed.filter(isOfModels).length },
        }),
    ...(tagCounts === null ? {} : { tags: { ...crawl.tags, ...tagCounts } }),
    ...(benchmarks.counts === null
      ? {}
      : {
          benchmarks: {
            ...crawl.benchmarks,
            ...benchmarks.counts,
            ...agreementFacts(agreement),
          },
        }),
    ...(datasets.boards === null && benchmarks.counts === null ? {} : { boards: boardSources }),
  };
  await output.write('repairs', repairRows(input.run, session.repairs));
  await output.write('runs', [runRow(input, sources)]);
  const { run, startedAt, finishedAt, version, endpoint } = input;
  return {
    format: 1,
    ...{ run, startedAt, finishedAt, version, endpoint },
    sources,
    tables: await output.close(),
    rejects: await session.rejects.close(),
    repairs: Object.fromEntries(
      [...session.repairs]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([rule, { count }]) => [rule, count]),
    ),
  };
}

/** Every board that the crawl tried, so that one that drifted is seen to have given nothing. */
function boardEntries(
  crawl: CrawlFacts,
  counts: Awaited<ReturnType<typeof exportBoards>>,
): Record<string, SourceEntry> {
  const none = { listed: 0, exported: 0, duplicates: 0, rejected: 0 };
  const ids = [...new Set([...Object.keys(crawl.boards ?? {}), ...Object.keys(counts)])].sort();
  return Object.fromEntries(
    ids.map((id) => [id, { ...crawl.boards?.[id], ...(counts[id] ?? none) }]),
  );
}

function uniqueAliases(aliases: readonly Alias[]): Alias[] {
  const seen = new Map(aliases.map((alias) => [`${alias.from_id} ${alias.to_id}`, alias]));
  return [...seen.values()].filter((alias) => alias.to_id !== '' && alias.to_id !== alias.from_id);
}

function resolver(aliases: readonly Alias[], found: ReadonlySet<string>): ResolveModel {
  const now = new Map(aliases.map((alias) => [alias.from_id, alias.to_id]));
  return ({ name, linked }) => {
    const renamed = now.get(linked ?? name);
    if (renamed !== undefined) return { modelId: renamed, match: 'alias' };
    if (linked !== null) return { modelId: linked, match: 'link' };
    if (found.has(name)) return { modelId: name, match: 'exact' };
    return { modelId: null, match: 'none' };
  };
}

async function addFormats(
  manifest: Manifest,
  {
    folder,
    wanted,
    formats,
  }: { folder: string; wanted: readonly Table[]; formats: readonly ExportFormat[] },
): Promise<void> {
  for (const table of wanted) {
    const entry = manifest.tables[table.name];
    if (entry === undefined) continue;
    if (formats.includes('parquet')) entry.parquet = await writeParquet(table, entry, folder);
    if (formats.includes('csv') && isFlat(table)) entry.csv = await writeCsv(table, entry, folder);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
