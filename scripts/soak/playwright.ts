import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import type { SoakPart } from './part.ts';

/** Tests of `npm test` that take more of their kind when they are told so. */
export const moreOf = (about: string, specs: string[], env: Record<string, string>): SoakPart => ({
  about,
  async run() {
    const { folder, remove } = await temporaryFolder();
    const report = path.join(folder, 'report.json');
    spawnSync('playwright', ['test', '--reporter', 'list,json', ...specs], {
      stdio: 'inherit',
      env: {
        ...process.env,
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        SOAK_MINUTES: '120',
        TZ: 'UTC',
        ...env,
      },
    });
    // Playwright wrote it in its own format.
    const { stats, suites } = JSON.parse(readFileSync(report, 'utf8')) as JSONReport;
    await remove();
    const failures = suites.flatMap(failed);
    return { counts: `${stats.expected} passed, ${stats.unexpected} failed`, failures };
  },
});

const failed = ({ specs, suites = [] }: JSONReportSuite): string[] => [
  ...specs.filter(({ ok }) => !ok).map(({ file, title }) => `${file}: ${title}`),
  ...suites.flatMap(failed),
];
