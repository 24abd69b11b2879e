import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bucket } from '../../../src/storage/bucket/bucket.ts';
import { openBucket } from '../../../src/storage/bucket/open.ts';
import { openCaptures, readCaptures } from '../../../src/storage/captures.ts';
import { openRemoteState, type RemoteState } from '../../../src/storage/remote/remote.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { sampleCapture } from './samples.ts';

const signal = new AbortController().signal;
const log = { warn: () => undefined };
/** Of a holder that is to be taken for dead soon, and of one that is not. */
const [SHORT, LONG] = [60, 60_000];

const open = (bucket: Bucket, storage: string, leaseMs = LONG): Promise<RemoteState> =>
  openRemoteState(bucket, storage, { command: 'test', leaseMs, signal, log });
const whole = { whole: true, signal };
const bucketIn = (folder: string): Promise<Bucket> =>
  openBucket(pathToFileURL(path.join(folder, 'bucket')).href, { env: {} });

const LARGE = randomBytes(20 * 1024 * 1024);

async function writeFiles(storage: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(storage, name)), { recursive: true });
    await writeFile(path.join(storage, name), content);
  }
}

/** What a storage holds of a state: hashes by path. */
async function contentOf(storage: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  const entries = await readdir(storage, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((it) => it.isFile() && it.name !== 'state.json')) {
    const file = path.join(entry.parentPath, entry.name);
    content[path.relative(storage, file)] = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  }
  return content;
}

test('an empty disk gets what another one had; large files go in parts, and only what changed goes', async ({
  folder,
}) => {
  const bucket = await bucketIn(folder);
  const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
  const files = {
    'runs/1.json': '{}',
    'runs/1/evidence/board/page.html': '<p>',
    'boards/x.json': '',
    'warehouse/hub.duckdb': LARGE,
  };
  await writeFiles(a, { ...files, 'warehouse/hub.duckdb.tmp': 'half', 'lock.json': '{}' });
  const first = await open(bucket, a);
  expect(await first.save(whole)).toMatchObject({ files: 4 });
  const later = Buffer.concat([LARGE, Buffer.from('more')]);
  await writeFiles(a, { 'warehouse/hub.duckdb': later });
  // Two parts of it are there.
  expect((await first.save(whole)).movedBytes).toBeLessThan(LARGE.length / 2);
  await first.close();

  const second = await open(bucket, b);
  expect(second.found).toMatchObject({ files: 4, bytes: later.length + 5 });
  expect(Object.keys(await contentOf(b)).sort()).toEqual(Object.keys(files).sort());
  expect((await readFile(path.join(b, 'warehouse', 'hub.duckdb'))).equals(later)).toBe(true);
  expect(await second.save(whole)).toMatchObject({ movedBytes: expect.any(Number) });
  await second.close();
  // Its own disk is at least as new as the bucket: nothing comes down.
  await writeFiles(b, { 'runs/2.json': 'newer' });
  const third = await open(bucket, b);
  expect(third.found.movedBytes).toBe(0);
  await third.save(whole);
  await third.close();
  // The other one is behind: it gets what it lacks, and loses what is gone.
  await rm(path.join(b, 'boards'), { recursive: true });
  const fourth = await open(bucket, b);
  await fourth.save(whole);
  await fourth.close();
  await (await open(bucket, a)).close();
  expect((await contentOf(a))['runs/2.json']).toBe((await contentOf(b))['runs/2.json']);
  expect(existsSync(path.join(a, 'boards', 'x.json'))).toBe(false);
  expect(existsSync(path.join(a, 'warehouse', 'hub.duckdb.tmp'))).toBe(true);
});

/** Generations of a state: all files say the same number. */
const generation = (n: number) =>
  Object.fromEntries(
    ['runs/1.json', 'boards/x.json', 'exports/1/t.jsonl'].map((it) => [it, `${n}`]),
  );

async function generationsOf(storage: string): Promise<string[]> {
  const names = Object.keys(await contentOf(storage));
  return Promise.all(names.map((name) => readFile(path.join(storage, name), 'utf8')));
}

/** A bucket as a process sees it that is killed at its n-th request, done or not. */
function dying(bucket: Bucket, n: number, isDone: boolean): Bucket {
  let requests = 0;
  const ask = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    requests += 1;
    if (requests === n && isDone) await work();
    if (requests >= n) throw new Error('killed');
    return work();
  };
  return {
    address: bucket.address,
    get: (name) => ask(() => bucket.get(name)),
    put: (name, body, onlyIf) => ask(() => bucket.put(name, body, onlyIf)),
    list: (prefix) => ask(() => bucket.list(prefix)),
    remove: (name) => ask(() => bucket.remove(name)),
  };
}

for (const isDone of [true, false]) {
  test(`killed at any request, ${isDone ? 'done' : 'not done'}, the state is an old or a new one`, async ({
    folder,
  }) => {
    const seen = new Set<string>();
    const begun = path.join(folder, 'begun');
    const old = await open(await bucketIn(begun), path.join(begun, 'old'));
    await writeFiles(path.join(begun, 'old'), generation(1));
    await old.save(whole);
    await old.close();
    for (let n = 1, isAlive = false; !isAlive; n += 1) {
      const place = path.join(folder, String(n));
      await cp(path.join(begun, 'bucket'), path.join(place, 'bucket'), { recursive: true });
      const bucket = await bucketIn(place);
      const disk = (name: string): string => path.join(place, name);
      isAlive = await (async () => {
        const killed = await open(dying(bucket, n, isDone), disk('killed'), SHORT);
        for (const value of [2, 3]) {
          await writeFiles(disk('killed'), generation(value));
          await killed.save(whole);
        }
        await killed.close();
        return true;
      })().catch((error: unknown) => {
        expect(String(error)).toContain('killed');
        return false;
      });

      const next = await open(bucket, disk('next'));
      const found = await generationsOf(disk('next'));
      expect(found).toEqual(Array.from({ length: 3 }, () => found[0]));
      seen.add(found[0] ?? '');
      await writeFiles(disk('next'), generation(4));
      await next.save(whole);
      await next.close();
      const last = await open(bucket, disk('last'));
      expect(await generationsOf(disk('last'))).toEqual(['4', '4', '4']);
      // The manifest, and one object for three equal files.
      expect(await bucket.list('objects/')).toHaveLength(2);
      await last.close();
    }
    expect([...seen].sort()).toEqual(['1', '2', '3']);
  });
}

test('two at once: the second is refused; a dead one is followed, and can write nothing afterwards', async ({
  folder,
}) => {
  const bucket = await bucketIn(folder);
  const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
  await writeFiles(a, generation(1));
  const living = await open(bucket, a, 240);
  await expect(open(bucket, b)).rejects.toMatchObject({
    code: 'STORAGE_LOCKED',
    message: expect.stringContaining('`test` holds file://'),
  });
  await living.save(whole);
  await living.close();

  // As one whose machine stands still for a while.
  let thaw = (): void => undefined;
  let thawed = Promise.resolve();
  const put: Bucket['put'] = (...args) => thawed.then(() => bucket.put(...args));
  const zombie = await open({ ...bucket, put }, a, SHORT);
  thawed = new Promise((resolve) => (thaw = resolve));
  // Two wait for its end: one of them gets it.
  const heirs = await Promise.allSettled([open(bucket, b), open(bucket, path.join(folder, 'd'))]);
  const [heir] = heirs.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
  const [refused] = heirs.flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []));
  expect(refused).toMatchObject({ code: 'STORAGE_LOCKED' });
  thaw();
  await writeFiles(a, generation(2));
  await expect(zombie.save(whole)).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  expect(zombie.lost.aborted).toBe(true);
  await heir?.close();
  await (await open(bucket, path.join(folder, 'c'))).close();
  expect(await generationsOf(path.join(folder, 'c'))).toEqual(['1', '1', '1']);
});

test('an answer that was lost is no other holder', async ({ folder }) => {
  const bucket = await bucketIn(folder);
  let isLost = false;
  const deaf: Bucket = {
    ...bucket,
    async put(name, body, onlyIf) {
      const version = await bucket.put(name, body, onlyIf);
      // A client repeats it, and is refused.
      if (onlyIf !== undefined && version !== undefined && (isLost = !isLost)) return undefined;
      return version;
    },
  };
  await writeFiles(folder, generation(1));
  const state = await open(deaf, folder);
  await state.save(whole);
  await writeFiles(folder, generation(2));
  await state.save(whole);
  await state.close();
  await (await open(bucket, path.join(folder, 'b'))).close();
  expect(await generationsOf(path.join(folder, 'b'))).toEqual(['2', '2', '2']);
});

test('captures that are written to go as a copy, closed ones as they are', async ({ folder }) => {
  const bucket = await bucketIn(folder);
  const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
  const state = await open(bucket, a);
  const closed = await openCaptures(a, 'closed');
  await closed.write(sampleCapture(0));
  await closed.close();
  const out = await openCaptures(a, 'open');
  await out.write(sampleCapture(0));
  await out.write(sampleCapture(1));
  await state.save({ whole: false, signal });
  await out.write(sampleCapture(2));
  await state.close();
  const next = await open(bucket, b);
  const numbersOf = async (storage: string): Promise<number[]> => {
    const numbers: number[] = [];
    for await (const { n } of readCaptures(storage, 'open')) numbers.push(n);
    return numbers;
  };
  expect(await numbersOf(b)).toEqual([0, 1]);
  const file = path.join('datasets', 'closed', '000001.sqlite');
  expect((await contentOf(b))[file]).toBe((await contentOf(a))[file]);
  // It goes on where the copy ends.
  const more = await openCaptures(b, 'open');
  expect(more.committed.pages).toBe(2);
  await more.write(sampleCapture(2));
  await more.close();
  expect(await numbersOf(b)).toEqual([0, 1, 2]);
  await out.close();
  await next.close();
});

test('what is damaged, of others, or would lead out of the storage is refused', async ({
  folder,
}) => {
  const bucket = await bucketIn(folder);
  const a = path.join(folder, 'a');
  await writeFiles(a, generation(1));
  const first = await open(bucket, a);
  await first.save(whole);
  await first.close();

  await writeFiles(path.join(folder, 'foreign'), { 'runs/9.json': '' });
  await expect(open(bucket, path.join(folder, 'foreign'))).rejects.toMatchObject({
    code: 'FOLDER_TAKEN',
  });
  const careless: Bucket = { ...bucket, put: (name, body) => bucket.put(name, body) };
  await expect(open(careless, a)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await rm(path.join(folder, 'bucket', 'state.json'));
  const again = await open(bucket, a);
  await again.save(whole);
  await again.close();

  for (const name of await bucket.list('objects/')) {
    const { body } = (await bucket.get(name)) ?? { body: Buffer.alloc(0) };
    await bucket.put(name, Buffer.concat([body, Buffer.from(' ')]));
    await expect(open(bucket, path.join(folder, 'b'))).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
    });
    await bucket.put(name, body);
  }
  await (await open(bucket, path.join(folder, 'b'))).close();
});
