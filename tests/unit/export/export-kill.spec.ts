import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesOf, realModels, tinyModel, withTemporaryFolder, writePages } from './captured.ts';

const SCRIPT = fileURLToPath(new URL('run-export.ts', import.meta.url));

/** Runs an export; kills it when that many bytes of progress were seen. */
async function runExport(args: readonly string[], killAfterPages: number): Promise<number | null> {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let pages = 0;
  child.stdout.on('data', (text: Buffer) => {
    pages += text.toString().split('\n').length - 1;
    if (pages >= killAfterPages) child.kill('SIGKILL');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

test('killed anywhere: the old export stays whole, and the next run gives the same bytes', async () => {
  await withTemporaryFolder(async (folder) => {
    const storage = join(folder, 'storage');
    const models = await realModels();
    const pages = Array.from({ length: 30 }, (_, n) => ({
      records: [tinyModel(n), ...models.slice(n * 4, (n + 1) * 4)],
    }));
    await writePages(storage, 'models', pages);
    const out = join(folder, 'exports', 'r1');
    expect(await runExport([storage, out, '0'], Infinity)).toBe(0);
    const whole = await bytesOf(out);
    for (const [workers, killAfter] of [
      ['0', 1],
      ['2', 5],
      ['0', 30],
    ] as const) {
      const code = await runExport([storage, out, workers], killAfter);
      // Killed, or so late that it had ended: either way the folder is whole.
      expect([null, 0]).toContain(code);
      expect(await bytesOf(out)).toEqual(whole);
    }
    expect(await runExport([storage, out, '1'], Infinity)).toBe(0);
    expect(await bytesOf(out)).toEqual(whole);
    expect(await readdir(join(folder, 'exports'))).toEqual(['r1']);
  });
});
