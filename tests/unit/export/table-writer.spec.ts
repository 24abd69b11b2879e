import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTableWriter, type Compression } from '../../../src/export/table-writer.ts';
import { unpack, withTemporaryFolder } from './captured.ts';
import { expect, test } from '../../helpers/fixtures.ts';

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

async function writeInPieces(
  folder: string,
  pieces: readonly string[],
  { compress, shardBytes }: { compress: Compression; shardBytes: number },
) {
  const writer = createTableWriter('things', { folder, shardBytes, compress });
  for (const piece of pieces) await writer.append(Buffer.from(piece), piece.split('\n').length - 1);
  return writer.close();
}

for (const compress of ['none', 'gzip', 'zstd'] as const) {
  test(`${compress}: what is read back is what was written, and the entry tells the truth`, async () => {
    const lines = Array.from(
      { length: 90_000 },
      (_, n) => `{"n":${n},"text":"größe ${n % 977} 🤗"}\n`,
    );
    await withTemporaryFolder(async (folder) => {
      const starts = Array.from({ length: 18 }, (_, n) => n * 5_000);
      const pieces = starts.map((start) => lines.slice(start, start + 5_000).join(''));
      const entry = await writeInPieces(folder, pieces, { compress, shardBytes: 1e6 });
      let whole = '';
      for (const [index, file] of entry.files.entries()) {
        const bytes = await readFile(join(folder, file.path));
        const text = unpack(bytes, file.path).toString('utf8');
        whole += text;
        expect(text.endsWith('\n')).toBe(true);
        expect(text.split('\n').length - 1).toBe(file.rows);
        expect({ bytes: bytes.length, sha256: sha256(bytes) }).toEqual({
          bytes: file.bytes,
          sha256: file.sha256,
        });
        expect(file.path).toContain(`things-0000${index + 1}.jsonl`);
      }
      expect(entry.files.length).toBeGreaterThan(2);
      expect(whole).toBe(lines.join(''));
      expect(entry).toMatchObject({
        rows: 90_000,
        bytes: Buffer.byteLength(whole),
        sha256: sha256(whole),
      });
    });
  });
}

test('a table without rows is an empty file, so that a reader finds it', async ({ folder }) => {
  const entry = await writeInPieces(folder, [], { compress: 'none', shardBytes: 100 });
  expect(entry).toMatchObject({ rows: 0, bytes: 0, files: [{ path: 'things.jsonl', rows: 0 }] });
  expect((await readFile(join(folder, 'things.jsonl'))).length).toBe(0);
});
