import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { startHub } from '../../demo/hub/index.ts';
import { seededRandom } from '../../src/crawlers/pages/windows.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import { killRuns, type Sight } from '../../tests/helpers/kill-runs.ts';
import { runInProcess, tableRows } from '../../tests/helpers/pipeline.ts';
import { writeBenchmarks } from '../../tests/unit/crawl/benchmarks-data.ts';
import type { SoakPart } from './part.ts';

/** SIGKILLs of each subject; `KILLS=200` asks for more. */
const KILLS = Number(process.env['KILLS'] ?? 30);

const SUBJECTS = [
  { sources: 'models,tags', pageSize: 20, to: 'jsonl,duckdb', compress: 'none' },
  { sources: 'benchmarks', pageSize: 20, to: 'jsonl', compress: 'none' },
];

export const part: SoakPart = {
  about: 'SIGKILL at random moments of crawl, export and load: the same tables, no page twice',
  async run(seed) {
    const random = seededRandom(seed);
    const failures: string[] = [];
    let [kills, runs] = [0, 0];
    const { folder, remove } = await temporaryFolder();
    const datasets = await writeBenchmarks(folder);
    for (const settings of SUBJECTS) {
      const hub = await startHub({ datasets, latencyMs: 25, pageLimit: 100 });
      const place = path.join(folder, settings.sources);
      const storage = path.join(place, 'clean');
      const startedAt = performance.now();
      const { report } = await runInProcess({ ...settings, storage, endpoint: hub.url });
      // A process of its own needs another second to start.
      const withinMs = performance.now() - startedAt + 1000;
      const expected = await tableRows(report.folder ?? '');
      const args = Object.entries(settings).flatMap(([name, value]) => [
        `--${name === 'pageSize' ? 'page-size' : name}`,
        String(value),
      ]);
      const moments = Array.from({ length: KILLS }, () => {
        const afterMs = random() * withinMs;
        return ({ ms }: Sight): boolean => ms >= afterMs;
      });
      const outcome = await killRuns({ hub, folder: place, args, moments });
      await hub.close();
      kills += outcome.killed;
      runs += outcome.ended.length;
      failures.push(...outcome.askedAgain.map((it) => `asked for again: ${it}`));
      for (const { code, stderr, report: it } of outcome.ended) {
        if (code !== 0) failures.push(`exit code ${code}: ${stderr}`);
        else if (!isDeepStrictEqual(await tableRows(it.folder ?? ''), expected)) {
          failures.push(`run ${it.run} of ${settings.sources} has other tables`);
        }
      }
    }
    await remove();
    return { counts: `${kills} kills over ${runs} runs`, failures };
  },
};
