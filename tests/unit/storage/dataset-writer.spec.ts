import { appendFile, cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Capture } from '../../../src/storage/capture.ts';
import {
  lastCommit,
  listDatasets,
  readCaptures,
  readIndex,
} from '../../../src/storage/captures.ts';
import { openDataset } from '../../../src/storage/dataset-writer.ts';
import type { IndexLine } from '../../../src/storage/index-file.ts';
import {
  capturesOf,
  collect,
  indexFile,
  inFolder,
  recordsOf,
  sampleCapture,
  segmentFile,
  sizeOf,
} from './samples.ts';

interface Page {
  length: number;
  parts: number;
}
const pages = fc.array(
  fc.record({ length: fc.integer({ min: 0, max: 3000 }), parts: fc.constantFrom(1, 1, 1, 2, 3) }),
  { minLength: 1, maxLength: 8 },
);

/** Writes captures as the pages say; gives them and the index lines. */
async function writePages(
  dir: string,
  plan: readonly Page[],
  maxSegmentBytes: number,
): Promise<{ captures: Capture[]; lines: IndexLine[] }> {
  const writer = await openDataset(dir, 'models', { maxSegmentBytes });
  const captures = plan.map(({ length }, page) => sampleCapture(page, length));
  for (const [page, capture] of captures.entries()) {
    await writer.append(recordsOf(capture, plan[page]?.parts));
  }
  return { captures, lines: await collect(readIndex(dir, 'models')) };
}

/** How many captures are whole in the first `count` index lines. */
const wholeCaptures = (lines: readonly IndexLine[], count: number): number =>
  lines.slice(0, count).filter(({ part, parts }) => part === parts).length;

const lengthsOf = (text: string): number[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.byteLength(line) + 1);

/** Reopens, and checks that exactly these captures are there and that writing goes on. */
async function expectPrefix(dir: string, captures: readonly Capture[]): Promise<number> {
  expect(await capturesOf(dir)).toEqual(captures); // a reader beside the writer sees the same
  const before = (await sizeOf(indexFile(dir))) + (await totalSegments(dir));
  const writer = await openDataset(dir, 'models');
  const after = (await sizeOf(indexFile(dir))) + (await totalSegments(dir));
  expect(writer.recovery.cutBytes).toBe(before - after);
  expect(await capturesOf(dir)).toEqual(captures);

  const more = sampleCapture(999, 50);
  await writer.append(recordsOf(more));
  expect(await capturesOf(dir)).toEqual([...captures, more]);
  expect((await openDataset(dir, 'models')).recovery.cutBytes).toBe(0);
  return writer.recovery.cutBytes;
}

async function totalSegments(dir: string): Promise<number> {
  const files = await readdir(join(dir, 'datasets', 'models'));
  const sizes = files
    .filter((name) => name.endsWith('.zst'))
    .map((name) => sizeOf(join(dir, 'datasets', 'models', name)));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test.describe('openDataset', () => {
  test('keeps exactly what the index names, wherever the index ends', async () => {
    const property = fc.asyncProperty(
      pages,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (plan, at) =>
        inFolder(async (dir) => {
          const { captures, lines } = await writePages(dir, plan, 1e9);
          const text = await readFile(indexFile(dir), 'utf8');
          const cutAt = Math.round(at * text.length);
          await truncate(indexFile(dir), cutAt);

          const whole = lengthsOf(text.slice(0, cutAt)).length;
          await expectPrefix(dir, captures.slice(0, wholeCaptures(lines, whole)));
        }),
    );
    await fc.assert(property, { numRuns: 30 });
  });

  test('keeps the committed captures, at whatever byte a process died', async () => {
    const stages = fc.constantFrom('in the frame', 'between frame and line', 'in the line');
    const place = fc.record({ record: fc.nat(20), stage: stages, at: fc.nat(100) });
    const property = fc.asyncProperty(pages, place, (plan, { record, stage, at }) =>
      inFolder(async (dir) => {
        const { captures, lines } = await writePages(dir, plan, 4000);
        const dying = lines[record % lines.length] ?? lines[0];
        if (dying === undefined) return;
        const indexLengths = lengthsOf(await readFile(indexFile(dir), 'utf8'));
        const lineStart = indexLengths.slice(0, dying.n).reduce((sum, length) => sum + length, 0);
        const lineLength = indexLengths[dying.n] ?? 0;

        const frameBytes = stage === 'in the frame' ? (at * dying.bytes) / 100 : dying.bytes;
        const lineBytes = stage === 'in the line' ? (at * (lineLength - 1)) / 100 : 0;
        await truncate(segmentFile(dir, dying.segment), dying.offset + Math.floor(frameBytes));
        await truncate(indexFile(dir), lineStart + Math.floor(lineBytes));
        for (let later = dying.segment + 1; later < 40; later += 1) {
          await rm(segmentFile(dir, later), { force: true });
        }

        await expectPrefix(dir, captures.slice(0, wholeCaptures(lines, dying.n)));
      }),
    );
    await fc.assert(property, { numRuns: 60 });
  });

  test('refuses a segment that ends within a committed record, and changes nothing', async () => {
    const property = fc.asyncProperty(pages, fc.nat(), (plan, at) =>
      inFolder(async (dir) => {
        const { lines } = await writePages(dir, plan, 4000);
        const segment = ((lines.at(-1)?.segment ?? 1) * (at % 7)) / 7;
        const file = segmentFile(dir, Math.floor(segment) + 1);
        const size = await sizeOf(file);
        await truncate(file, at % size);

        const error: unknown = await openDataset(dir, 'models').catch((it: unknown) => it);

        expect(error).toMatchObject({
          code: 'STORAGE_CORRUPT',
          context: { file, offset: at % size },
        });
        expect(await sizeOf(file)).toBe(at % size);
        expect(await collect(readIndex(dir, 'models'))).toEqual(lines);
      }),
    );
    await fc.assert(property, { numRuns: 20 });
  });

  test('cuts a last index line that is whole in length only', () =>
    inFolder(async (dir) => {
      const { captures } = await writePages(dir, [{ length: 10, parts: 1 }], 1e9);
      await appendFile(indexFile(dir), `${'\0'.repeat(200)}\n`);

      expect(await expectPrefix(dir, captures)).toBe(201);
    }));

  test('refuses an index line in the middle that does not parse, with its place', () =>
    inFolder(async (dir) => {
      const three = [1, 2, 3].map((length) => ({ length, parts: 1 }));
      await writePages(dir, three, 1e9);
      const text = await readFile(indexFile(dir), 'utf8');
      const [first = 0] = lengthsOf(text);
      await writeFile(indexFile(dir), `${text.slice(0, first)}#${text.slice(first + 1)}`);

      const expected = {
        code: 'STORAGE_CORRUPT',
        context: { file: indexFile(dir), offset: first },
      };
      await expect(openDataset(dir, 'models')).rejects.toMatchObject(expected);
      await expect(lastCommit(dir, 'models')).rejects.toMatchObject(expected);
    }));

  test('refuses an index that skips a record', () =>
    inFolder(async (dir) => {
      await writePages(
        dir,
        [1, 2, 3].map((length) => ({ length, parts: 1 })),
        1e9,
      );
      const [first, , third] = (await readFile(indexFile(dir), 'utf8')).split('\n');
      await writeFile(indexFile(dir), `${String(first)}\n${String(third)}\n`);

      await expect(openDataset(dir, 'models')).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
    }));

  for (const [what, lose] of [
    ['missing', (path: string) => rm(path)],
    ['empty', (path: string) => truncate(path, 0)],
  ] as const) {
    test(`refuses, and keeps, segments whose index is ${what}`, () =>
      inFolder(async (dir) => {
        const plan = Array.from({ length: 6 }, () => ({ length: 3000, parts: 1 }));
        await writePages(dir, plan, 4000);
        const before = await totalSegments(dir);
        await lose(indexFile(dir));

        await expect(openDataset(dir, 'models')).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
        expect(await totalSegments(dir)).toBe(before);
      }));
  }

  test('refuses a last record whose bytes changed', () =>
    inFolder(async (dir) => {
      const { lines } = await writePages(
        dir,
        [10, 20].map((length) => ({ length, parts: 1 })),
        1e9,
      );
      await flipByte(segmentFile(dir), (lines[1]?.offset ?? 0) + 15);

      await expect(openDataset(dir, 'models')).rejects.toMatchObject({
        code: 'STORAGE_CORRUPT',
        context: { file: segmentFile(dir), offset: lines[1]?.offset, url: lines[1]?.url },
      });
    }));

  test('opens 3,200 lines in well under a second', () =>
    inFolder(async (dir) => {
      const writer = await openDataset(dir, 'models');
      await writer.append(
        Array.from({ length: 3200 }, (_, n) => JSON.stringify({ url: `/${String(n)}` })),
      );

      const start = performance.now();
      const reopened = await openDataset(dir, 'models');

      expect(reopened.count).toBe(3200);
      expect(performance.now() - start).toBeLessThan(500);
    }));
});

test.describe('append', () => {
  test('writes calls that overlap in their order', () =>
    inFolder(async (dir) => {
      const writer = await openDataset(dir, 'models', { maxSegmentBytes: 3000 });
      const captures = Array.from({ length: 30 }, (_, n) => sampleCapture(n, 100 * (30 - n)));

      await Promise.all(captures.map((capture) => writer.append(recordsOf(capture))));

      expect(await capturesOf(dir)).toEqual(captures);
      expect((await lastCommit(dir, 'models'))?.segment).toBeGreaterThan(5);
    }));

  test('starts a new segment before the old one would grow over its limit', () =>
    inFolder(async (dir) => {
      const writer = await openDataset(dir, 'models', { maxSegmentBytes: 3000 });
      await writer.append(
        Array.from({ length: 20 }, (_, n) => recordsOf(sampleCapture(n, 1500))).flat(),
      );

      const lines = await collect(readIndex(dir, 'models'));
      const segments = new Set(lines.map(({ segment }) => segment));

      expect(segments.size).toBeGreaterThan(3);
      for (const segment of segments) {
        expect(await sizeOf(segmentFile(dir, segment))).toBeLessThanOrEqual(3000);
      }
    }));

  test('begins a capture in parts again when its end never came', () =>
    inFolder(async (dir) => {
      const writer = await openDataset(dir, 'models');
      const capture = sampleCapture(1, 900);
      const [first = '', second = ''] = recordsOf(capture, 3);
      await writer.append([first]);
      await writer.append([second]);
      expect(await capturesOf(dir)).toEqual([]);
      expect(await lastCommit(dir, 'models')).toBeUndefined();

      for (const record of recordsOf(capture, 3)) await writer.append([record]);

      expect(await capturesOf(dir)).toEqual([capture]);
      await expect(writer.append([second])).rejects.toThrow('part 2 of /api/models?cursor=1');
      expect(await capturesOf(dir)).toEqual([capture]);
    }));

  test('cuts the unfinished capture in parts on opening', () =>
    inFolder(async (dir) => {
      const whole = sampleCapture(1, 100);
      const writer = await openDataset(dir, 'models', { maxSegmentBytes: 300 });
      await writer.append(recordsOf(whole));
      await writer.append(recordsOf(sampleCapture(2, 900), 3).slice(0, 2));

      expect(await expectPrefix(dir, [whole])).toBeGreaterThan(900 / 3);
    }));

  test('notices another writer and leaves what that wrote', () =>
    inFolder(async (dir) => {
      const writer = await openDataset(dir, 'models');
      const other = await openDataset(dir, 'models');
      await other.append(recordsOf(sampleCapture(1)));

      await expect(writer.append(recordsOf(sampleCapture(2)))).rejects.toThrow('another writer');

      expect(await capturesOf(dir)).toEqual([sampleCapture(1)]);
    }));
});

test.describe('readCaptures', () => {
  test('yields what stands before a damaged record, then names file, offset and url', () =>
    inFolder(async (dir) => {
      const plan = [30, 40, 50].map((length) => ({ length, parts: 1 }));
      const { captures, lines } = await writePages(dir, plan, 1e9);
      await flipByte(segmentFile(dir), (lines[1]?.offset ?? 0) + 12);

      const seen: Capture[] = [];
      const reading = (async () => {
        for await (const { capture } of readCaptures(dir, 'models')) seen.push(capture);
      })();

      await expect(reading).rejects.toMatchObject({
        code: 'STORAGE_CORRUPT',
        context: { file: segmentFile(dir), offset: lines[1]?.offset, url: lines[1]?.url },
      });
      expect(seen).toEqual(captures.slice(0, 1));
    }));

  test('begins at a line, at the next capture when the line is within parts', () =>
    inFolder(async (dir) => {
      const plan = [1, 3, 1].map((parts) => ({ length: 60, parts }));
      const { captures } = await writePages(dir, plan, 1e9);
      const numbers = async (from: number): Promise<number[]> =>
        (await collect(readCaptures(dir, 'models', { from }))).map(({ n }) => n);

      expect(await collect(readCaptures(dir, 'models', { from: 4 }))).toEqual([
        { capture: captures[2], n: 4 },
      ]);
      expect(await numbers(0)).toEqual([0, 1, 4]);
      expect(await numbers(2)).toEqual([4]);
      expect(await numbers(9)).toEqual([]);
    }));

  test('may be left before the end', () =>
    inFolder(async (dir) => {
      await writePages(
        dir,
        [30, 40, 50].map((length) => ({ length, parts: 1 })),
        1e9,
      );
      for await (const { n } of readCaptures(dir, 'models')) {
        expect(n).toBe(0);
        break;
      }
    }));

  test('finds nothing where nothing was written', () =>
    inFolder(async (dir) => {
      expect(await listDatasets(join(dir, 'none'))).toEqual([]);
      expect(await capturesOf(dir)).toEqual([]);
      expect(await lastCommit(dir, 'models')).toBeUndefined();
      await expect(readCaptures(dir, '../../etc').next()).rejects.toThrow('name of a dataset');
    }));

  test('reads a copy made in the middle of a crawl', () =>
    inFolder(async (dir) => {
      const { captures } = await writePages(dir, [{ length: 30, parts: 1 }], 1e9);
      await cp(join(dir, 'datasets'), join(dir, 'copy', 'datasets'), { recursive: true });
      await appendFile(segmentFile(join(dir, 'copy')), 'half a frame');

      expect(await capturesOf(join(dir, 'copy'))).toEqual(captures);
      expect(await listDatasets(join(dir, 'copy'))).toEqual(['models']);
    }));
});

async function flipByte(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
  await writeFile(path, bytes);
}
