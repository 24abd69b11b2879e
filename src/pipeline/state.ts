import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { REPO_KINDS } from '../api/repos.ts';
import { BoardChanges } from '../boards/history.ts';
import { BOARD_STATUSES, PROOFS } from '../tables/leaderboard-entries.ts';
import { FoundTable } from '../boards/reading.ts';
import type { Config } from '../config.ts';
import {
  ERRORS,
  EtlError,
  fromSystemError,
  gravestExitCode,
  systemCode,
  type ErrorCode,
} from '../errors.ts';
import { FileFacts } from '../storage/dataset-facts.ts';
import { writeJson } from '../storage/files.ts';
import { REMOVAL_ANSWERS } from '../tables/repo-events.ts';

const HubFacts = z.object({
  status: z.enum(['pending', 'running', 'done', 'failed']),
  /** Requests sent, each attempt counted; those of a killed process since its last save are not. */
  requests: z.number(),
  pages: z.number(),
  listed: z.number(),
  /** Pages that were committed before this process took over; null for a crawl in one go. */
  resumedFrom: z.number().nullable(),
  /** That its list was walked, over all processes of the run; one that was killed did not say. */
  seconds: z.number().default(0),
  /** The record that the list ended with, which proves that end; none for a sample. */
  last: z.object({ id: z.string(), _id: z.string() }).optional(),
  /** How many of them the search of the Hub counted; none where it gave no number, or not all were asked for. */
  counted: z.number().optional(),
});
export type HubFacts = z.infer<typeof HubFacts>;

/**
 * What is listed by the Hub; of each kind of repository the list, what changed while it was read (of a
 * light list: since the run before), and what was asked for one by one.
 */
export const HUB_SOURCES = [
  'models',
  'catchup',
  'singles',
  'datasets',
  'catchup-datasets',
  'singles-datasets',
  'spaces',
  'catchup-spaces',
  'singles-spaces',
  'tags',
  'authors',
  'details',
  'benchmarks',
] as const;
export type HubSource = (typeof HUB_SOURCES)[number];

const BoardFound = z.object({
  /** Header of the column that names the model. */
  model: z.string(),
  /** Headers of the columns that tell rows apart. */
  identity: z.array(z.string()),
  /** Entries are listed several times: they are numbered. */
  repeats: z.boolean(),
  columns: z.array(
    z.object({
      header: z.string(),
      name: z.string(),
      kind: z.string(),
      score: z.boolean().default(false),
      unit: z.string().nullable().default(null),
      lowerIsBetter: z.boolean().nullable().default(null),
    }),
  ),
  /** Tables of the page that could have been meant. */
  tables: z.array(FoundTable),
});
/** What a page that nobody described turned out to be. */
export type BoardFound = z.infer<typeof BoardFound>;

/** What a run keeps of a board's reading: all but the rows. */
export const BoardFacts = z.object({
  status: z.enum([...BOARD_STATUSES, 'drifted', 'failed']),
  stated: z.object({ shown: z.number().nullable(), total: z.number().nullable() }),
  /** Rows that the page loaded; null where it loads none. */
  loaded: z.number().nullable(),
  proof: z.enum(PROOFS).nullable(),
  /** Controls of the page that chose these rows; '' for none. */
  variant: z.string(),
  /** Loaded rows that the page does not show, and that were not taken. */
  hidden: z.number(),
  shownChecked: z.number(),
  rows: z.number(),
  seconds: z.number(),
  warnings: z.array(z.string()),
  /** Address that was read, and the kind of page that it is; null when it could not be told. */
  url: z.string().optional(),
  renderer: z.string().nullable().optional(),
  found: BoardFound.optional(),
  /** Since the run whose good capture it is compared with; null where there is none. */
  changes: BoardChanges.extend({ since: z.string() }).nullable().optional(),
  /** Folder of the evidence, within the storage. */
  evidence: z.string().optional(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      /** The run that it was compared with, where that is why. */
      since: z.string().optional(),
    })
    .optional(),
});
export type BoardFacts = z.infer<typeof BoardFacts>;

const CheckFacts = z.object({
  passed: z.number(),
  /** There was nothing to compare with. */
  skipped: z.number(),
  /** What was warned of, or refused. */
  findings: z.array(
    z.object({
      warehouse: z.string(),
      outcome: z.enum(['warned', 'refused']),
      check: z.string(),
      table: z.string(),
      found: z.string(),
      expected: z.string(),
      sampleSql: z.string().optional(),
    }),
  ),
});
/** What the checks of a load said, as the page shows it. */
export type CheckFacts = z.infer<typeof CheckFacts>;

const Params = z.object({
  /** `run` or `crawl`: a finished crawl is no unfinished run. */
  command: z.string(),
  endpoint: z.string(),
  sources: z.array(z.string()),
  board: z.array(z.string()).nullable(),
  boardUrl: z.array(z.string()),
  limit: z.number().nullable(),
  filter: z.string().nullable(),
  author: z.string().nullable(),
  /** A page that nobody described. */
  url: z.string().nullable(),
  id: z.string().nullable(),
  renderer: z.string().nullable(),
  table: z.string().nullable(),
  ignoreRobots: z.boolean(),
  overviews: z.number(),
  details: z.string().nullable(),
});
/** What makes two commands the same crawl. */
export type CrawlParams = z.infer<typeof Params>;

/** From where a list that was walked for its light fields has the others. */
const Carried = z.object({
  /** What changed since then is asked for whole. */
  since: z.string(),
  /** Newest first; the last one walked the list for all fields. */
  runs: z.array(z.string()),
});
export type Carried = z.infer<typeof Carried>;

const RunState = z.object({
  format: z.literal(1),
  run: z.string(),
  /** Its place among the runs of its storage, from 1: a clock may be set back. */
  sequence: z.number(),
  version: z.string(),
  params: Params,
  startedAt: z.string(),
  /** What is still to be done. */
  stage: z.enum(['crawl', 'export', 'done']),
  status: z.enum(['running', 'done', 'partial', 'failed', 'interrupted']),
  exitCode: z.number().nullable(),
  crawlFinishedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** Records changed since then belong to the catch-up pass; the Hub's own clock. */
  catchupSince: z.string().nullable(),
  sources: z.object({
    ...(Object.fromEntries(HUB_SOURCES.map((it) => [it, HubFacts.optional()])) as Record<
      HubSource,
      z.ZodOptional<typeof HubFacts>
    >), // of each name
    boards: z.record(z.string(), BoardFacts).optional(),
  }),
  /** What each dataset of captures holds, by name, since the crawl of its source ended. */
  datasets: z.record(z.string(), z.array(FileFacts)),
  /** Sources whose crawl failed, or of which a part was refused; kept for processes that go on later. */
  failures: z
    .array(z.object({ source: z.string(), code: z.string(), message: z.string() }))
    .default([]),
  /** Where the parts of a list begin, by kind; a list that is not here is walked serially. */
  parts: z
    .partialRecord(z.enum(REPO_KINDS), z.array(z.object({ cursor: z.string(), after: z.string() })))
    .default({}),
  /** Lists that are walked for their light fields, by kind; any other is walked for all. */
  carried: z.partialRecord(z.enum(REPO_KINDS), Carried).default({}),
  /** The run before, or this one in an earlier process, failed: that it went well is told. */
  failedBefore: z.boolean().default(false),
  /** Its captures were removed: nothing can be exported of it again. */
  isPruned: z.boolean().default(false),
  /** What the Hub said of models that its list lacks, by `_id`. */
  removals: z.record(z.string(), z.enum(REMOVAL_ANSWERS)).default({}),
  /** Fields of models, and those of others as `datasets.name`. */
  expandDrift: z.object({ removed: z.array(z.string()), added: z.array(z.string()) }).optional(),
  /** Of the last load; none where nothing was loaded. */
  checks: CheckFacts.optional(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
});
/** The state of a run, `storage/runs/<run>.json`: what is done, what is left, what it counted. */
export type RunState = z.infer<typeof RunState>;

/** How a run ended whose sources failed so: the gravest failure counts. */
export function outcomeOf(failures: RunState['failures']): {
  status: 'done' | 'partial';
  exitCode: number;
} {
  const codes = failures.map(({ code }) =>
    code in ERRORS ? ERRORS[code as ErrorCode].exitCode : 1,
  );
  return failures.length === 0
    ? { status: 'done', exitCode: 0 }
    : { status: 'partial', exitCode: gravestExitCode(codes) };
}

const folder = (storageDir: string): string => path.join(storageDir, 'runs');

/** Names of the datasets of a source: of a list that was walked in parts, one a part, in order. */
export const datasetsOf = (
  { run, datasets }: Pick<RunState, 'run' | 'datasets'>,
  source: string,
): string[] => datasetsAmong(Object.keys(datasets), { run, source });

/** The same of names of datasets, whatever the state of the run knows of them. */
export function datasetsAmong(
  names: readonly string[],
  { run, source }: { run: string; source: string },
): string[] {
  const partOf = (name: string): number => {
    if (name === `${source}-${run}`) return 1;
    const prefix = `${source}-part-`;
    const isPart = name.startsWith(prefix) && name.endsWith(`-${run}`);
    return isPart ? Number(name.slice(prefix.length, -run.length - 1)) : Number.NaN;
  };
  return names.filter((name) => !Number.isNaN(partOf(name))).sort((a, b) => partOf(a) - partOf(b));
}

/** A new run, not yet on disk. Its id is its start, to the second. */
export function newRun(
  storageDir: string,
  { params, version, now }: { params: CrawlParams; version: string; now: Date },
): RunState {
  const runs = readRuns(storageDir);
  const taken = new Set(runs.map((it) => it.run));
  const start = now.toISOString();
  const base = `${start.slice(0, 19).replace(/[-:]/g, '').toLowerCase()}z`;
  let run = base;
  for (let n = 2; taken.has(run); n += 1) run = `${base}-${n}`;
  return RunState.parse({
    format: 1,
    run,
    sequence: (runs.at(-1)?.sequence ?? 0) + 1,
    version,
    params,
    startedAt: start,
    stage: 'crawl',
    status: 'running',
    exitCode: null,
    crawlFinishedAt: null,
    finishedAt: null,
    catchupSince: null,
    sources: {},
    datasets: {},
    failedBefore: endedBadly(runs.findLast(isSame(params))),
  } satisfies z.input<typeof RunState>);
}

/** All runs of a storage folder, oldest first. */
export function readRuns(storageDir: string): RunState[] {
  let names: string[];
  try {
    names = readdirSync(folder(storageDir));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fromSystemError(error, `Reading ${folder(storageDir)}`);
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => readRun(path.join(folder(storageDir), name)))
    .sort((a, b) => a.sequence - b.sequence);
}

/** The runs of a storage that began before one. */
export const runsBefore = (
  storageDir: string,
  { sequence }: Pick<RunState, 'sequence'>,
): RunState[] => readRuns(storageDir).filter((it) => it.sequence < sequence);

/** Whether only a part of what the Hub lists is asked for. */
export const isSample = ({ limit, filter, author }: Config): boolean =>
  [limit, filter, author].some((it) => it !== undefined);

function readRun(file: string): RunState {
  const text = readFileSync(file, 'utf8');
  try {
    return RunState.parse(JSON.parse(text));
  } catch (error) {
    throw new EtlError('STORAGE_CORRUPT', `${file} is no run state`, { cause: error });
  }
}

/** The newest run with these parameters that has not finished, or undefined. */
export function unfinishedRun(storageDir: string, params: CrawlParams): RunState | undefined {
  return readRuns(storageDir)
    .filter(isSame(params))
    .findLast((it) => it.stage !== 'done');
}

const isSame = (params: CrawlParams): ((run: RunState) => boolean) => {
  const same = JSON.stringify(params);
  return (run) => JSON.stringify(run.params) === same;
};

/** A run that was stopped or killed says nothing new: what was before it still counts. */
export function endedBadly(run: RunState | undefined): boolean {
  if (run === undefined) return false;
  const { exitCode, failedBefore } = run;
  return exitCode === null || isInterrupted(exitCode) ? failedBefore : exitCode !== 0;
}

/** That a signal stopped a run is no failure of it. */
export const isInterrupted = (exitCode: number): boolean => exitCode === 130 || exitCode === 143;

/** Puts the state on disk, whole or not at all. */
export const saveRun = (storageDir: string, state: RunState): void =>
  writeJson(path.join(folder(storageDir), `${state.run}.json`), state);
