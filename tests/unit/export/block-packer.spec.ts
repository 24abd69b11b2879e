import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  BLOCK_BYTES,
  createBlockPacker,
  type BlockPacker,
} from '../../../src/export/block-packer.ts';

const UNPACK = { none: (it: Buffer) => it, gzip: gunzipSync, zstd: zstdDecompressSync };
const packed = async (packer: BlockPacker, block: Buffer): Promise<Buffer> =>
  Buffer.concat(await packer.pack(block));
const lines = (count: number) =>
  Buffer.from(Array.from({ length: count }, (_, n) => `{"n":${n},"half":${n >> 1}}\n`).join(''));

for (const compression of ['none', 'gzip', 'zstd'] as const) {
  test(`${compression}: a block comes out whole, and the same whatever came before it`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 6 }),
        async (counts) => {
          const together = createBlockPacker(compression);
          for (const count of counts) {
            const block = lines(count);
            const bytes = await packed(together, block);
            expect(UNPACK[compression](bytes).equals(block)).toBe(true);
            const alone = createBlockPacker(compression);
            expect(bytes.equals(await packed(alone, block))).toBe(true);
            alone.close();
          }
          together.close();
        },
      ),
      { seed: 3, numRuns: 25 },
    );
  });

  test(`${compression}: a whole block that nothing makes smaller`, async () => {
    const packer = createBlockPacker(compression);
    // More than a chunk of the compressor, and more than once.
    for (const block of [randomBytes(BLOCK_BYTES), lines(5), randomBytes(BLOCK_BYTES)]) {
      expect(UNPACK[compression](await packed(packer, block)).equals(block)).toBe(true);
    }
    packer.close();
  });
}

test('zstd: blocks that come at once are packed one after the other, and all are lost by closing', async () => {
  const packer = createBlockPacker('zstd');
  const blocks = [lines(60_000), lines(3), randomBytes(1 << 20), lines(0), lines(9)];
  const all = await Promise.all(blocks.map((block) => packed(packer, block)));
  for (const [i, block] of blocks.entries()) {
    expect(zstdDecompressSync(all[i] ?? Buffer.alloc(0)).equals(block)).toBe(true);
  }
  const late = [packer.pack(lines(90_000)), packer.pack(lines(1))];
  packer.close();
  const ends = await Promise.allSettled(late);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('zstd: what comes out is one frame, with its length and a checksum', async () => {
  const packer = createBlockPacker('zstd');
  for (const block of [lines(1000), lines(0), lines(70_000)]) {
    const bytes = await packed(packer, block);
    const descriptor = bytes[4] ?? 0;
    expect(bytes.readUInt32LE(0)).toBe(0xfd2fb528);
    // RFC 8878, 3.1.1.1.1: content checksum; a length is there in a single segment or by its own flag.
    expect(descriptor & 0b100).toBe(0b100);
    expect((descriptor & 0b100000) !== 0 || descriptor >> 6 !== 0).toBe(true);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    expect(() => zstdDecompressSync(bytes)).toThrow();
  }
  packer.close();
});

test('zstd: memory that is taken back in any order is of no piece that is still to be written', async () => {
  const packer = createBlockPacker('zstd');
  // Some fill a chunk of the compressor together, others more than one.
  const sizes = [...Array.from({ length: 40 }, () => 60_000), BLOCK_BYTES, 7, BLOCK_BYTES, 900_000];
  const blocks = sizes.map((bytes) => randomBytes(bytes));
  const waiting: { block: Buffer; pieces: readonly Buffer[] }[] = [];
  const chunks = new Set<ArrayBufferLike>();
  for (const [n, block] of blocks.entries()) {
    waiting.push({ block, pieces: await packer.pack(block) });
    const next = n % 3 === 2 ? waiting.shift() : waiting.pop();
    for (const { buffer } of next?.pieces ?? []) chunks.add(buffer);
    if (next !== undefined) packer.release(next.pieces);
    for (const { block: whole, pieces } of waiting) {
      expect(zstdDecompressSync(Buffer.concat(pieces)).equals(whole)).toBe(true);
    }
    if (n % 2 === 0) waiting.push({ block, pieces: await packer.pack(block) });
  }
  for (const { pieces } of waiting) packer.release(pieces);
  // All but the one that the stream goes on with.
  const kept = [...chunks].filter(({ byteLength }) => byteLength > 0);
  expect(chunks.size).toBeGreaterThan(10);
  expect(kept.length).toBeLessThanOrEqual(1);
  packer.close();
});
