import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { openCaptures } from '../../../src/storage/captures.ts';
import { checkDataset, describeDataset } from '../../../src/storage/dataset-facts.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import {
  capturesOf,
  fileOf,
  outcome,
  sampleCapture,
  samples,
  startProgram,
  writeAll,
} from './samples.ts';

for (const lines of [1, 8]) {
  test(`a writer that is killed after ${String(lines)} pages loses none, and the next one goes on`, async ({
    folder: dir,
  }) => {
    const child = startProgram('append-program.ts', [dir]);
    const ended = outcome(child);
    let output = '';
    while ((output.match(/\n/g)?.length ?? 0) < lines && child.stdout !== null) {
      const [chunk] = (await once(child.stdout, 'data')) as [Buffer]; // no encoding is set
      output += chunk.toString();
    }
    child.kill('SIGKILL');
    const { output: rest, errors } = await ended;
    expect(errors).toBe('');
    const reported = rest.trim().split('\n').length;

    const out = await openCaptures(dir, 'models');
    const { pages, next } = out.committed;
    expect(pages).toBeGreaterThanOrEqual(reported);
    expect(pages).toBeLessThanOrEqual(reported + 1);
    expect(next).toBe(sampleCapture(pages - 1).next);
    await out.write(sampleCapture(pages, 50_000));
    await out.close();
    expect(await capturesOf(dir)).toEqual(samples(pages + 1, 50_000));
  });
}

/** Copies a dataset before each statement of SQLite: what a kill at that moment leaves. */
async function imagesOf(dir: string, work: () => Promise<void>): Promise<string[]> {
  const images: string[] = [];
  const take = (): void => {
    const image = join(dir, `image-${String(images.length)}`);
    mkdirSync(join(image, 'datasets', 'models'), { recursive: true });
    const folder = join(dir, 'datasets', 'models');
    for (const name of readdirSync(folder)) {
      // Shared memory is gone with the process.
      if (!name.endsWith('-shm'))
        copyFileSync(join(folder, name), join(image, 'datasets', 'models', name));
    }
    images.push(image);
  };
  const exec = Reflect.get(DatabaseSync.prototype, 'exec');
  const run = Reflect.get(StatementSync.prototype, 'run');
  DatabaseSync.prototype.exec = function (sql) {
    take();
    for (const part of sql.split(';').filter((it) => it.trim() !== '')) {
      exec.call(this, part);
      take();
    }
  };
  StatementSync.prototype.run = function (...values) {
    take();
    return Reflect.apply(run, this, values) as ReturnType<typeof run>;
  };
  try {
    await work();
  } finally {
    DatabaseSync.prototype.exec = exec;
    StatementSync.prototype.run = run;
  }
  return images;
}

test('a kill at each step leaves all that was committed, and writing goes on', async ({
  folder: dir,
}) => {
  const committed: number[] = [];
  let pages = 0;
  const images = await imagesOf(dir, async () => {
    const out = await openCaptures(dir, 'models', { maxFileBytes: 900 });
    for (const capture of samples(6, 600)) {
      await out.write(capture);
      pages += 1;
      committed.push(pages);
    }
    await out.close();
  });
  expect(images.length).toBeGreaterThan(40);
  let before = 0;
  for (const image of images) {
    const found = (await capturesOf(image)).length;
    // More and more, one at a time.
    expect(found - before, image).toBeGreaterThanOrEqual(0);
    expect(found - before, image).toBeLessThanOrEqual(1);
    before = found;
    await writeAll(image, [sampleCapture(found, 600)]);
    expect(await capturesOf(image)).toEqual(samples(found + 1, 600));
  }
  expect(before).toBe(committed.length);
});

test('an error at each step loses nothing committed, and the next write may succeed', async ({
  folder: dir,
}) => {
  const exec = Reflect.get(DatabaseSync.prototype, 'exec');
  for (const at of [
    'BEGIN',
    'COMMIT',
    'PRAGMA wal_checkpoint',
    'PRAGMA journal_mode=OFF',
    'PRAGMA journal_mode=WAL',
  ]) {
    const folder = join(dir, at.replaceAll(/\W/g, ''));
    const out = await openCaptures(folder, 'models', { maxFileBytes: 500 });
    await out.write(sampleCapture(0, 600));
    let thrown = 0;
    DatabaseSync.prototype.exec = function (sql) {
      if (sql.startsWith(at) && thrown === 0) {
        thrown += 1;
        throw new Error('broken');
      }
      exec.call(this, sql);
    };
    try {
      await expect(out.write(sampleCapture(1, 600)), at).rejects.toThrow('broken');
      expect(await capturesOf(folder), at).toEqual(samples(1, 600));
      await out.write(sampleCapture(1, 600));
    } finally {
      DatabaseSync.prototype.exec = exec;
    }
    await out.close();
    expect(thrown).toBe(1);
    expect(await capturesOf(folder), at).toEqual(samples(2, 600));
  }
});

test('damage to any file of a finished dataset is found', async ({ folder: dir }) => {
  await writeAll(dir, samples(12, 1000), { maxFileBytes: 2500 });
  const facts = await describeDataset(dir, 'models');
  expect(facts.length).toBeGreaterThan(2);
  expect(facts.reduce((sum, it) => sum + it.captures, 0)).toBe(12);
  expect(facts.reduce((sum, it) => sum + it.records, 0)).toBe(12_000);
  await checkDataset(dir, 'models', facts);
  for (const { file } of facts) {
    const path = join(dir, 'datasets', 'models', file);
    const whole = await readFile(path);
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(whole.length >> 1) ^ 1, whole.length >> 1);
    const damages: [string, () => Promise<void>][] = [
      ['flipped', () => writeFile(path, flipped)],
      ['cut', () => truncate(path, whole.length - 30)],
      ['emptied', () => truncate(path, 0)],
      ['removed', () => rm(path)],
    ];
    for (const [what, damage] of damages) {
      await damage();
      const error = { code: 'STORAGE_CORRUPT', context: { file: path } };
      await expect(checkDataset(dir, 'models', facts), `${file} ${what}`).rejects.toMatchObject(
        error,
      );
      // What is known stays known: the damage is not taken for the truth.
      await expect(describeDataset(dir, 'models', facts)).resolves.toEqual(facts);
      await writeFile(path, whole);
    }
  }
  await writeFile(fileOf(dir, 99), '');
  await expect(checkDataset(dir, 'models', facts)).rejects.toMatchObject({
    code: 'STORAGE_CORRUPT',
  });
  await rm(join(dir, 'datasets', 'models'), { recursive: true });
  await expect(checkDataset(dir, 'models', facts)).rejects.toMatchObject({
    code: 'STORAGE_CORRUPT',
  });
});

test('a reader finds a changed row and a missing file, and says which', async ({ folder: dir }) => {
  await writeAll(dir, samples(6, 1000), { maxFileBytes: 2500 });
  const path = fileOf(dir);
  const whole = await readFile(path);
  const { pathname } = new URL(`file://${path}`);
  const database = new DatabaseSync(path);
  database.exec("UPDATE captures SET next = 'x' WHERE n = 1");
  database.close();
  await expect(capturesOf(dir)).rejects.toMatchObject({
    code: 'STORAGE_CORRUPT',
    context: { file: pathname, url: sampleCapture(1).url },
  });
  for (const damage of [
    () => writeFile(path, whole.subarray(0, 5000)),
    () => writeFile(path, 'no'),
    () => rm(path),
  ]) {
    await damage();
    await expect(capturesOf(dir)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
    await expect(openCaptures(dir, 'models')).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  }
});

test('a full disk is STORAGE_FULL, loses nothing committed, and writing goes on with space', async ({
  folder: dir,
}) => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    test.skip(true, 'this user may not mount a small disk');
  }
  try {
    const ballast = join(dir, 'ballast');
    await writeFile(ballast, Buffer.alloc(700_000));
    const out = await openCaptures(dir, 'models', { maxFileBytes: 300_000 });
    let written = 0;
    let error: unknown;
    while (error === undefined) {
      try {
        await out.write(sampleCapture(written, 50_000));
        written += 1;
      } catch (caught) {
        error = caught;
      }
    }
    expect(error).toMatchObject({ code: 'STORAGE_FULL', exitCode: 75 });
    expect(written).toBeGreaterThan(3);
    expect(await capturesOf(dir)).toEqual(samples(written, 50_000));
    await rm(ballast);
    await out.write(sampleCapture(written, 50_000));
    await out.close();
    expect(await capturesOf(dir)).toEqual(samples(written + 1, 50_000));
  } finally {
    execFileSync('umount', ['--lazy', dir]);
  }
});

test('a second writer of one dataset is refused, and changes nothing', async ({ folder: dir }) => {
  const one = await openCaptures(dir, 'models');
  await one.write(sampleCapture(0));
  const other = await openCaptures(dir, 'models');
  await one.write(sampleCapture(1));
  await expect(other.write(sampleCapture(1))).rejects.toThrow('UNIQUE');
  await expect(other.close()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  await one.close();
  expect(await capturesOf(dir)).toEqual(samples(2));
});
