import { defineConfig } from '@playwright/test';
import { configureGlobal } from 'fast-check';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Property tests draw the same values in every run, so that a red build is a change of ours; another
 * `FAST_CHECK_SEED` draws others. Every worker reads this file before its first test.
 */
configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20261123) });

// Workers, and the processes that tests start, read compiled what an earlier one has compiled.
process.env['NODE_COMPILE_CACHE'] ??= path.join(tmpdir(), 'node-compile-cache');

/**
 * One runner for everything. `unit` needs no browser, `browser` drives real Chromium against the
 * replica on loopback, `live` (opt-in: `npm run test:live`) asks the real Hub and boards.
 */
export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  reporter: process.env['CI']
    ? [['dot'], ['json', { outputFile: 'test-results/report.json' }]]
    : 'list',
  snapshotPathTemplate: '{testDir}/golden/{arg}{ext}',
  // Guards against what hangs for ever, and no more: a busy machine takes ten times as long as an idle one.
  timeout: Number(process.env['SOAK_MINUTES'] ?? 10) * 60_000,
  expect: { timeout: 120_000 },
  // Two more than the cores of a small machine: a test that reads a page waits more than it works.
  workers: 4,
  projects: [
    { name: 'unit', testMatch: /unit\/.*\.spec\.ts/ },
    { name: 'browser', testMatch: /browser\/.*\.spec\.ts/ },
    { name: 'live', testMatch: /live\/.*\.spec\.ts/ },
  ],
});
