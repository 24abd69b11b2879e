import { expect, test } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createZstdCompress, zstdCompressSync } from 'node:zlib';
import { releaseMemory } from '../../../src/storage/memory.ts';
import { headerBytes, statedBytes } from '../../../src/storage/zstd-frame.ts';

/** Around each step of how many bytes a header takes for the size. */
const SIZES = [0, 1, 255, 256, 257, 65_535, 65_536, 65_791, 65_792, 70_000, 5_000_000];

for (const size of SIZES) {
  test(`a frame of ${size} bytes says so`, () => {
    for (const content of [randomBytes(size), Buffer.alloc(size, 'a')]) {
      const frame = zstdCompressSync(content, { pledgedSrcSize: size });
      expect(statedBytes(frame)).toBe(size);
      const header = headerBytes(frame[4] ?? 0);
      for (let cut = 0; cut < header; cut += 1) {
        expect(statedBytes(frame.subarray(0, cut))).toBeUndefined();
      }
    }
  });
}

test('a size of eight bytes is read too', () => {
  // Magic number, a single segment with a size of eight bytes, 5 GB.
  const header = Buffer.from('28b52ffde00000000000000000', 'hex');
  header.writeBigUInt64LE(5_000_000_000n, 5);
  expect(statedBytes(header)).toBe(5_000_000_000);
});

test('a frame that was written as a stream does not say', async () => {
  const stream = createZstdCompress();
  stream.write('a'.repeat(1000));
  stream.end('b');
  const [first] = (await once(stream, 'data')) as [Buffer];
  expect(statedBytes(first)).toBeUndefined();
});

test('memory that is given back is gone, and only that', () => {
  const large = Buffer.alloc(Buffer.poolSize + 1, 1);
  const part = large.subarray(3);
  releaseMemory(large);
  expect(large.length).toBe(0);
  expect(part.length).toBe(0);
  // Node cuts these from one piece of memory.
  const [small, other] = [Buffer.from('small'), Buffer.from('other')];
  releaseMemory(small);
  expect(`${small.toString()} ${other.toString()}`).toBe('small other');
  const shared = Buffer.from(new SharedArrayBuffer(Buffer.poolSize + 1));
  releaseMemory(shared);
  expect(shared.length).toBe(Buffer.poolSize + 1);
});
