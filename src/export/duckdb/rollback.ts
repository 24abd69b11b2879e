import { rm, stat } from 'node:fs/promises';
import { EtlError } from '../../errors.ts';
import { syncFile } from '../../storage/files.ts';
import * as files from './files.ts';
import type { Release } from '../warehouse/releases.ts';
import { releasesOf } from './releases.ts';
import { asLoadError } from './session.ts';

export interface DuckdbReleaseEntry {
  run: string;
  /** When the run ended, ISO 8601, UTC; null for a file that cannot be read. */
  finishedAt: string | null;
  /** That the run brought, over all tables; history before it is not counted. */
  rows: number;
  /** Of the file that holds it; null when none does any more. */
  bytes: number | null;
  /**
   * `current`: what readers open. `backup`: a rollback brings it back. `gone`: later releases were built
   * upon it, its own file is no longer kept. `unreadable`: a file that is no release.
   */
  state: 'current' | 'backup' | 'gone' | 'unreadable';
  file: string | null;
}

export interface DuckdbRollback {
  run: string;
  outcome: 'rolled back' | 'already';
  /** The file that readers open. */
  path: string;
  /** Run whose file was replaced, and where that is kept now. */
  replaced: { run: string; file: string } | null;
}

/**
 * The releases that the files of a warehouse know of, the newest first.
 *
 * @throws {EtlError} `WAREHOUSE_MISSING` when there is none
 */
export async function listDuckdbReleases(path: string): Promise<DuckdbReleaseEntry[]> {
  const current = await readEntry(path, 'current');
  if (current === null) throw new EtlError('WAREHOUSE_MISSING', `There is no warehouse at ${path}`);
  const backups: Entry[] = [];
  for (const file of await files.backupFiles(path)) {
    const entry = await readEntry(file, 'backup');
    // A load or rollback that was killed may have left a second name of the current file.
    if (entry !== null && entry.entry.run !== current.entry.run) backups.push(entry);
  }
  const known = [current, ...backups];
  const named = new Set(known.map(({ entry }) => entry.run));
  const gone = known
    .flatMap(({ releases }) => releases)
    .filter(({ run }) => !named.has(run) && named.add(run))
    .map((release): DuckdbReleaseEntry => ({
      ...factsOf(release),
      bytes: null,
      state: 'gone',
      file: null,
    }));
  return [...known.map(({ entry }) => entry), ...gone].sort((a, b) =>
    (a.finishedAt ?? '') > (b.finishedAt ?? '') ? -1 : 1,
  );
}

interface Entry {
  entry: DuckdbReleaseEntry;
  /** What the file says of itself and of those it was built upon. */
  releases: Release[];
}

async function readEntry(file: string, state: 'current' | 'backup'): Promise<Entry | null> {
  if (!(await files.isFile(file))) return null;
  const { size: bytes } = await stat(file);
  try {
    const releases = await releasesOf(file);
    return { entry: { ...factsOf(releases.at(-1)), bytes, state, file }, releases };
  } catch {
    // A file that DuckDB cannot open is listed all the same: a rollback may be meant to replace it.
    return { entry: { ...factsOf(undefined), bytes, state: 'unreadable', file }, releases: [] };
  }
}

const factsOf = (release: Release | undefined) => ({
  run: release?.run ?? 'unknown',
  finishedAt: release?.head.finished_at ?? null,
  rows: Object.values(release?.tables ?? {}).reduce((sum, { rows }) => sum + rows, 0),
});

/**
 * Puts the file of a release before back in the place that readers open, by a rename; the file that was
 * there becomes a backup. Killed anywhere, the one or the other is there whole, and the same call ends
 * it. A load afterwards builds upon the release that was brought back.
 *
 * @throws {EtlError} `CONFIG_INVALID` for a run that no file knows; `CHECK_REFUSED` for one whose file
 * is no longer kept; `WAREHOUSE_MISSING` without one; `LOAD_FAILED`, `STORAGE_FULL`,
 * `STORAGE_DENIED`. Nothing is changed in these cases.
 */
export async function rollbackDuckdb(
  path: string,
  run: string,
  onStep: (step: string) => void = () => undefined,
): Promise<DuckdbRollback> {
  try {
    const releases = await listDuckdbReleases(path);
    const current = releases.find(({ file }) => file === path);
    onStep('clean up');
    await files.removeLeftovers(path);
    if (current?.run === run) {
      await removeSecondName(path, run);
      return { run, outcome: 'already', path, replaced: null };
    }
    const source = backupOf(releases, run);
    const replacedRun = current?.run ?? 'unknown';
    onStep('back up');
    const replaced = { run: replacedRun, file: await files.keepBackup(path, replacedRun) };
    onStep('publish');
    await files.linkOrCopy(source, files.buildingPath(path));
    await syncFile(files.buildingPath(path));
    await files.replaceFile(files.buildingPath(path), path);
    onStep('remove second name');
    await removeSecondName(path, run);
    return { run, outcome: 'rolled back', path, replaced };
  } catch (error) {
    throw asLoadError(error, path);
  }
}

function backupOf(releases: readonly DuckdbReleaseEntry[], run: string): string {
  const entry = releases.find((it) => it.run === run);
  if (entry?.state === 'backup' && entry.file !== null) return entry.file;
  const kept = releases.filter(({ state }) => state === 'backup').map((it) => it.run);
  const choice = kept.length === 0 ? 'none is kept' : `kept: ${kept.join(', ')}`;
  if (entry?.state === 'gone') {
    throw new EtlError('CHECK_REFUSED', `The file of release ${run} is no longer kept; ${choice}`);
  }
  throw new EtlError('CONFIG_INVALID', `There is no release ${run} in the warehouse; ${choice}`);
}

/** The file under `path` needs no place among the backups. */
async function removeSecondName(path: string, run: string): Promise<void> {
  const second = files.backupPath(path, run);
  if (!(await files.isFile(second))) return;
  await rm(second, { force: true });
  await syncFile(files.backupsFolder(path));
}
