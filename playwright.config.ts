import { defineConfig } from '@playwright/test';
import { configureGlobal } from 'fast-check';

/**
 * Property tests draw the same values in every run, so that a red build is a change of ours; another
 * `FAST_CHECK_SEED` draws others. Every worker reads this file before its first test.
 */
configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20261123) });

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
  timeout: 60_000,
  workers: 2,
  projects: [
    { name: 'unit', testMatch: /unit\/.*\.spec\.ts/ },
    { name: 'browser', testMatch: /browser\/.*\.spec\.ts/, timeout: 180_000 },
    { name: 'live', testMatch: /live\/.*\.spec\.ts/, timeout: 600_000 },
  ],
});
