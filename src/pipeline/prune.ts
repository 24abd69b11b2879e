import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { REPO_KINDS } from '../api/repos.ts';
import { EtlError } from '../errors.ts';
import { refuseForeign } from '../export/out-folder.ts';
import { bytesOf } from '../storage/dataset-facts.ts';
import { dropDataset } from '../storage/dataset-folder.ts';
import { orMissing } from '../storage/files.ts';
import { readMemory, rememberedBoards } from './board-memory.ts';
import { carriedBy } from './carried.ts';
import { readRuns, saveRun, type RunState } from './state.ts';

/** What was removed of a run, or would be. */
export interface Pruned {
  run: string;
  /** Datasets of captures. */
  datasets: string[];
  /** Its folder of tables, if it has one. */
  exported: string | null;
  /** The folder of what was seen of refused boards, if it has one. */
  evidence: string | null;
  /** Of the captures, packed. */
  bytes: number;
}

export interface PruneOptions {
  /** Newest runs that stay as they are; 0 keeps all. */
  keepRuns: number;
  /** Tells, and removes nothing. @default false */
  dryRun?: boolean;
}

/**
 * Removes captures, tables and evidence of old runs. What a later run stands on stays, however old: runs
 * that are gone on with, the newest whole crawl of each list (its cursors, and the tables that events are
 * told against), what light runs carry from, and the last good captures of boards. The state of each run stays, too. Tables that
 * `--out` put elsewhere are not touched, and neither is a folder that holds anything else.
 *
 * @throws {EtlError} STORAGE_DENIED, STORAGE_CORRUPT
 */
export async function prune(
  storageDir: string,
  { keepRuns, dryRun = false }: PruneOptions,
): Promise<Pruned[]> {
  if (keepRuns === 0) return [];
  const runs = readRuns(storageDir);
  const kept = keptRuns(runs, keepRuns);
  const keptStates = runs.filter(({ run }) => kept.has(run));
  const needed = new Set([...lastGoodDatasets(storageDir), ...carriedBy(keptStates, runs).keys()]);
  const pruned: Pruned[] = [];
  for (const state of runs) {
    if (kept.has(state.run)) continue;
    const found = await foundOf(storageDir, state, needed);
    if (found === null) continue;
    pruned.push(found);
    if (!dryRun) await remove(storageDir, state, found);
  }
  return pruned;
}

function keptRuns(runs: readonly RunState[], keepRuns: number): Set<string> {
  const kept = new Set(runs.slice(-keepRuns).map(({ run }) => run));
  const paramsOf = ({ params }: RunState): string => JSON.stringify(params);
  for (const [at, state] of runs.entries()) {
    if (state.stage === 'done') continue;
    const later = runs.slice(at + 1).filter((it) => it.stage !== 'done');
    if (!later.some((it) => paramsOf(it) === paramsOf(state))) kept.add(state.run);
  }
  for (const kind of REPO_KINDS) {
    const whole = runs.findLast(
      ({ params, sources, stage, error }) =>
        sources[kind]?.last !== undefined &&
        [params.filter, params.author].every((it) => it === null) &&
        stage === 'done' &&
        error?.code !== 'CHECK_REFUSED',
    );
    if (whole !== undefined) kept.add(whole.run);
  }
  return kept;
}

function lastGoodDatasets(storageDir: string): Set<string> {
  const memories = rememberedBoards(storageDir).map((id) => readMemory(storageDir, id));
  return new Set(memories.flatMap((it) => [it?.dataset ?? '', it?.before?.dataset ?? '']));
}

/** What a run has that can go; null when that is nothing. */
async function foundOf(
  storageDir: string,
  { run, datasets }: RunState,
  needed: ReadonlySet<string>,
): Promise<Pruned | null> {
  const names = Object.keys(datasets).filter((name) => !needed.has(name));
  const exported = path.join(storageDir, 'exports', run);
  const evidence = path.join(storageDir, 'runs', run, 'evidence');
  const found = {
    run,
    datasets: names,
    exported: existsSync(exported) && (await isOurs(exported)) ? exported : null,
    evidence: existsSync(evidence) ? evidence : null,
    bytes: bytesOf(names.flatMap((name) => datasets[name] ?? [])),
  };
  const isNothing = names.length === 0 && found.exported === null && found.evidence === null;
  return isNothing ? null : found;
}

async function isOurs(folder: string): Promise<boolean> {
  try {
    await refuseForeign(folder);
    return true;
  } catch (error) {
    if (error instanceof EtlError && error.code === 'FOLDER_TAKEN') return false;
    throw error;
  }
}

/** The state says first that they are gone: a process that dies here leaves nothing that seems whole. */
async function remove(storageDir: string, state: RunState, found: Pruned): Promise<void> {
  const gone = new Set(found.datasets);
  const left = Object.entries(state.datasets).filter(([name]) => !gone.has(name));
  saveRun(storageDir, { ...state, datasets: Object.fromEntries(left), isPruned: true });
  for (const name of found.datasets) await dropDataset(storageDir, name);
  for (const folder of [found.exported, found.evidence])
    if (folder !== null) await orMissing(rm(folder, { recursive: true, force: true }));
}
