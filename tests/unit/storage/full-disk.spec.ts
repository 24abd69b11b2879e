import { execFileSync } from 'node:child_process';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Capture } from '../../../src/storage/capture.ts';
import { openDataset } from '../../../src/storage/dataset-writer.ts';
import type { OpenedFile, OpenFile } from '../../../src/storage/files.ts';
import { capturesOf, inFolder, recordsOf, sampleCapture } from './samples.ts';

interface SmallDisk {
  openFile: OpenFile;
  /** Bytes that may still be written. */
  freeBytes: number;
  canTruncate: boolean;
}

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** Real files, but a write beyond the free bytes writes only those, and the next one fails. */
function smallDisk(freeBytes: number): SmallDisk {
  const disk: SmallDisk = { freeBytes, canTruncate: true, openFile };
  async function openFile(path: string, flags: number): Promise<OpenedFile> {
    const file = await open(path, flags);
    // Only the form that the storage calls: a part of a buffer at a position.
    const write = async (...args: [Uint8Array, number, number, number]) => {
      const [bytes, from, length, at] = args;
      if (disk.freeBytes === 0 && length > 0) throw failure('ENOSPC');
      const fitting = Math.min(length, disk.freeBytes);
      disk.freeBytes -= fitting;
      return file.write(bytes, from, fitting, at);
    };
    return {
      write: write as OpenedFile['write'],
      datasync: () => file.datasync(),
      stat: file.stat.bind(file),
      close: () => file.close(),
      truncate: (size) => (disk.canTruncate ? file.truncate(size) : Promise.reject(failure('EIO'))),
    };
  }
  return disk;
}

test('a disk that fills up at any byte loses nothing committed, and writing goes on with space', async () => {
  const disks = fc.record({
    free: fc.nat(8000),
    partCount: fc.constantFrom(1, 3),
    canTruncate: fc.boolean(),
  });
  const property = fc.asyncProperty(disks, ({ free, partCount, canTruncate }) =>
    inFolder(async (dir) => {
      const disk = smallDisk(free);
      const writer = await openDataset(dir, 'models', {
        openFile: disk.openFile,
        maxSegmentBytes: 2500,
      });
      disk.canTruncate = canTruncate;
      const written: Capture[] = [];
      let error: unknown;
      while (error === undefined) {
        const capture = sampleCapture(written.length, 900);
        try {
          for (const record of recordsOf(capture, partCount)) await writer.append([record]);
          written.push(capture);
        } catch (caught) {
          error = caught;
        }
      }

      expect(error).toMatchObject({ code: 'STORAGE_FULL', exitCode: 75 });
      expect(await capturesOf(dir)).toEqual(written);
      disk.freeBytes = Infinity;
      disk.canTruncate = true;
      const next = sampleCapture(written.length, 900);
      for (const record of recordsOf(next, partCount)) await writer.append([record]);
      expect(await capturesOf(dir)).toEqual([...written, next]);
      expect((await openDataset(dir, 'models')).recovery.cutBytes).toBe(0);
    }),
  );
  await fc.assert(property, { numRuns: 40 });
});

test('a full disk is STORAGE_FULL; a run after it cuts what was half written', () =>
  inFolder(async (dir) => {
    const disk = await fullDisk(dir);
    try {
      const writer = await openDataset(dir, 'models', { openFile: disk.openFile });
      const written: Capture[] = [];
      let error: unknown;
      for (let page = 0; error === undefined && page < 100; page += 1) {
        const capture = sampleCapture(page, 100_000);
        error = await writer.append(recordsOf(capture)).then(
          () => void written.push(capture),
          (caught: unknown) => caught,
        );
      }

      expect(error).toMatchObject({ code: 'STORAGE_FULL', cause: { code: 'ENOSPC' } });
      expect(written.length).toBeGreaterThan(3);
      expect(await capturesOf(dir)).toEqual(written);
      await disk.free();
      const reopened = await openDataset(dir, 'models');
      await reopened.append(recordsOf(sampleCapture(100)));
      expect(await capturesOf(dir)).toEqual([...written, sampleCapture(100)]);
    } finally {
      disk.unmount();
    }
  }));

/** A file system of 1 MB where this user may mount one, else a simulated one. */
async function fullDisk(
  dir: string,
): Promise<{ openFile: OpenFile; free: () => Promise<void>; unmount: () => void }> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    // Not root, or a container that forbids it.
    const { openFile } = smallDisk(700_000);
    return { openFile, free: () => Promise.resolve(), unmount: () => undefined };
  }
  test.info().annotations.push({ type: 'disk', description: 'tmpfs' });
  const ballast = join(dir, 'ballast');
  await writeFile(ballast, Buffer.alloc(200_000));
  return {
    openFile: open,
    free: () => rm(ballast),
    unmount: () => execFileSync('umount', ['--lazy', dir]),
  };
}
