import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBigquery } from '../../../src/export/bigquery/load.ts';
import { tableBody } from '../../../src/export/bigquery/table-body.ts';
import { isPiece } from './killed.ts';
import { largeExport, writeTable } from './large-export.ts';
import { clientWith, contentsOf, DATASET, tinyExport, withDouble } from './warehouse.ts';

test('the body is the plain files one after the other, whatever their packing and the pieces', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'etl-body-'));
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
        fc.constantFrom('' as const, '.gz' as const, '.zst' as const),
        fc.integer({ min: 1, max: 400 }),
        async (parts, suffix, chunkBytes) => {
          const buffers = parts.map((it) => Buffer.from(it));
          const entry = await writeTable(folder, buffers, suffix);
          const pieces: Buffer[] = [];
          for await (const { bytes, offset } of tableBody(entry, folder, chunkBytes)) {
            expect(offset).toBe(pieces.length * chunkBytes);
            pieces.push(Buffer.from(bytes));
          }
          expect(Buffer.concat(pieces).equals(Buffer.concat(buffers))).toBe(true);
          expect(pieces.slice(0, -1).every((it) => it.length === chunkBytes)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('an upload goes on after ten lost connections where the server is', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const exported = await largeExport(folder);
    // Bytes that still arrive; below 256 KiB nothing of them is kept.
    const cuts = [100, 300_000, 1, 1_000_000, 262_144, 5_000_000, 8_000_000, 262_143, 700_000, 0];
    let lost = 0;
    const starts: string[] = [];
    double.onRequest = (seen) => {
      if (isPiece(seen)) starts.push(seen.path);
      // Every other one: in between the client asks how far the server is.
      if (!isPiece(seen) || starts.length % 2 === 0 || lost >= cuts.length) return undefined;
      const cutAt = cuts[lost] ?? 0;
      lost += 1;
      return { cutAt };
    };
    await load(exported);
    expect(lost).toBe(10);
    expect(contentsOf(double, DATASET)['usage']).toEqual({
      rows: 190_000,
      sha256: exported.manifest.tables['usage']?.sha256,
    });
    expect(double.jobs().filter(({ configuration }) => 'load' in configuration).length).toBe(1);
  });
});

test('a piece may be lost twelve times, as long as some of it arrives each time', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const exported = await largeExport(folder);
    let pieces = 0;
    let lost = 0;
    double.onRequest = (seen) => {
      if (isPiece(seen)) pieces += 1;
      // Every other one is the question how far the server is.
      if (!isPiece(seen) || pieces % 2 === 0 || lost >= 12) return undefined;
      lost += 1;
      return { cutAt: 300_000 };
    };
    await load(exported);
    expect(lost).toBe(12);
    expect(contentsOf(double, DATASET)['usage']?.sha256).toBe(
      exported.manifest.tables['usage']?.sha256,
    );
    double.onRequest = (seen) => (isPiece(seen) ? { cutAt: 100 } : undefined);
    const { manifest, exportDir } = exported;
    const stuck = load({ exportDir, manifest: { ...manifest, run: 'stuck' } });
    await expect(stuck).rejects.toMatchObject({ code: 'LOAD_FAILED' });
  });
});

test('a forgotten session is begun anew', async () => {
  await withDouble(async ({ folder, double, load, warnings }) => {
    const exported = await largeExport(folder);
    let pieces = 0;
    double.onRequest = (seen) => {
      if (isPiece(seen)) pieces += 1;
      if (isPiece(seen) && pieces === 2) double.forgetUploads();
      return undefined;
    };
    await load(exported);
    expect(contentsOf(double, DATASET)['usage']?.sha256).toBe(
      exported.manifest.tables['usage']?.sha256,
    );
    expect(warnings.some((it) => it.includes('beginning anew'))).toBe(true);
  });
});

test('the lost answer to the last piece does not load twice', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const exported = await largeExport(folder);
    let pieces = 0;
    double.onRequest = (seen) => {
      if (!isPiece(seen)) return undefined;
      pieces += 1;
      return pieces === 3 ? { drop: 'after' } : undefined;
    };
    await load(exported);
    expect(pieces).toBe(4);
    expect(double.jobs().filter(({ configuration }) => 'load' in configuration).length).toBe(1);
    expect(contentsOf(double, DATASET)['usage']?.rows).toBe(190_000);
  });
});

test('every request of a load carries the token, the upload too', async () => {
  await withDouble(
    async ({ folder, double, clock, place }) => {
      const exported = await tinyExport(folder, { run: 'a', day: '2026-11-01', models: 2 });
      const client = clientWith('right', double);
      await loadBigquery({ clock, client }, exported, place);
      expect([...double.authorizations]).toEqual(['Bearer right']);
      const wrong = loadBigquery({ clock, client: clientWith('wrong', double) }, exported, place);
      await expect(wrong).rejects.toMatchObject({ code: 'AUTH_GOOGLE', exitCode: 7 });
    },
    { token: 'right' },
  );
});

test('an upload that is sent on to another host is refused, and the token with it', async () => {
  await withDouble(async (foreign) => {
    await withDouble(async ({ folder, double, clock, place }) => {
      const exported = await tinyExport(folder, { run: 'a', day: '2026-11-01', models: 2 });
      double.uploadUrl = foreign.double.url;
      const loading = loadBigquery({ clock, client: clientWith('right', double) }, exported, place);
      await expect(loading).rejects.toMatchObject({ code: 'LOAD_FAILED' });
      await expect(loading).rejects.toThrow(/another host/);
      expect(foreign.double.requests).toEqual([]);
    });
  });
});
