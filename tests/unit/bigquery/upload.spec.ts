import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { loadBigquery } from '../../../src/export/bigquery/load.ts';
import { partsOf } from '../../../src/export/bigquery/parts.ts';
import type { TableEntry } from '../../../src/export/manifest.ts';
import type { Seen } from '../../bigquery/server.ts';
import { clientWith, contentsOf, DATASET, tinyExport, withDouble } from './warehouse.ts';
import type { Exported } from './warehouse.ts';
import { killedAt } from './killed.ts';
import { expect, test } from '../../helpers/fixtures.ts';

const PACKED = {
  '': (bytes: Buffer) => bytes,
  '.gz': gzipSync,
  '.zst': zstdCompressSync,
};

async function writeTable(
  folder: string,
  files: readonly Buffer[],
  suffix: keyof typeof PACKED,
): Promise<TableEntry> {
  const bytes = Buffer.concat(files);
  const names = files.map((_, at) => `t-${at}.jsonl${suffix}`);
  for (const [at, name] of names.entries()) {
    await writeFile(join(folder, name), PACKED[suffix](files[at] ?? Buffer.alloc(0)));
  }
  return {
    rows: 0,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    files: names.map((path) => ({ path, rows: 0, bytes: 0, sha256: '' })),
  };
}

test('parts are whole rows, one after the other the table; files and packing do not matter', async ({
  folder,
}) => {
  const readAll = async (entry: TableEntry, partBytes: number) => {
    const parts: string[] = [];
    for await (const part of partsOf(entry, folder, partBytes)) parts.push(part.toString());
    return parts;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        lengths: fc.array(fc.nat({ max: 60 }), { maxLength: 40 }),
        split: fc.nat({ max: 40 }),
        suffix: fc.constantFrom('' as const, '.gz' as const, '.zst' as const),
        partBytes: fc.integer({ min: 1, max: 200 }),
      }),
      async ({ lengths, split, suffix, partBytes }) => {
        const rows = lengths.map((length) => `${'x'.repeat(length)}\n`);
        const files = [rows.slice(0, split), rows.slice(split)];
        const buffers = files.map((it) => Buffer.from(it.join('')));
        const parts = await readAll(await writeTable(folder, buffers, suffix), partBytes);
        expect(parts.join('')).toBe(rows.join(''));
        for (const part of parts) {
          expect(part.endsWith('\n')).toBe(true);
          // Longer only when it is one row.
          if (part.length > partBytes) expect(part.indexOf('\n')).toBe(part.length - 1);
        }
        const whole = await writeTable(folder, [Buffer.concat(buffers)], '');
        expect(await readAll(whole, partBytes)).toEqual(parts);
      },
    ),
    { numRuns: 60 },
  );
});

const isUpload = ({ path }: Seen): boolean => path.startsWith('/upload/');
const oneTable = (folder: string, run: string): Promise<Exported> =>
  tinyExport(folder, { run, day: '2026-11-01', models: 12, tables: ['usage'] });
/** So that the twelve rows are some parts. */
const SMALL = { partBytes: 300 };

test('a table in parts arrives once, though connections are lost and answers too', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const exported = await oneTable(folder, 'a');
    let uploads = 0;
    double.onRequest = (seen) => {
      if (!isUpload(seen)) return undefined;
      uploads += 1;
      return [undefined, { cutAt: 100 }, { drop: 'after' as const }][uploads % 3];
    };
    await load(exported);
    const loads = double.jobs().filter(({ configuration }) => 'load' in configuration);
    expect(loads.length).toBeGreaterThan(3);
    expect(uploads).toBeGreaterThan(loads.length);
    expect(contentsOf(double, DATASET)['usage']).toEqual({
      rows: 12,
      sha256: exported.manifest.tables['usage']?.sha256,
    });
  }, SMALL);
});

test('killed at each of its parts, the next load goes on with the one that is missing', async () => {
  await withDouble(async (place) => {
    const { folder, double, load } = place;
    let isKilled = true;
    for (let at = 1; isKilled; at += 1) {
      const exported = await oneTable(folder, `r${at}`);
      let uploads = 0;
      const isTime = (seen: Seen) => isUpload(seen) && (uploads += 1) >= at;
      const fault = at % 2 === 0 ? { drop: 'after' as const } : undefined;
      isKilled = await killedAt(place, exported, { isTime, fault });
      double.requests.length = 0;
      await load(exported);
      const usage = double.tables(DATASET).get('usage');
      expect(usage?.rows.length, `killed at part ${at}`).toBe(12);
      if (!isKilled) expect(double.requests.filter(isUpload)).toEqual([]);
    }
    const ids = double.jobs().filter(({ configuration }) => 'load' in configuration);
    expect(ids.length).toBeGreaterThan(16);
  }, SMALL);
});

test('rows that a staging table had before it was dropped do not count for the next one', async () => {
  await withDouble(async ({ folder, double, load }) => {
    const exported = await oneTable(folder, 'a');
    double.onStatement = () => {
      throw new Error('not reached');
    };
    double.onRequest = ({ path }) =>
      path.includes('_release_') ? { status: 400, reason: 'invalid' } : undefined;
    await expect(load(exported)).rejects.toMatchObject({ code: 'LOAD_FAILED' });
    double.onRequest = () => undefined;
    double.onStatement = () => undefined;
    double.tables('staging_huggingface').clear();
    await load(exported);
    expect(contentsOf(double, DATASET)['usage']?.rows).toBe(12);
  }, SMALL);
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
