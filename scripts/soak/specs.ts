import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { GENERATIONS } from '../../tests/replica/gradio/settings.ts';
import { TABLE_KINDS } from '../../tests/replica/tables/mutations.ts';
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

const MUTATIONS = ['tests/browser/mutations'];
const bothWays = (name: string): string => `${name},${name}-undescribed`;

export const parts: Record<string, SoakPart> = {
  crawls: moreOf(
    'more kills of light runs in parts and of runs on empty disks',
    ['parts', 'state-kill'].map((name) => `tests/unit/crawl/${name}.spec.ts`),
    { SOAK: '1' },
  ),
  warehouses: moreOf(
    'a DuckDB load that fails or is killed at each step, BigQuery loads that meet at more requests',
    ['export/duckdb-kill', 'bigquery/together'].map((name) => `tests/unit/${name}.spec.ts`),
    { SOAK: '1' },
  ),
  gradio: moreOf(
    'all generations of Gradio, tables of 10,000 rows',
    ['tests/browser/gradio.spec.ts', 'tests/browser/gradio-replica.spec.ts'],
    { SOAK: '1' },
  ),
  tables: moreOf(
    'tables of 10,000 rows, every Open LLM row, aborts of a start',
    ['html', 'ag-grid', 'open-llm'].map((name) => `tests/browser/${name}.spec.ts`),
    { SOAK: '1' },
  ),
  'mutations-tables': moreOf('every change of pages with tables and grids', MUTATIONS, {
    MUTATIONS: TABLE_KINDS.join(),
  }),
  'mutations-undescribed': moreOf('the same pages without a definition', MUTATIONS, {
    MUTATIONS: TABLE_KINDS.map((kind) => `${kind}-undescribed`).join(),
  }),
};
for (const generation of GENERATIONS) {
  const about = `every change of a page of Gradio ${generation}`;
  parts[`mutations-${generation}`] = moreOf(about, MUTATIONS, { MUTATIONS: bothWays(generation) });
}
