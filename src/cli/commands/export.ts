import { EtlError } from '../../errors.ts';
import { readManifest } from '../../export/manifest.ts';
import { outcomeOf, readRuns, saveRun, type RunState } from '../../pipeline/state.ts';
import { newestExport, pageOfLoad } from '../../pipeline/page.ts';
import { buildReport, checkFacts } from '../../pipeline/report.ts';
import { exportStage, loadStage, type Exported } from '../../pipeline/export.ts';
import type { Io } from '../io.ts';
import { withHub, withStorage } from '../resources.ts';
import { withSession, withSummary, type Flags, type Session } from '../session.ts';
import { planText } from '../plan.ts';
import { summary } from '../summary.ts';

/** `export`: the tables of a past crawl, offline; loads them too where `--to` says so. */
export async function exportCommand(io: Io, flags: Flags): Promise<number> {
  return reported(io, { flags, command: 'export' }, async (session) => {
    const { config } = session;
    const state = crawledRun(config.storage, flags['replay']);
    const dependencies = stageDependencies(session);
    const exported = await exportStage(dependencies, config, state);
    await load(session, exported);
    if (state.stage !== 'done' && exported.loaded) {
      Object.assign(state, { stage: 'done', ...outcomeOf(state.failures) });
      saveRun(config.storage, state);
    }
    return { state, exported };
  });
}

/** `load`: a finished export to the warehouse; the captures are not read. */
export async function loadCommand(io: Io, flags: Flags): Promise<number> {
  return reported(io, { flags, command: 'load' }, async (session) => {
    const { config } = session;
    const runs = readRuns(config.storage);
    const folder = config.out ?? newestExport(config.storage, runs);
    if (folder === undefined)
      throw new EtlError('EXPORT_MISSING', `There are no tables in ${config.storage}`);
    const manifest = await readManifest(folder);
    const state = runs.find(({ run }) => run === manifest.run);
    if (state === undefined) {
      throw new EtlError(
        'EXPORT_MISSING',
        `The run ${manifest.run} of ${folder} is not in this storage`,
      );
    }
    const exported: Exported = { folder, manifest, warehouse: undefined, loaded: false };
    await load(session, exported);
    return { state, exported };
  });
}

/** Of all targets, the Hub alone is asked by way of a client of ours. */
async function load(session: Session, exported: Exported): Promise<void> {
  const { config } = session;
  const dependencies = stageDependencies(session);
  if (config.to.some((it) => it.startsWith('hf://datasets/')))
    await withHub(session, (client) => loadStage({ ...dependencies, client }, config, exported));
  else await loadStage(dependencies, config, exported);
}

function stageDependencies(session: Session) {
  const { env, signal, progress, log } = session;
  const onProgress = (source: string, facts: object): void => progress.update(source, facts);
  return { env, signal, onProgress, log, ...withSummary(session).listener };
}

function crawledRun(storageDir: string, wanted: unknown): RunState {
  const runs = readRuns(storageDir).filter(({ crawlFinishedAt }) => crawlFinishedAt !== null);
  const had = runs.filter(({ isPruned }) => !isPruned);
  const state = wanted === undefined ? had.at(-1) : runs.find(({ run }) => run === wanted);
  if (state?.isPruned === true)
    throw new EtlError('EXPORT_MISSING', `The captures of run ${state.run} were removed`);
  if (state !== undefined) return state;
  const what = typeof wanted === 'string' ? `crawl ${wanted}` : 'finished crawl';
  throw new EtlError('EXPORT_MISSING', `There is no ${what} in ${storageDir}`);
}

/** Works in the storage, and tells what was done. */
const reported = (
  io: Io,
  { flags, command }: { flags: Flags; command: string },
  work: (session: Session) => Promise<{ state: RunState; exported: Exported }>,
): Promise<number> =>
  withSession(io, flags, (session) =>
    withStorage(session, command, async () => {
      const { config, signal } = session;
      const { state, exported } = await work(session);
      const { plan, checks, folder } = exported;
      if (checks !== undefined) {
        state.checks = checkFacts(exported);
        saveRun(config.storage, state);
      }
      const page = await pageOfLoad(config, { folder, signal });
      const report = {
        ...buildReport(state, exported, state.failures),
        exitCode: 0,
        ...{ page, duckdb: plan },
      };
      session.progress.close();
      // A plan is a result, and no summary.
      const { dryRun, json, quiet } = config;
      if (dryRun) session.answer(report, planText(exported));
      else if (json || !quiet) session.answer(report, summary(report, config));
      return 0;
    }),
  );
