import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatManifest } from '../../../src/export/manifest.ts';
import { allFaults } from './observer.ts';
import {
  contentsOf,
  DATASET,
  STAGING,
  tinyExport,
  withDouble,
  type Exported,
} from './warehouse.ts';

const ROUNDS = 2;
const SEED = 1;

const SCRIPT = new URL('run-load.ts', import.meta.url).pathname;

/** Loads in a process; kills it at the request of that number. */
function loadInProcess(
  { exportDir }: Exported,
  { url, project }: { url: string; project: string },
): { done: Promise<string>; kill: () => void } {
  const child = spawn(process.execPath, [SCRIPT, exportDir, url, project], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  const done = new Promise<string>((resolve) => child.on('close', () => resolve(output)));
  return { done, kill: () => child.kill('SIGKILL') };
}

test('a process that is killed at random requests leaves nothing that the next cannot finish', async () => {
  let state = SEED;
  await withDouble(
    async ({ folder, double, load }) => {
      const published = new Map<number, Exported>();
      for (let round = 1; round <= ROUNDS; round += 1) {
        const day = `2026-11-${String(round).padStart(2, '0')}`;
        const exported = await tinyExport(folder, { run: `k${round}`, day, models: 2 + round });
        await writeFile(
          join(exported.exportDir, 'manifest.json'),
          formatManifest(exported.manifest),
        );
        published.set(round, exported);
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        const at = 1 + Math.floor((state / 2 ** 32) * 80);
        const loading = loadInProcess(exported, double);
        double.requests.length = 0;
        double.onRequest = ({ number }) => {
          if (number === at) loading.kill();
          return undefined;
        };
        await loading.done;
        double.onRequest = () => undefined;
        expect(allFaults(double, published), `killed at request ${at}`).toEqual([]);
        const result = await load(exported);
        expect(result.sequence, `killed at request ${at}`).toBe(round);
        expect(contentsOf(double, STAGING)).toEqual({});
        expect(contentsOf(double, DATASET)['usage']?.rows).toBe(
          [...published.values()].reduce(
            (sum, { manifest }) => sum + (manifest.tables['usage']?.rows ?? 0),
            0,
          ),
        );
      }
      expect(allFaults(double, published)).toEqual([]);
    },
    { nowMs: Date.now },
  );
});
