import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { queryDuckdb } from '../../../src/export/duckdb.ts';
import { exportRun } from '../../../src/export/export.ts';
import { inputOf, realModels, tinyModel, withTemporaryFolder, writePages } from './captured.ts';

const SCRIPT = fileURLToPath(new URL('run-load.ts', import.meta.url));

/** Loads an export; kills the process as soon as the file it builds, or its log, has that size. */
async function load(args: readonly [string, string], killAtBytes: number): Promise<number | null> {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: 'inherit' });
  let ended = false;
  const close = once(child, 'close').then(([code]) => {
    ended = true;
    return code as number | null;
  });
  const files = [`${args[1]}.tmp`, `${args[1]}.tmp.wal`];
  const size = () =>
    files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  while (!ended && size() < killAtBytes) await setImmediate();
  child.kill('SIGKILL');
  return close;
}

test('killed while it builds: readers keep the file before, and the next load ends well', async () => {
  await withTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    await writePages(storage, 'small', [{ records: [tinyModel(1)] }]);
    await writePages(storage, 'large', [{ records: await realModels() }]);
    const path = join(folder, 'hub.duckdb');
    const small = join(folder, 'small');
    const large = join(folder, 'large');
    await exportRun(inputOf(storage, { models: 'small' }, { run: 'a' }), {
      out: small,
      compress: 'zstd',
    });
    const finishedAt = '2026-11-23T12:00:00.000Z';
    const input = inputOf(storage, { models: 'large' }, { run: 'b', finishedAt });
    const { tables } = await exportRun(input, { out: large, compress: 'zstd' });
    expect(await load([small, path], Infinity)).toBe(0);
    const before = await readFile(path);
    for (const killAtBytes of [1, 20_000, 100_000, 400_000]) {
      expect(await load([large, path], killAtBytes)).toBe(null);
      expect((await readFile(path)).equals(before)).toBe(true);
    }
    expect(await load([large, path], Infinity)).toBe(0);
    const [counted] = await queryDuckdb(path, 'SELECT count(*) AS n FROM huggingface.raw_model');
    expect(counted).toEqual({ n: tables['raw_model']?.rows });
    expect((await readdir(folder)).sort()).toEqual([
      'backups',
      'hub.duckdb',
      'large',
      'small',
      'storage',
    ]);
  });
});
