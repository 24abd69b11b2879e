import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { TableEntry } from '../../../src/export/manifest.ts';
import { tinyExport, type Exported } from './warehouse.ts';

const PACK = {
  '': (bytes: Buffer) => bytes,
  '.gz': (bytes: Buffer) => gzipSync(bytes),
  '.zst': (bytes: Buffer) => zstdCompressSync(bytes),
} as const;

/** A table of these parts, a file each. */
export async function writeTable(
  folder: string,
  parts: readonly Buffer[],
  suffix: keyof typeof PACK,
): Promise<TableEntry> {
  const files = [];
  for (const [at, part] of parts.entries()) {
    const packed = PACK[suffix](part);
    const path = `usage-${at}.jsonl${suffix}`;
    await writeFile(join(folder, path), packed);
    const sha256 = createHash('sha256').update(packed).digest('hex');
    files.push({ path, rows: countRows(part), bytes: packed.length, sha256 });
  }
  const whole = Buffer.concat(parts);
  const sha256 = createHash('sha256').update(whole).digest('hex');
  return { rows: countRows(whole), bytes: whole.length, sha256, files };
}

const countRows = (bytes: Buffer): number => bytes.toString('latin1').split('\n').length - 1;

/** A table of about 20 MB: three pieces of an upload. */
export async function largeExport(folder: string): Promise<Exported> {
  const { manifest, exportDir } = await tinyExport(folder, {
    run: 'large',
    day: '2026-11-01',
    models: 1,
  });
  const line = (at: number) =>
    `{"id":"owner/model-${at}","_id":"${at}","downloads":${at},"likes":2,"update_time":"2026-11-01T10:00:00.000Z"}\n`;
  const half = (from: number) =>
    Buffer.from(Array.from({ length: 95_000 }, (_, at) => line(from + at)).join(''));
  const usage = await writeTable(exportDir, [half(0), half(95_000)], '.zst');
  return { exportDir, manifest: { ...manifest, tables: { usage } } };
}
