import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EtlError } from '../errors.ts';
import { compareResults } from '../boards/rows/check-benchmarks.ts';
import type { NamedModel } from '../boards/rows/rows.ts';
import { SCHEMA_VERSION } from '../tables/index.ts';
import { LICENSES } from '../tables/license-families.ts';
import { RECORD_ORIGINS, type RecordOrigin, type Table } from '../tables/table.ts';
import { completenessRows, isSample } from './completeness.ts';
import { writeCopy } from './copies.ts';
import {
  agreementFacts,
  comparedBoards,
  exportBenchmarks,
  missedBoards,
  scanBenchmarks,
  stillMissed,
} from './export-benchmarks.ts';
import { exportAuthors, readOverviews } from './export-authors.ts';
import { exportDetails } from './export-details.ts';
import { exportBoards, scanBoards } from './export-boards.ts';
import { missedOf, missedRows, readMissed, type Missed } from './export-missed.ts';
import { exportRepos, REPOS, type ReposOutcome } from './export-repos.ts';
import type { ExportInput, ExportSession } from './export-session.ts';
import { exportTags } from './export-tags.ts';
import { writeFolder } from './folder.ts';
import {
  formatManifest,
  MANIFEST_FILE,
  NO_COUNTS,
  type CrawlFacts,
  type Manifest,
  type SourceCounts,
  type SourceEntry,
  type SourceFacts,
} from './manifest.ts';
import { redirectsOf, resolver, searchNames, uniqueAliases } from './model-names.ts';
import { checkOut } from './out-folder.ts';
import { holdAllEdges } from './held-edges.ts';
import { exportEvents } from './events.ts';
import { createOutput } from './output.ts';
import { repairRows, runRow } from './run-rows.ts';
import { createTableWriter, type Compression } from './table-writer.ts';
import { wantedTables } from './wanted-tables.ts';

export type { ExportInput } from './export-session.ts';

export type ExportFormat = 'jsonl' | 'parquet' | 'csv';

export interface ExportOptions {
  /** The folder that appears when the export is whole. */
  out: string;
  compress: Compression;
  /** Names of the tables to write, beside `completeness` and `runs`. @default all that the run has a source for */
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
 * exported + carried + duplicates + rejected, `CAPTURE_NOT_JSON`, `STORAGE_CORRUPT`, `STORAGE_FULL`, `STORAGE_DENIED`,
 * `CONFIG_INVALID` for an unknown table, `FOLDER_TAKEN` for an `out` that is not ours. What stood at `out` is untouched in every case.
 */
export async function exportRun(input: ExportInput, options: ExportOptions): Promise<Manifest> {
  const wanted = wantedTables(input, options.tables);
  await checkOut(options.out, input);
  return writeFolder(options.out, async (folder) => {
    const { compress, shardBytes = SHARD_BYTES } = options;
    let listed = 0;
    const session: ExportSession = {
      ...{ input, folder },
      output: createOutput(wanted, { folder, compress, shardBytes }),
      rejects: createTableWriter('rejects', { folder, compress: 'none', shardBytes: Infinity }),
      edges: holdAllEdges(folder, wanted),
      repairs: new Map(),
      asked: options.tables ?? null,
      workers: options.workers,
      signal: options.signal,
      onListed: (more) => options.onProgress?.((listed += more)),
    };
    try {
      const manifest = await fill(session);
      await addFormats(manifest, { folder, wanted, formats: options.formats ?? [] });
      await writeFile(join(folder, MANIFEST_FILE), formatManifest(manifest), { flush: true });
      return manifest;
    } catch (error) {
      await Promise.allSettled([
        session.output.abort(),
        session.rejects.abort(),
        ...[...session.edges.values()].map((it) => it.abort()),
      ]);
      throw error;
    }
  });
}

/** The passes, in order: each needs what those before it found. */
async function fill(session: ExportSession): Promise<Manifest> {
  const { input, output } = session;
  const { vocabulary, counts: tagCounts } = await exportTags(session);
  const boardCaptures = await scanBoards(session);
  const benchmarkCaptures = await scanBenchmarks(session);
  const names = namesOf(input, [...boardCaptures.names, ...benchmarkCaptures.names]);
  const models = await exportRepos(session, 'model', {
    vocabulary,
    names: names.search,
    benchmarks: new Set(benchmarkCaptures.last.keys()),
  });
  const dataset = await exportRepos(session, 'dataset');
  const space = await exportRepos(session, 'space');
  const asked = await readAsked(session, benchmarkCaptures);
  const { missed } = asked;
  const aliases = uniqueAliases([...models.aliases, ...redirectsOf(missed)]);
  const repos = { model: { ...models, aliases }, dataset, space };
  await output.write('missed', missedRows(missed));
  await output.write('license_families', LICENSES);
  await settleNames(session, repos);
  for (const kind of RECORD_ORIGINS) await exportEvents(session, kind, repos[kind].rejected);
  const resolve = resolver({ ...names, aliases, ids: models.ids });
  const boards = await exportBoards(session, boardCaptures, resolve);
  const benchmarks = await exportBenchmarks(session, benchmarkCaptures, resolve);
  await exportAuthors(session, asked.overviews);
  // Without the results of models, or without leaderboards, there is nothing to compare.
  const agreement =
    output.names.includes('eval_results') && benchmarkCaptures.last.size > 0
      ? compareResults(
          { benchmarks: benchmarkCaptures.last.keys(), results: benchmarks.results },
          models.stated,
          (model) => names.search.find(model) !== undefined,
        )
      : null;
  const { crawl, datasets, run } = input;
  const sources = { ...repoEntries(input, repos, missed), ...askedEntries(session, asked) };
  if (tagCounts !== null) sources.tags = { ...crawl.tags, ...tagCounts };
  if (benchmarks.counts !== null) {
    const facts = agreementFacts(agreement);
    sources.benchmarks = { ...crawl.benchmarks, ...benchmarks.counts, ...facts };
  }
  if (datasets.boards !== null || benchmarks.counts !== null) {
    sources.boards = {
      ...boardEntries(crawl, boards),
      ...missedBoards(missed, benchmarks.boards),
      ...comparedBoards(benchmarks.boards, agreement),
    };
  }
  await output.write('repairs', repairRows(run, session.repairs));
  const about = aboutRun(session, sources, missed);
  await output.write('completeness', about.completeness);
  await output.write('runs', [runRow(about)]);
  return {
    ...about,
    ...editionOf(input),
    tables: await output.close(),
    rejects: await session.rejects.close(),
    repairs: countsByRule(session),
  };
}

/** What was asked for by name, and what the run could not have in the end. */
async function readAsked(
  session: ExportSession,
  benchmarks: Awaited<ReturnType<typeof scanBenchmarks>>,
) {
  const overviews = await readOverviews(session);
  const details = await exportDetails(session);
  // What a process of the run missed, one that went on may have had.
  const had = new Map<string, { has: (name: string) => boolean }>([
    ['authors', overviews.found],
    ['details', details.found],
  ]);
  const missed = stillMissed(await readMissed(session), benchmarks).filter(
    ({ source, id }) => had.get(source)?.has(id ?? '') !== true,
  );
  return { overviews, details, missed };
}

type AskedFor = Awaited<ReturnType<typeof readAsked>>;

/** The entries of sources that were asked for one by one. */
function askedEntries(
  { input: { crawl, outcome }, output }: ExportSession,
  { overviews, details, missed }: AskedFor,
): Manifest['sources'] {
  const entryOf = (asked: 'authors' | 'details', counts: SourceCounts) => {
    const failure = outcome.failures.find(({ source }) => source === asked);
    const failed = failure === undefined ? {} : { status: 'failed', error: failure.code };
    const lacks = missed.filter(({ source }) => source.split('/')[0] === asked).length;
    return { ...crawl[asked], ...failed, ...counts, missed: lacks };
  };
  const owners = output.rowsOf('authors') ?? null;
  return {
    ...(crawl.details && { details: entryOf('details', details.counts) }),
    ...(crawl.authors && { authors: { ...entryOf('authors', overviews.counts), owners } }),
  };
}

type Repos = Record<RecordOrigin, ReposOutcome>;

/** Writes under which names repositories were known, and where edges lead that waited for all names. */
async function settleNames({ output, edges }: ExportSession, repos: Repos): Promise<void> {
  for (const kind of RECORD_ORIGINS) {
    const rows = uniqueAliases(repos[kind].aliases).map((alias) => ({ ...alias, kind }));
    await output.write('aliases', rows);
  }
  for (const held of edges.values()) await held.release(output, repos[held.origin]);
}

/** A record of a light list that nothing completes must be one that was asked for and not had. */
function checkThin(repos: Repos, missed: readonly Missed[]): void {
  for (const origin of RECORD_ORIGINS) {
    const { source, singles } = REPOS[origin];
    const asked = new Set(missed.filter((it) => it.source === singles).map(({ id }) => id));
    const id = repos[origin].thin.find((it) => !asked.has(it));
    if (id === undefined) continue;
    const message = `${source}: no earlier run has the fields of ${id} that this one did not ask for`;
    throw new EtlError('EXPORT_COUNT', message, { context: { source, id } });
  }
}

function repoEntries(
  { crawl, datasets }: ExportInput,
  repos: Repos,
  missed: readonly Missed[],
): Manifest['sources'] {
  checkThin(repos, missed);
  const sources: Manifest['sources'] = {};
  for (const origin of RECORD_ORIGINS) {
    const { source } = REPOS[origin];
    if ((datasets[source] ?? null) === null) continue;
    const lacks = missed.filter((it) => missedOf(it) === source).length;
    const entry = { ...repos[origin].counts, missed: lacks };
    sources[source] = { ...crawl[source], ...entry, ...countedOut(crawl[source], source, entry) };
  }
  return sources;
}

/** What boards call models, and who says what they mean. */
function namesOf({ names, datasets, asked: scope }: ExportInput, asked: readonly NamedModel[]) {
  const registry = names?.registry ?? new Map<string, string>();
  const isWhole = datasets.models !== null && !isSample(scope);
  return { asked, registry, search: searchNames(asked, registry), isWhole };
}

/** What was given beside the captures. */
const editionOf = ({
  publishable,
  names,
  developers,
}: ExportInput): Pick<Manifest, 'publishable' | 'names' | 'developers'> => ({
  ...(publishable && { publishable: true as const }),
  ...(names && { names: { aliases: names.registry.size, sha256: names.sha256 } }),
  ...(developers && {
    developers: { owners: developers.owners.size, sha256: developers.sha256 },
  }),
});

/** Over all kinds of records; by table they are in table `repairs`. */
function countsByRule({ repairs }: ExportSession): Record<string, number> {
  const counts = new Map<string, number>();
  for (const [rule, { count }] of [...repairs.values()].flatMap((it) => [...it]))
    counts.set(rule, (counts.get(rule) ?? 0) + count);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A number that nobody promises is no reason to refuse a list. */
function countedOut(
  { counted }: SourceFacts = {},
  source: string,
  { exported, carried = 0, rejected, missed }: SourceCounts & { missed: number },
): { warnings?: string } {
  const known = exported + carried + rejected + missed;
  if (typeof counted !== 'number' || counted <= known) return {};
  return {
    warnings: `the search of the Hub counts ${counted} ${source}, the run knows of ${known}`,
  };
}

/** What the manifest and the tables `runs` and `completeness` say of the run. */
function aboutRun(
  { input, asked }: ExportSession,
  sources: Manifest['sources'],
  missed: readonly Missed[],
) {
  const { run, startedAt, finishedAt, version, endpoint } = input;
  const scope = { ...input.asked, tables: asked };
  return {
    format: 1 as const,
    ...{ run, startedAt, finishedAt, version, schemaVersion: SCHEMA_VERSION, endpoint },
    asked: { ...scope, sha256: hashOf({ endpoint, ...scope }) },
    outcome: {
      ...input.outcome,
      seconds: Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000),
      bytes: input.bytes ?? 0,
    },
    completeness: completenessRows(input, sources, { missed, scope }),
    sources,
  };
}

const hashOf = (value: object): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Every board that the crawl tried, so that one that drifted is seen to have given nothing. */
function boardEntries(
  crawl: CrawlFacts,
  counts: Awaited<ReturnType<typeof exportBoards>>,
): Record<string, SourceEntry> {
  const ids = [...new Set([...Object.keys(crawl.boards ?? {}), ...Object.keys(counts)])].sort();
  return Object.fromEntries(
    ids.map((id) => [id, { ...crawl.boards?.[id], ...(counts[id] ?? NO_COUNTS) }]),
  );
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
    if (formats.includes('parquet'))
      entry.parquet = await writeCopy({ table, entry, facts: manifest }, 'parquet', folder);
    if (formats.includes('csv'))
      entry.csv = await writeCopy({ table, entry, facts: manifest }, 'csv', folder);
  }
}
