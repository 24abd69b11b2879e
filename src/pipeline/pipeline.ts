import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Config } from '../config.ts';
import { ERRORS, EtlError, type ErrorCode } from '../errors.ts';
import {
  endedBadly,
  HUB_SOURCES,
  newRun,
  outcomeOf,
  saveRun,
  unfinishedRun,
  type CrawlParams,
  type RunState,
} from './state.ts';
import type { CrawlDependencies, SourceFailure } from './crawl-stage.ts';
import { exportStage, loadStage, type Exported } from './export.ts';
import { pageOfLoad } from './page.ts';
import { prune } from './prune.ts';
import { buildReport, checkFacts, type RunReport } from './report.ts';
import { span } from './telemetry.ts';

/** `crawl` leaves the tables for another time. */
export type Command = 'run' | 'crawl';

export interface PipelineDependencies extends CrawlDependencies {
  /** The exit code that a signal asked for, once it came. */
  interrupted: () => 130 | 143 | undefined;
  /** Called when all is done but to say so in the run's state. */
  beforeEnd: () => Promise<void>;
}

/** Of a run that does not say how many. */
const MOST_OVERVIEWS = 2000;

/** What makes two commands the same crawl. */
export function crawlParams(config: Config, command: Command): CrawlParams {
  return {
    command,
    endpoint: config.endpoint,
    sources: [...config.sources].sort(),
    board: config.board ?? null,
    boardUrl: config.boardUrl,
    limit: config.limit ?? null,
    filter: config.filter ?? null,
    author: config.author ?? null,
    url: config.url ?? null,
    id: config.id ?? null,
    renderer: config.renderer ?? null,
    table: config.table ?? null,
    ignoreRobots: config.ignoreRobots,
    overviews: config.overviews ?? (config.limit === undefined ? MOST_OVERVIEWS : 0),
    details: config.details ?? null,
  };
}

/** The run to go on with, or a new one. */
function openRun(dependencies: PipelineDependencies, config: Config, command: Command): RunState {
  const params = crawlParams(config, command);
  const unfinished = config.fresh ? undefined : unfinishedRun(config.storage, params);
  if (unfinished !== undefined) {
    dependencies.log.setBindings({ run: unfinished.run });
    dependencies.log.info({ stage: unfinished.stage }, 'resuming');
    const failedBefore = endedBadly(unfinished);
    const state: RunState = { ...unfinished, status: 'running', exitCode: null, failedBefore };
    delete state.error;
    saveRun(config.storage, state);
    return state;
  }
  const now = dependencies.now();
  const state = newRun(config.storage, { params, version: dependencies.version, now });
  dependencies.log.setBindings({ run: state.run });
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
  command: Command,
): Promise<RunReport> {
  const state = openRun(dependencies, config, command);
  const crawlOnly = command === 'crawl';
  let stopped: Failure | undefined;
  let exported: Exported | undefined;
  try {
    const { run } = state;
    if (state.stage === 'crawl')
      await span('crawl', { run }, () => crawl(dependencies, config, state));
    if (dependencies.interrupted() === undefined && !crawlOnly && state.stage !== 'crawl') {
      collectGarbage(state);
      const tables = await span('export', { run }, () => exportStage(dependencies, config, state));
      exported = tables;
      collectGarbage(state);
      await span('load', { run }, () => loadStage(dependencies, config, tables));
    }
  } catch (error) {
    // What a signal stopped has not failed.
    if (dependencies.interrupted() === undefined) {
      stopped = failureOf({ source: state.stage, error });
      dependencies.onFailure({ source: state.stage, error }, 'stage failed');
    }
  }
  await dependencies.beforeEnd();
  const report = finish(dependencies, config, { state, stopped, exported, crawlOnly });
  if (crawlOnly || config.dryRun) return report;
  if (exported?.loaded === true) await pruneAfter(dependencies, config);
  return { ...report, page: await pageAfter(dependencies, config, exported?.folder) };
}

/** Of fewer records a stage leaves little. */
const MANY = 100_000;

/**
 * Gives the garbage of a large stage back to the system before the next one begins. By itself V8 keeps it until
 * this thread idles: a crawl leaves 170 MB.
 */
function collectGarbage({ sources }: RunState): void {
  if (!HUB_SOURCES.some((it) => (sources[it]?.listed ?? 0) > MANY)) return;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // as the flag promises
  collect();
}

/** A run has not failed that could not be shown; and one that failed is shown, above what is there. */
async function pageAfter(
  { log, signal, interrupted }: PipelineDependencies,
  config: Config,
  folder: string | undefined,
): Promise<string | undefined> {
  if (interrupted() !== undefined) return undefined;
  try {
    return await pageOfLoad(config, { folder, signal });
  } catch (error) {
    log.warn({ error: String(error) }, 'the page was not written');
    return undefined;
  }
}

/** What cannot be removed is no reason to call a run failed that has published its tables. */
async function pruneAfter({ log }: PipelineDependencies, config: Config): Promise<void> {
  try {
    const pruned = await prune(config.storage, config);
    for (const { run, bytes } of pruned) log.info({ run, bytes }, 'removed captures and tables');
  } catch (error) {
    log.warn({ error }, 'old captures and tables were not removed');
  }
}

/** Sources that a release can do without: others are lists, which the next process goes on with. */
const MAY_FAIL = new Set(['boards', 'authors', 'details']);

async function crawl(
  dependencies: PipelineDependencies,
  config: Config,
  state: RunState,
): Promise<void> {
  // Crawlee takes half a second to load: only who crawls pays it.
  const { crawlStage } = await import('./crawl.ts');
  const failures = await crawlStage(dependencies, config, state);
  const hubFailed = failures.some(({ source }) => !MAY_FAIL.has(source));
  if (dependencies.interrupted() === undefined && !hubFailed) {
    state.stage = 'export';
    state.crawlFinishedAt = dependencies.now().toISOString();
  }
  state.failures = failures.map(failureOf);
  saveRun(config.storage, state);
}

interface Outcome {
  state: RunState;
  /** What ended the export or the load. */
  stopped: Failure | undefined;
  exported: Exported | undefined;
  crawlOnly: boolean;
}

function finish(dependencies: PipelineDependencies, config: Config, outcome: Outcome): RunReport {
  const { state, stopped, exported, crawlOnly } = outcome;
  const interrupted = dependencies.interrupted();
  const failures = [...state.failures, ...(stopped === undefined ? [] : [stopped])];
  const { exitCode } = outcomeOf(failures);
  const worst = failures.find((it) => outcomeOf([it]).exitCode === exitCode);
  const whole = crawlOnly ? state.stage !== 'crawl' : exported?.loaded === true;
  // A refused release stays refused however often it is built: the next run crawls anew.
  const refused = stopped?.code === 'CHECK_REFUSED';
  if (whole || refused) state.stage = 'done';
  state.exitCode = interrupted ?? exitCode;
  if (interrupted !== undefined) state.status = 'interrupted';
  else if (worst === undefined) state.status = 'done';
  else state.status = whole ? 'partial' : 'failed';
  if (worst !== undefined) state.error = { ...worst, hint: hintOf(worst) };
  state.checks = checkFacts(exported);
  state.finishedAt = dependencies.now().toISOString();
  saveRun(config.storage, state);
  const { status, error } = state;
  dependencies.log.info({ status, exitCode: state.exitCode, error }, 'run ended');
  return buildReport(state, exported, failures);
}

type Failure = RunState['failures'][number];

/** Longest message that is kept: it may hold text of a page. */
const MAX_MESSAGE = 2000;

function failureOf({ source, error }: SourceFailure): Failure {
  const code = error instanceof EtlError ? error.code : 'BUG';
  const message = error instanceof Error ? error.message : String(error);
  return { source, code, message: message.slice(0, MAX_MESSAGE) };
}

const hintOf = ({ code }: Failure): string =>
  code in ERRORS
    ? ERRORS[code as ErrorCode].hint
    : 'This is a bug of huggingface-etl: please report it.';
