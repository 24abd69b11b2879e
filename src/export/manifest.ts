import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EtlError, systemCode } from '../errors.ts';
import { digestFile, orMissing } from '../storage/files.ts';
import type { completeness } from '../tables/completeness.ts';

/** One file of a table. */
export interface TableFile {
  /** Relative to the folder of the export. */
  path: string;
  rows: number;
  /** Bytes on disk. */
  bytes: number;
  /** Of the file as it is on disk. */
  sha256: string;
}

export interface TableEntry {
  rows: number;
  files: TableFile[];
  /** Bytes of the whole table as uncompressed JSONL. */
  bytes: number;
  /** Of the whole table as uncompressed JSONL, so that `--compress` does not change it. */
  sha256: string;
  /** The same table in other formats, when asked for. */
  parquet?: TableFile;
  csv?: TableFile;
}

export type CompletenessRow = z.output<typeof completeness.row>;

/** What only the crawl knows of a source: requests, pages, resumedFrom, status … Passed through. */
export type SourceFacts = Record<string, string | number | boolean | null | undefined>;

/** `boards` holds one entry a board id. */
export interface CrawlFacts {
  models?: SourceFacts;
  datasets?: SourceFacts;
  spaces?: SourceFacts;
  tags?: SourceFacts;
  authors?: SourceFacts;
  details?: SourceFacts;
  benchmarks?: SourceFacts;
  boards?: Record<string, SourceFacts>;
}

/** `listed = exported + carried + duplicates + rejected`, exactly. */
export interface SourceCounts {
  listed: number;
  exported: number;
  /** Became rows too, with most fields as an earlier run read them; only of light lists. */
  carried?: number;
  duplicates: number;
  rejected: number;
}

export const NO_COUNTS: SourceCounts = { listed: 0, exported: 0, duplicates: 0, rejected: 0 };

/** What a run was asked for. */
export interface Asked {
  sources: readonly string[];
  /** Ids of boards. */
  boards: readonly string[];
  /** Of each kind of repository; null: all. */
  limit: number | null;
  filter: string | null;
  author: string | null;
  /** Owners that were asked about, at most; missing where no source asks. */
  overviews?: number;
  /** Which models were asked one by one, as the flag says it; of a file of ids `ids`. */
  details?: string;
  /** Boards were visited whatever their sites' robots.txt says. */
  ignoreRobots?: true;
}

/** A source that failed, or of which a part was refused. */
export interface SourceFailure {
  source: string;
  code: string;
  message: string;
}

/** How the crawl ended: of a load that fails later, nothing is published. */
export interface Outcome {
  status: 'done' | 'partial';
  exitCode: number;
  failures: readonly SourceFailure[];
}

export type SourceEntry = SourceFacts & SourceCounts;

/** The entry of a board that is left out, since not everybody may publish its rows. */
export const withheld = (publish: string, rows: number): SourceEntry => ({
  ...NO_COUNTS,
  withheld: rows,
  publish,
});

/**
 * The proof of an export. It holds no clock of its own: the same code over the same captures writes
 * the same bytes.
 */
export interface Manifest {
  format: 1;
  run: string;
  startedAt: string;
  finishedAt: string;
  version: string;
  /** Of the tables, see `SCHEMA_VERSION`. */
  schemaVersion: number;
  endpoint: string;
  /** `tables` is null for all. */
  asked: Asked & { tables: readonly string[] | null; sha256: string };
  outcome: Outcome & { seconds: number; bytes: number };
  /** The rows of table `completeness`. */
  completeness: CompletenessRow[];
  /** True for an export without the boards that not everybody may publish; these are `withheld`. */
  publishable?: true;
  /** The registry of names that was given. */
  names?: { aliases: number; sha256: string };
  /** What was given about owners. */
  developers?: { owners: number; sha256: string };
  sources: {
    models?: SourceEntry & { missed: number };
    datasets?: SourceEntry & { missed: number };
    spaces?: SourceEntry & { missed: number };
    tags?: SourceEntry;
    /** Of overviews; `owners` are all that the release knows, null without the table of them. */
    authors?: SourceEntry & { missed: number; owners: number | null };
    /** Of models that were asked one by one. */
    details?: SourceEntry & { missed: number };
    benchmarks?: SourceEntry;
    boards?: Record<string, SourceEntry>;
  };
  tables: Record<string, TableEntry>;
  /** `rejects.jsonl`: a line a rejected record, with its reason and where its capture lies. */
  rejects: TableEntry;
  /** How often each rule of cleaning repaired something. */
  repairs: Record<string, number>;
}

export const MANIFEST_FILE = 'manifest.json';

/** The bytes of `manifest.json`. */
export const formatManifest = (manifest: Manifest): string =>
  `${JSON.stringify(manifest, null, 2)}\n`;

/** The files that a manifest lists, of every format, relative to its folder. */
export const filesOf = ({ tables, rejects }: Manifest): string[] =>
  [...Object.values(tables), rejects].flatMap(({ files, parquet, csv }) =>
    [...files, parquet, csv].flatMap((file) => (file === undefined ? [] : [file.path])),
  );

/**
 * Reads the manifest of a finished export.
 *
 * @throws {EtlError} `EXPORT_MISSING` when there is none, or it is of another format.
 */
export async function readManifest(exportDir: string): Promise<Manifest> {
  const path = join(exportDir, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!/^(?:ENOENT|ENOTDIR|EISDIR)$/.test(systemCode(error) ?? '')) throw error;
    throw new EtlError('EXPORT_MISSING', `no finished export in ${exportDir}`, { cause: error });
  }
  const manifest = parsed(text);
  if (manifest !== undefined) return manifest;
  throw new EtlError('EXPORT_MISSING', `${path} is not a manifest of format 1`);
}

/** Enough of a manifest to know ours from a file of that name that something else wrote. */
const File = z.looseObject({ path: z.string() });
const Entry = z.looseObject({
  files: z.array(File),
  parquet: File.optional(),
  csv: File.optional(),
});
const Ours = z.looseObject({
  format: z.literal(1),
  run: z.string(),
  tables: z.record(z.string(), Entry),
  rejects: Entry,
});

function parsed(text: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(text) as Manifest;
    return Ours.safeParse(manifest).success ? manifest : undefined;
  } catch {
    // Not JSON is as much "no manifest" as another format is.
    return undefined;
  }
}

/**
 * Checks each table file of an export against the bytes and the hash that the manifest states.
 *
 * @throws {EtlError} `CHECK_REFUSED` for a file that is missing or differs.
 */
export async function verifyFiles(
  manifest: Pick<Manifest, 'tables'>,
  exportDir: string,
): Promise<void> {
  for (const { files } of Object.values(manifest.tables)) {
    for (const file of files) {
      const found = await orMissing(digestFile(join(exportDir, file.path)));
      if (found?.bytes === file.bytes && found.sha256 === file.sha256) continue;
      const why = found === undefined ? 'is missing' : 'is not what the manifest says';
      throw new EtlError('CHECK_REFUSED', `${file.path} of the export ${why}`, {
        context: { file: file.path, bytes: found?.bytes, expected: file.bytes },
      });
    }
  }
}
