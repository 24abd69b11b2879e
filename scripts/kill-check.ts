import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { RunReport } from '../src/pipeline/report.ts';
import { killRuns } from '../tests/helpers/kill-runs.ts';
import { runCli } from '../tests/helpers/cli.ts';
import { tableRows } from '../tests/helpers/pipeline.ts';
import { startHub } from '../demo/hub/index.ts';

/**
 * Kills a run 30 times at random, over any file of models: `node scripts/kill-check.ts [FILE] [KILLS]`.
 * `npm test` does the same with the replica's own models.
 */
const [data, kills = '30'] = process.argv.slice(2);
const ARGS = ['--sources', 'models,tags', '--to', 'jsonl,duckdb', '--compress', 'none'];
const folder = await mkdtemp(path.join(tmpdir(), 'hfetl-kill-'));
const hub = await startHub({ latencyMs: 50, ...(data === undefined ? {} : { data }) });
const clean = ['run', ...ARGS, '--storage', path.join(folder, 'clean'), '--endpoint', hub.url];
const startedAt = Date.now();
const reference = JSON.parse((await runCli([...clean, '--json'])).stdout) as RunReport;
const tookMs = Date.now() - startedAt;
const outcome = await killRuns({
  hub,
  folder,
  args: ARGS,
  kills: Number(kills),
  withinMs: tookMs,
  random: Math.random,
});
const expected = await tableRows(reference.folder ?? '');
let same = 0;
for (const { stdout } of outcome.ended) {
  const report = JSON.parse(stdout) as RunReport;
  if (isDeepStrictEqual(await tableRows(report.folder ?? ''), expected)) same += 1;
}
await hub.close();
await rm(folder, { recursive: true });
process.stdout.write(`an undisturbed run takes ${tookMs} ms and lists ${hub.models} models
${outcome.killed} kills over ${outcome.ended.length} runs; ${same} of them gave the same tables
pages asked for again after they were committed: ${outcome.askedAgain.length}
first request after the start: ${outcome.firstRequestMs.join(', ')} ms
`);
process.exit(same === outcome.ended.length && outcome.askedAgain.length === 0 ? 0 : 1);
