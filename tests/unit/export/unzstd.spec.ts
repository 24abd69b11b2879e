import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { constants, createZstdDecompress, zstdCompressSync } from 'node:zlib';
import { unpackZstd } from '../../../src/export/unzstd.ts';

const packed = (content: Buffer, checksum: boolean): Buffer =>
  zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 } });

/** Cuts bytes at the places that are given as shares of their length. */
function cut(bytes: Buffer, shares: readonly number[]): Buffer[] {
  const ends = [...shares.map((it) => Math.floor(it * bytes.length)), bytes.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

async function unpacked(chunks: readonly Buffer[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of unpackZstd(Readable.from(chunks))) parts.push(part);
  return Buffer.concat(parts);
}

test('frames are unpacked whole, wherever the file is cut into chunks', async () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc
      .tuple(fc.nat(255), fc.nat(400_000))
      .map(([byte, length]) => new Uint8Array(length).fill(byte)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(content, fc.boolean()), { maxLength: 4 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
      async (frames, shares) => {
        const file = Buffer.concat(
          frames.map(([it, checksum]) => packed(Buffer.from(it), checksum)),
        );
        const whole = Buffer.concat(frames.map(([it]) => it));
        expect((await unpacked(cut(file, shares))).equals(whole)).toBe(true);
      },
    ),
  );
});

test('a cut within a checksum, where Node’s stream loses the rest, loses nothing', async () => {
  const frame = packed(Buffer.alloc(2 << 20, 'abcdefg'), true);
  const file = Buffer.concat([frame, frame, frame]);
  let asNode = 0;
  for (let before = 1; before <= 8; before += 1) {
    const chunks = [file.subarray(0, frame.length - before), file.subarray(frame.length - before)];
    expect((await unpacked(chunks)).length).toBe(3 * (2 << 20));
    let bytes = 0;
    const stream = Readable.from(chunks).pipe(createZstdDecompress()) as AsyncIterable<Buffer>;
    for await (const part of stream) bytes += part.length;
    if (bytes < 3 * (2 << 20)) asNode += 1;
  }
  // When a later Node has mended this, `unpackZstd` may go.
  expect(asNode).toBeGreaterThan(0);
});

test('what is cut off, or no zstd, is an error and not a short file', async () => {
  const frame = packed(Buffer.from('some text'), true);
  await expect(unpacked([frame, frame.subarray(0, -1)])).rejects.toThrow(/ends within a frame/);
  await expect(unpacked([Buffer.from('{"id":1}\n')])).rejects.toThrow(/no zstd/);
  const broken = Buffer.from(frame);
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
  await expect(unpacked([broken])).rejects.toThrow();
});
