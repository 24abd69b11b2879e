import { open, rm, stat } from 'node:fs/promises';
import { copyIfOpen } from '../capture-file.ts';
import { filesIn, orMissing } from '../files.ts';

/** What a state consists of, in such an order that each speaks only of what comes after it. */
const CRAWLED = ['runs', 'boards', 'datasets'] as const;
/** Changes at the end of a run only, several files at once. */
const PUBLISHED = ['exports', 'warehouse'] as const;

// What is half written, and what only this machine needs: locks, logs of SQLite, backups, refused releases.
const LEFT_OUT =
  /(?:^|\/)\.|\.tmp$|\.new$|\.download$|\.huggingface-etl-|\.sqlite-\w+$|^warehouse\/(?!hub\.duckdb$)/;
const INCLUDED = new RegExp(`^(?:${[...CRAWLED, ...PUBLISHED].join('|')})/[^\\\\]+$`);

/** Whether a path may be one of a state: none leads out of the storage. */
export const isStatePath = (path: string): boolean => INCLUDED.test(path) && !LEFT_OUT.test(path);

/** Whether a path is of what a run leaves alone until its end. */
export const isPublished = (path: string): boolean =>
  PUBLISHED.some((it) => path.startsWith(`${it}/`));

/**
 * Yields the files of a storage that later runs stand on, as paths with slashes. A folder is looked
 * into when its turn has come.
 */
export async function* stateFiles(
  storageDir: string,
  { whole = true }: { whole?: boolean } = {},
): AsyncGenerator<string, void> {
  for (const folder of whole ? [...CRAWLED, ...PUBLISHED] : CRAWLED) {
    yield* (await filesIn(storageDir, folder)).filter(isStatePath).sort();
  }
}

/** Small enough to be held several at a time and sent again, large enough to be few. */
export const PART_BYTES = 8 * 1024 * 1024;

/** Tells whether a file has changed; of a file of captures that is written to, its log counts too. */
export async function stampOf(path: string): Promise<string> {
  const stamps = await Promise.all(
    [path, `${path}-wal`].map(async (it) => {
      const found = await orMissing(stat(it));
      return found && [found.ino, found.size, found.mtimeMs].join(':');
    }),
  );
  return stamps.join(' ');
}

/**
 * Yields a file in parts; nothing when it is gone. Of captures that are written to it is a copy, made in
 * one go: they are written in this thread.
 */
export async function* partsOf(path: string, copy: string): AsyncGenerator<Buffer, void> {
  const isCopied = path.endsWith('.sqlite') && copyIfOpen(path, copy);
  const handle = await open(isCopied ? copy : path);
  try {
    const { size } = await handle.stat();
    for (let at = 0; at < size; at += PART_BYTES) {
      const part = Buffer.alloc(Math.min(PART_BYTES, size - at));
      const { bytesRead } = await handle.read(part, 0, part.length, at);
      yield part.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
    if (isCopied) await rm(copy);
  }
}
