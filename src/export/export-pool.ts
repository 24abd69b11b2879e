import { availableParallelism } from 'node:os';
import { countCaptures } from '../storage/captures.ts';
import { modelDatasets, type ExportSession } from './export-session.ts';
import { createPagePool, type PagePool } from './page-pool.ts';

/** Each takes 50 to 100 MB: with more, an export would need more than the 700 MB that we promise. */
const MOST_WORKERS = 2;
/**
 * A smaller export ends sooner without threads: each of them has to start, and to compile what it runs.
 * At so many pages it makes no difference.
 */
const LEAST_PAGES = 84;

/** What cleans the models of a run, with as many threads as were asked for or are worth their start. */
export async function startPool({ input, workers }: ExportSession): Promise<PagePool> {
  const names = modelDatasets(input).flatMap(({ dataset }) => dataset ?? []);
  if (names.length === 0) return createPagePool({ workers: 0 });
  return createPagePool({ workers: workers ?? (await defaultWorkers(input.storageDir, names)) });
}

async function defaultWorkers(storageDir: string, names: readonly string[]): Promise<number> {
  const cores = Math.min(availableParallelism(), MOST_WORKERS);
  return cores > 1 && (await haveManyPages(storageDir, names)) ? cores : 0;
}

async function haveManyPages(storageDir: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) if ((await countCaptures(storageDir, name)) >= LEAST_PAGES) return true;
  return false;
}
