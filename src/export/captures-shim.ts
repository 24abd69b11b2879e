import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Capture } from '../storage/capture.ts';
import { readPackedCaptures } from '../storage/captures.ts';
import { unpackFrame } from '../storage/segments.ts';

/** Until the new store is merged. */
export interface StoredCapture {
  n: number;
  facts: Omit<Capture, 'body'>;
  packed: Buffer;
}

export async function* readCaptures(
  storageDir: string,
  dataset: string,
  { from = 0 }: { from?: number } = {},
): AsyncGenerator<StoredCapture, void> {
  for await (const { frames, n } of readPackedCaptures(storageDir, dataset)) {
    if (n < from) continue;
    let facts: Omit<Capture, 'body'> | undefined;
    let text = '';
    for (const frame of frames) {
      const line = await unpackFrame(frame);
      const { body, ...rest } = JSON.parse(line) as Capture;
      facts = rest;
      text += typeof body === 'string' ? body : line;
    }
    if (facts !== undefined) yield { n, facts, packed: zstdCompressSync(Buffer.from(text)) };
  }
}

export async function countCaptures(storageDir: string, dataset: string): Promise<number> {
  let count = 0;
  for await (const { n } of readPackedCaptures(storageDir, dataset)) count = n + 1;
  return count;
}

export const bodyOf = ({ packed }: Pick<StoredCapture, 'packed'>): Buffer =>
  zstdDecompressSync(packed);
