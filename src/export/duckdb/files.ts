import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { EtlError, systemCode } from '../../errors.ts';
import { orMissing, syncFile } from '../../storage/files.ts';
import { releasesOf } from './releases.ts';

/** Releases before that are kept as files. */
export const KEEP_BACKUPS = 3;

export const backupsFolder = (path: string): string => join(dirname(path), 'backups');

/** The file that is built, beside the one that readers open; `<path>.tmp` is where DuckDB spills for them. */
export const buildingPath = (path: string): string => `${path}.new.tmp`;

/** The file of the release that the checks refused last, for those who ask what was wrong with it. */
export const refusedPath = (path: string): string => `${path}.refused`;

/** Keeps a finished build that was refused, in place of the one before. */
export async function keepRefused(path: string): Promise<void> {
  await rename(buildingPath(path), refusedPath(path));
}

export const removeRefused = (path: string): Promise<void> =>
  rm(refusedPath(path), { force: true });

/** Where the file of a release is kept once another one is published. */
export const backupPath = (path: string, run: string): string =>
  join(
    backupsFolder(path),
    `${basename(path, extname(path))}-${run.replaceAll(/[^\w.-]/g, '_')}${extname(path)}`,
  );

/** Files of releases before, the newest first. */
export async function backupFiles(path: string): Promise<string[]> {
  const folder = backupsFolder(path);
  const prefix = `${basename(path, extname(path))}-`;
  const names = (await namesIn(folder)).filter(
    (it) => it.startsWith(prefix) && it.endsWith(extname(path)),
  );
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  dated.sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1));
  return dated.map(({ name }) => join(folder, name));
}

/** What killed builds, of whatever run, have left: half a file, its log, what DuckDB had spilled. */
export async function leftovers(path: string): Promise<string[]> {
  const folder = dirname(path);
  const ours = (await namesIn(folder)).filter((it) => it.startsWith(basename(buildingPath(path))));
  const halves = (await namesIn(backupsFolder(path))).filter((it) => it.endsWith('.tmp'));
  return [
    ...ours.map((name) => join(folder, name)),
    ...halves.map((name) => join(backupsFolder(path), name)),
  ];
}

export async function removeLeftovers(path: string): Promise<void> {
  for (const leftover of await leftovers(path))
    await rm(leftover, { recursive: true, force: true });
}

/**
 * Run of the release that a file holds; null when there is no file.
 *
 * @throws {EtlError} `FOLDER_TAKEN` for a DuckDB file without releases: it is somebody else's, and would go with old backups
 */
export async function runOf(path: string): Promise<string | null> {
  if (!(await isFile(path))) return null;
  const latest = (await releasesOf(path)).at(-1);
  if (latest !== undefined) return latest.run;
  throw new EtlError('FOLDER_TAKEN', `${path} is a DuckDB file that no load of ours wrote`);
}

/**
 * Gives the file that readers open a second name among the backups, so that they find it under `path`
 * until the rename. A log of somebody who wrote into it goes along: it must not meet another file.
 */
export async function keepBackup(path: string, run: string): Promise<string> {
  const backup = backupPath(path, run);
  await mkdir(backupsFolder(path), { recursive: true });
  await rm(`${backup}.wal`, { force: true });
  await linkOrCopy(path, backup);
  if (await isFile(`${path}.wal`)) await rename(`${path}.wal`, `${backup}.wal`);
  await syncFile(backupsFolder(path));
  return backup;
}

/** A second name for a file, in place of what has that name; a copy where there are no hard links. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  const half = `${to}.tmp`;
  await rm(half, { force: true });
  try {
    await link(from, half);
  } catch (error) {
    // Some file systems have no hard links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV'].includes(systemCode(error) ?? '')) throw error;
    await copyFile(from, half);
    await syncFile(half);
  }
  // Of two names of one file, a rename leaves both: so the old one goes first.
  await rm(to, { force: true });
  await rename(half, to);
}

/** Puts a finished file in the place that readers open. */
export async function replaceFile(building: string, path: string): Promise<void> {
  await rename(building, path);
  await syncFile(dirname(path));
}

/** The backups that a load of `run` would remove: beyond the newest few, and older files of that run. */
export async function surplusBackups(
  path: string,
  { run, keep, justKept }: { run: string; keep: number; justKept: string | null },
): Promise<string[]> {
  const files = await backupFiles(path);
  const same = backupPath(path, run);
  const others = files.filter((it) => it !== same && it !== justKept);
  const room = justKept === null ? keep : keep - 1;
  return [...files.filter((it) => it === same), ...others.slice(Math.max(0, room))];
}

export async function removeBackups(files: readonly string[]): Promise<void> {
  for (const file of files) {
    await rm(`${file}.wal`, { force: true });
    await rm(file, { force: true });
  }
}

export const isFile = async (path: string): Promise<boolean> =>
  (await orMissing(stat(path)))?.isFile() === true;

export async function bytesOf(path: string): Promise<number> {
  return (await isFile(path)) ? (await stat(path)).size : 0;
}

const namesIn = async (folder: string): Promise<string[]> =>
  ((await orMissing(readdir(folder))) ?? []).sort();
