import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Config } from '../config.ts';
import { EtlError, fromSystemError } from '../errors.ts';
import { readManifest } from '../export/manifest.ts';
import { isPage, PAGE_FILE } from '../export/page-file.ts';
import { writeText } from '../storage/files.ts';
import { warehousePath } from './places.ts';
import { knownBoards } from './known-boards.ts';
import { readRuns, type RunState } from './state.ts';

export interface PageOptions {
  /** Of the tables that it shows. @default the newest export of the storage, if there is one */
  folder?: string | undefined;
  /** @default `report.html` in that folder, else in the storage */
  out?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Writes the page that people look at, and returns where it is.
 *
 * @throws {EtlError} EXPORT_MISSING for a folder without tables, or no storage, FOLDER_TAKEN for a file that is no page of
 * ours, LOAD_FAILED, STORAGE_FULL, STORAGE_DENIED
 * @see docs/decisions/0020-the-page-is-html-without-script.md
 */
export async function writePage(config: Config, options: PageOptions): Promise<string> {
  const { storage } = config;
  if (options.folder === undefined && !existsSync(storage))
    throw new EtlError('EXPORT_MISSING', `There is no storage in ${storage}`);
  const runs = readRuns(storage);
  const folder = options.folder ?? newestExport(storage, runs);
  const page = path.resolve(options.out ?? path.join(folder ?? storage, PAGE_FILE));
  if (existsSync(page) && !(await isPage(page)))
    throw new EtlError('FOLDER_TAKEN', `${page} is no page of ours`);
  const release =
    folder === undefined
      ? null
      : { folder: path.resolve(folder), manifest: await readManifest(folder) };
  const warehouse = warehousePath(config);
  const { renderReport } = await import('../report/index.ts');
  const text = await renderReport(
    {
      ...{ page, storage: path.resolve(storage), runs, release },
      warehouse: existsSync(warehouse) ? warehouse : null,
      boards: Object.fromEntries(knownBoards(config).map((it) => [it.id, it])),
    },
    {
      spill: await mkdtemp(path.join(tmpdir(), 'huggingface-etl-page-')).catch((error: unknown) => {
        throw fromSystemError(error, `making a temporary folder in ${tmpdir()} (TMPDIR)`);
      }),
      signal: options.signal,
    },
  );
  writeText(page, text);
  return page;
}

const FORMATS: ReadonlySet<string> = new Set(['jsonl', 'parquet', 'csv']);

/** The same after a load; none where files alone were asked for, or nothing was to be done. */
export async function pageOfLoad(
  config: Config,
  options: PageOptions,
): Promise<string | undefined> {
  const isLoaded = config.to.some((it) => !FORMATS.has(it));
  return isLoaded && !config.dryRun ? writePage(config, options) : undefined;
}

/** Folder of the newest tables in a storage. */
export function newestExport(storage: string, runs: readonly RunState[]): string | undefined {
  const folders = runs.map(({ run }) => path.join(storage, 'exports', run));
  return folders.findLast((it) => existsSync(it));
}
