import type { Config } from '../config.ts';
import { EtlError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { newRun, saveRun, unfinishedRun, type CrawlParams, type RunState } from './state.ts';
import type { CrawlDependencies } from './crawl-stage.ts';
import { crawlStage, type SourceFailure } from './crawl.ts';
import { exportStage, loadStage, type Exported } from './export.ts';
import { buildReport, type RunReport } from './report.ts';

/** Which stages a command runs. */
export interface Plan {
  command: 'run' | 'crawl';
  /** Crawl only: the tables are for another time. */
  crawlOnly: boolean;
}

export interface PipelineDependencies extends CrawlDependencies {
  log: Logger;
  /** The exit code that a signal asked for, once it came. */
  interrupted: () => 130 | 143 | undefined;
}

/** What makes two commands the same crawl. */
export function crawlParams(config: Config, command: string): CrawlParams {
  return {
    command,
    endpoint: config.endpoint,
    sources: [...config.sources].sort(),
    board: config.board ?? null,
    boardUrl: config.boardUrl,
    limit: config.limit ?? null,
    filter: config.filter ?? null,
    author: config.author ?? null,
    light: config.light,
    url: config.url ?? null,
    id: config.id ?? null,
    renderer: config.renderer ?? null,
    table: config.table ?? null,
  };
}

/** The run to go on with, or a new one. */
function openRun(dependencies: PipelineDependencies, config: Config, { command }: Plan): RunState {
  const params = crawlParams(config, command);
  const unfinished = config.fresh ? undefined : unfinishedRun(config.storage, params);
  if (unfinished !== undefined) {
    dependencies.log.info({ run: unfinished.run, stage: unfinished.stage }, 'resuming');
    const state: RunState = { ...unfinished, status: 'running', exitCode: null };
    delete state.error;
    return state;
  }
  const now = dependencies.now();
  const state = newRun(config.storage, { params, version: dependencies.version, now });
  saveRun(config.storage, state);
  return state;
}

/**
 * Runs the stages in order: crawl (network → raw), export (raw → tables), load (tables → warehouse).
 * Returns what happened; a failure is in the report, with the exit code, and never loses what was done.
 */
export async function runPipeline(
  dependencies: PipelineDependencies,
  config: Config,
  plan: Plan,
): Promise<RunReport> {
  const state = openRun(dependencies, config, plan);
  let failures: SourceFailure[] = [];
  let exported: Exported | undefined;
  try {
    if (state.stage === 'crawl') failures = await crawl(dependencies, config, state);
    if (dependencies.interrupted() === undefined && !plan.crawlOnly && state.stage !== 'crawl') {
      exported = await exportStage(dependencies, config, state);
      await loadStage(dependencies, config, exported);
    }
  } catch (error) {
    // What a signal stopped has not failed.
    if (dependencies.interrupted() === undefined) failures.push({ source: state.stage, error });
  }
  return finish(dependencies, config, { state, failures, exported, plan });
}

async function crawl(
  dependencies: PipelineDependencies,
  config: Config,
  state: RunState,
): Promise<SourceFailure[]> {
  const failures = await crawlStage(dependencies, config, state);
  const hubFailed = failures.some(({ source }) => source !== 'boards');
  if (dependencies.interrupted() === undefined && !hubFailed) {
    state.stage = 'export';
    state.crawlFinishedAt = dependencies.now().toISOString();
  }
  saveRun(config.storage, state);
  return failures;
}

interface Outcome {
  state: RunState;
  failures: SourceFailure[];
  exported: Exported | undefined;
  plan: Plan;
}

function finish(dependencies: PipelineDependencies, config: Config, outcome: Outcome): RunReport {
  const { state, failures, exported, plan } = outcome;
  const interrupted = dependencies.interrupted();
  const worst = worstOf(failures);
  const whole = plan.crawlOnly ? state.stage !== 'crawl' : exported?.loaded === true;
  // A refused release stays refused however often it is built: the next run crawls anew.
  const refused = failures.some(
    ({ error }) => error instanceof EtlError && error.code === 'CHECK_REFUSED',
  );
  if (whole || refused) state.stage = 'done';
  state.exitCode = interrupted ?? worst?.exitCode ?? 0;
  if (interrupted !== undefined) state.status = 'interrupted';
  else if (worst === undefined) state.status = 'done';
  else state.status = whole ? 'partial' : 'failed';
  if (worst !== undefined) state.error = describe(worst.error);
  state.finishedAt = dependencies.now().toISOString();
  saveRun(config.storage, state);
  return buildReport(state, exported);
}

/** The failure with the highest exit code: the further down the flow, the higher. */
function worstOf(
  failures: readonly SourceFailure[],
): { error: unknown; exitCode: number } | undefined {
  return failures
    .map(({ error }) => ({ error, exitCode: error instanceof EtlError ? error.exitCode : 1 }))
    .sort((a, b) => b.exitCode - a.exitCode)[0];
}

/** An error as its reader should see it. */
export function describe(error: unknown): { code: string; message: string; hint: string } {
  if (error instanceof EtlError)
    return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'BUG', message, hint: 'This is a bug of huggingface-etl: please report it.' };
}
