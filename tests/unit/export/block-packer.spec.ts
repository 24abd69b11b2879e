import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { BLOCK_BYTES, createBlockPacker } from '../../../src/export/block-packer.ts';

const UNPACK = { none: (it: Buffer) => it, gzip: gunzipSync, zstd: zstdDecompressSync };
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
            const packed = await together.pack(block);
            expect(UNPACK[compression](packed).equals(block)).toBe(true);
            const alone = createBlockPacker(compression);
            expect(packed.equals(await alone.pack(block))).toBe(true);
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
      expect(UNPACK[compression](await packer.pack(block)).equals(block)).toBe(true);
    }
    packer.close();
  });
}

test('zstd: blocks that come at once are packed one after the other, and all are lost by closing', async () => {
  const packer = createBlockPacker('zstd');
  const blocks = [lines(60_000), lines(3), randomBytes(1 << 20), lines(0), lines(9)];
  const packed = await Promise.all(blocks.map((block) => packer.pack(block)));
  for (const [i, block] of blocks.entries()) {
    expect(zstdDecompressSync(packed[i] ?? Buffer.alloc(0)).equals(block)).toBe(true);
  }
  const late = [packer.pack(lines(90_000)), packer.pack(lines(1))];
  packer.close();
  const ends = await Promise.allSettled(late);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('zstd: what comes out is one frame, with its length and a checksum', async () => {
  const packer = createBlockPacker('zstd');
  for (const block of [lines(1000), lines(0), lines(70_000)]) {
    const packed = await packer.pack(block);
    const descriptor = packed[4] ?? 0;
    expect(packed.readUInt32LE(0)).toBe(0xfd2fb528);
    // RFC 8878, 3.1.1.1.1: content checksum; a length is there in a single segment or by its own flag.
    expect(descriptor & 0b100).toBe(0b100);
    expect((descriptor & 0b100000) !== 0 || descriptor >> 6 !== 0).toBe(true);
    packed[packed.length - 1] = (packed[packed.length - 1] ?? 0) ^ 1;
    expect(() => zstdDecompressSync(packed)).toThrow();
  }
  packer.close();
});
