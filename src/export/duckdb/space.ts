import { statfs } from 'node:fs/promises';
import { EtlError } from '../../errors.ts';
import type { Manifest } from '../manifest.ts';

/**
 * Bytes of a DuckDB file for each byte of JSONL, with what DuckDB spills while it builds: measured 0.2
 * to 0.8, see docs/performance.md.
 */
const BYTES_A_JSONL_BYTE = 0.8;

/** An empty file with all tables, their comments and the log of making them. */
const LEAST_BYTES = 16 * 1024 * 1024;

/** Disk space that a build needs at most, before anything old is removed. */
export function neededBytes(manifest: Manifest, previousBytes: number): number {
  const entries = Object.values(manifest.tables);
  const jsonlBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  // History, and tables of sources that were left out, come over from the file before.
  return Math.ceil(jsonlBytes * BYTES_A_JSONL_BYTE) + previousBytes + LEAST_BYTES;
}

/** Bytes that this user may still write in the file system of a folder. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * @throws {EtlError} `STORAGE_FULL` when the disk is too small, before anything is written
 */
export function refuseFullDisk(space: { needed: number; free: number }, folder: string): void {
  const { needed, free } = space;
  if (free >= needed) return;
  throw new EtlError(
    'STORAGE_FULL',
    `the warehouse needs ${inMegabytes(needed)} in ${folder}, ${inMegabytes(free)} are free`,
    { context: { needed, free } },
  );
}

const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
