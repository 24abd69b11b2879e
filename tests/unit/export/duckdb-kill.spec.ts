import { expect, test } from '@playwright/test';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildDuckdb, type DuckdbOptions } from '../../../src/export/duckdb.ts';
import { rollbackDuckdb } from '../../../src/export/duckdb/rollback.ts';
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

const STEPS = [
  ...['verify', 'clean up', 'create tables', 'load core_model', 'check', 'carry over'],
  ...['checkpoint', 'reopen', 'sync', 'back up', 'publish', 'remove old'],
];

async function endsWell({ path, exports, prints }: Releases): Promise<void> {
  await buildDuckdb({ ...exports[1], path } as DuckdbOptions); // there are three
  expect(await fingerprint(path)).toBe(prints[1]);
  const backup = join('backups', 'hub-r1.duckdb');
  expect(await filesOf(path)).toEqual(['backups', backup, 'hub.duckdb']);
  expect(await fingerprint(join(dirname(path), backup))).toBe(prints[0]);
}

test('a build that fails at any step leaves the release before, or the new one, and ends well', async () => {
  await withReleases(async (place) => {
    const { path, exports, prints, reset } = place;
    for (const step of STEPS) {
      await reset();
      const onStep = (name: string) => {
        if (name === step) throw new Error(`stopped at ${step}`);
      };
      const build = buildDuckdb({ ...exports[1], path, onStep } as DuckdbOptions);
      await expect(build).rejects.toThrow(`stopped at ${step}`);
      expect(await fingerprint(path), step).toBe(prints[step === 'remove old' ? 1 : 0]);
      await endsWell(place);
    }
  });
});

test('a process that is killed does so too, whatever it had half written', async () => {
  await withReleases(async (place) => {
    const { path, exports, prints, reset } = place;
    for (const step of ['load core_model', 'checkpoint', 'back up', 'remove old']) {
      await reset();
      const ended = await runLoad(['load', exports[1]?.exportDir ?? '', path], { atStep: step });
      expect(ended.code, step).toBe(null);
      expect(await fingerprint(path), step).toBe(prints[step === 'remove old' ? 1 : 0]);
      await endsWell(place);
    }
  });
});

test('a rollback that is stopped at any step leaves one of both, and the same one ends well', async () => {
  await withReleases(async ({ path, exports, prints, reset }) => {
    const [, second] = exports;
    if (second === undefined) throw new Error('no export');
    for (const step of ['clean up', 'back up', 'publish', 'remove second name']) {
      await reset();
      await buildDuckdb({ ...second, path });
      const stopped = rollbackDuckdb(path, 'r1', (name) => {
        if (name === step) throw new Error(`stopped at ${step}`);
      });
      await expect(stopped).rejects.toThrow(`stopped at ${step}`);
      expect(await fingerprint(path), step).toBe(prints[step === 'remove second name' ? 0 : 1]);
      await rollbackDuckdb(path, 'r1');
      expect(await fingerprint(path), step).toBe(prints[0]);
      const backup = join('backups', 'hub-r2.duckdb');
      expect(await filesOf(path), step).toEqual(['backups', backup, 'hub.duckdb']);
      expect(await fingerprint(join(dirname(path), backup)), step).toBe(prints[1]);
    }
  });
});
