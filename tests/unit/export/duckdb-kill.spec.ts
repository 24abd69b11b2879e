import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDuckdb, type DuckdbOptions } from '../../../src/export/duckdb.ts';
import { rollbackDuckdb } from '../../../src/export/duckdb/rollback.ts';
import { tables } from '../../../src/tables/index.ts';
import { filesOf, fingerprint, runLoad, tinyRelease, withPlace } from './duckdb-place.ts';
import type { Exported, Warehouse } from './duckdb-place.ts';

interface Releases extends Warehouse {
  exports: Exported[];
  /** What the file holds after each of the exports, loaded one after the other. */
  prints: string[];
  /** The place as it is after the first one. */
  reset: () => Promise<void>;
}

/** A warehouse with the first of three releases; the others are there to be loaded. */
const withReleases = (work: (place: Releases) => Promise<void>): Promise<void> =>
  withPlace(async ({ folder, path }) => {
    const exports: Exported[] = [];
    const prints: string[] = [];
    const first = join(folder, 'first.duckdb');
    for (const number of [1, 2, 3]) {
      const exported = await tinyRelease(folder, number);
      await buildDuckdb({ ...exported, path });
      exports.push(exported);
      prints.push(await fingerprint(path));
      if (number === 1) await cp(path, first);
    }
    const reset = async (): Promise<void> => {
      await rm(dirname(path), { recursive: true, force: true });
      await mkdir(dirname(path));
      await cp(first, path);
    };
    await work({ folder, path, exports, prints, reset });
  });

const BEFORE = ['verify', 'clean up', 'create tables'];
const AFTER = ['check', 'carry over', 'checkpoint', 'reopen', 'sync', 'back up', 'publish'];

test('killed at each step: the release before or the new one is whole, and the same load ends well', async () => {
  test.setTimeout(120_000);
  await withReleases(async ({ path, exports, prints, reset }) => {
    const [, second] = exports;
    if (second === undefined) throw new Error('no export');
    const args = ['load', second.exportDir, path] as const;
    await reset();
    const { code, steps } = await runLoad(args);
    expect(code).toBe(0);
    const loads = tables.map(({ name }) => `load ${name}`).filter((it) => steps.includes(it));
    expect(steps).toEqual([...BEFORE, ...loads, ...AFTER, 'remove old']);
    await reset();
    // Of the tables, the first, one in the middle and the last stand for all. Each of these processes
    // finds what the one before it left.
    const some = loads.filter((_, at) => [0, 7, loads.length - 1].includes(at));
    for (const step of [...BEFORE, ...some, ...AFTER]) {
      expect(await runLoad(args, { atStep: step }), step).toMatchObject({ code: null });
      expect(await fingerprint(path), step).toBe(prints[0]);
    }
    await endsWell();
    await reset();
    expect(await runLoad(args, { atStep: 'remove old' })).toMatchObject({ code: null });
    expect(await fingerprint(path)).toBe(prints[1]);
    await endsWell();

    async function endsWell(): Promise<void> {
      await buildDuckdb({ ...exports[1], path } as DuckdbOptions); // seen above to be there
      expect(await fingerprint(path)).toBe(prints[1]);
      const backup = join('backups', 'hub-r1.duckdb');
      expect(await filesOf(path)).toEqual(['backups', backup, 'hub.duckdb']);
      expect(await fingerprint(join(dirname(path), backup))).toBe(prints[0]);
    }
  });
});

/** Numbers of 0 to 1 that are the same each time. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('killed 30 times at random: readers see whole releases, no day twice, nothing is left over', async () => {
  test.setTimeout(180_000);
  await withReleases(async ({ path, exports, prints, reset }) => {
    const random = seeded(20_261_123);
    await reset();
    const startedAt = performance.now();
    await runLoad(['load', exports[1]?.exportDir ?? '', path]);
    const wholeMs = performance.now() - startedAt;
    await reset();
    let at = 0;
    let killed = 0;
    while (killed < 30) {
      if (at === 2) {
        await reset();
        at = 0;
      }
      const args = ['load', exports[at + 1]?.exportDir ?? '', path] as const;
      const { code } = await runLoad(args, { afterMs: random() * wholeMs });
      if (code === null) killed += 1;
      const print = await fingerprint(path);
      expect([prints[at], prints[at + 1]], `kill ${killed}`).toContain(print);
      if (print === prints[at + 1]) at += 1;
      if (code === 0) expect(print).toBe(prints[at]);
    }
    const last = exports[Math.min(at + 1, 2)];
    if (last === undefined) throw new Error('no export');
    await buildDuckdb({ ...last, path });
    expect(await fingerprint(path)).toBe(prints[Math.min(at + 1, 2)]);
    const names = await filesOf(path);
    expect(names.filter((it) => !/^(backups(.hub-r[12]\.duckdb)?|hub\.duckdb)$/.test(it))).toEqual(
      [],
    );
  });
});

test('a rollback that is killed at any step leaves one of both, and the same one ends well', async () => {
  test.setTimeout(120_000);
  await withReleases(async ({ path, exports, prints, reset }) => {
    const [, second] = exports;
    if (second === undefined) throw new Error('no export');
    for (const step of ['clean up', 'back up', 'publish', 'remove second name']) {
      await reset();
      await buildDuckdb({ ...second, path });
      const { code } = await runLoad(['rollback', 'r1', path], { atStep: step });
      expect(code, step).toBe(null);
      expect(await fingerprint(path), step).toBe(prints[step === 'remove second name' ? 0 : 1]);
      await rollbackDuckdb(path, 'r1');
      expect(await fingerprint(path), step).toBe(prints[0]);
      const backup = join('backups', 'hub-r2.duckdb');
      expect(await filesOf(path), step).toEqual(['backups', backup, 'hub.duckdb']);
      expect(await fingerprint(join(dirname(path), backup)), step).toBe(prints[1]);
    }
  });
});

test('a reader that polls all tables during 20 publishes never sees two releases mixed', async () => {
  test.setTimeout(120_000);
  await withPlace(async ({ folder, path }) => {
    const exports: Exported[] = [];
    for (let number = 1; number <= 21; number += 1) exports.push(await tinyRelease(folder, number));
    const [first, ...others] = exports;
    if (first === undefined) throw new Error('no export');
    await buildDuckdb({ ...first, path });
    const script = fileURLToPath(new URL('run-poll.ts', import.meta.url));
    const reader = spawn(process.execPath, [script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    reader.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    await once(reader.stdout, 'data');
    for (const exported of others) await buildDuckdb({ ...exported, path });
    const enough = () => text.split('\n').filter((line) => line.includes('"r21"')).length;
    await expect.poll(enough, { timeout: 20_000 }).toBeGreaterThan(1);
    reader.stdin.end();
    expect(await once(reader, 'close')).toEqual([0, null]);
    const seen = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { run: string });
    const numbers = seen.map(({ run }) => Number(run.slice(1)));
    expect(seen).toEqual(numbers.map(wholeRelease));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBeGreaterThan(5);
  });
});

/** What a reader must see of a release, all tables in one. */
const wholeRelease = (number: number): object => ({
  run: `r${number}`,
  models: number,
  likes: [number],
  core: number,
  parameters: number,
  usage_days: number,
  usage_rows: (number * (number + 1)) / 2,
  usage_likes: number,
  board_days: number,
  runs: number,
  releases: number,
});
