import path from 'node:path';
import { catchupOf, LIST_FIELDS, REPO_KINDS, singlesOf, type RepoKind } from '../api/repos.ts';
import type { Config } from '../config.ts';
import type { ListedRepo } from '../crawlers/singles.ts';
import { changedSince } from '../export/changed.ts';
import { REPOS } from '../export/export-repos.ts';
import type { CarriedInput } from '../export/export-session.ts';
import { RECORD_ORIGINS } from '../tables/table.ts';
import { createTurns } from '../storage/at-once.ts';
import { listDatasets } from '../storage/captures.ts';
import type { FileFacts } from '../storage/dataset-facts.ts';
import { releaseBefore } from './release-before.ts';
import {
  datasetsAmong,
  datasetsOf,
  isSample,
  readRuns,
  runsBefore,
  type Carried,
  type RunState,
} from './state.ts';

const DAY_MS = 86_400_000;
/** Repositories that are asked for one by one; of more, the whole list costs less. */
const MOST_SINGLES = 2000;

/**
 * From where a list has the fields that it is not asked for; null when it is to be walked for all: there
 * is no release, the last such walk is older than `--full-every` or of another version, its captures are
 * gone, or a light run after the release came to nothing.
 */
export async function carriedFrom(
  config: Config,
  state: RunState,
  kind: RepoKind,
): Promise<Carried | null> {
  if (config.fullEvery === 0 || isSample(config)) return null;
  const before = await releaseBefore(config, state, kind);
  const runs = runsBefore(config.storage, state);
  const last = runs.find(({ run }) => run === before?.manifest.run);
  if (last === undefined || last.catchupSince === null) return null;
  const later = runs.filter(({ sequence }) => sequence > last.sequence);
  if (later.some(({ carried }) => carried[kind] !== undefined)) return null;
  const names = [last.run, ...(last.carried[kind]?.runs ?? [])];
  const chain = names.flatMap((name) => runs.filter(({ run }) => run === name));
  const isYoung = isWithin(config.fullEvery, state, chain.at(-1));
  const isWhole = chain.length === names.length && (await areThere(config.storage, chain, kind));
  return isYoung && isWhole ? { since: last.catchupSince, runs: names } : null;
}

/** A run of the same version, so many days before another at most; a clock that was set back makes nothing young. */
function isWithin(days: number, state: RunState, base: RunState | undefined): boolean {
  if (base === undefined || base.version !== state.version) return false;
  const ageMs = Date.parse(state.startedAt) - Date.parse(base.startedAt);
  return ageMs >= 0 && ageMs < days * DAY_MS;
}

/** Whether all captures of a chain are there that records are carried from. */
async function areThere(
  storageDir: string,
  chain: readonly RunState[],
  kind: RepoKind,
): Promise<boolean> {
  const names = new Set(await listDatasets(storageDir));
  return chain.every((it, at) => {
    const isBase = at === chain.length - 1;
    const sources = [catchupOf(kind), ...(isBase ? [kind] : [])];
    const needed = carriedDatasets(it, kind, isBase);
    return (
      sources.every((source) => datasetsOf(it, source).length > 0) &&
      needed.every((name) => names.has(name))
    );
  });
}

/** The datasets of a run that later light runs carry records from, newest records first. */
const carriedDatasets = (state: RunState, kind: RepoKind, isBase: boolean): string[] =>
  [singlesOf(kind), catchupOf(kind), ...(isBase ? [kind] : [])].flatMap((source) =>
    datasetsOf(state, source),
  );

/** The datasets that runs carry records from, and what each must hold. */
export function carriedBy(
  states: readonly Pick<RunState, 'carried'>[],
  runs: readonly RunState[],
): Map<string, FileFacts[]> {
  const found = new Map<string, FileFacts[]>();
  for (const { carried } of states) {
    for (const kind of REPO_KINDS) {
      const chain = carried[kind]?.runs ?? [];
      for (const it of runs.filter(({ run }) => chain.includes(run)))
        for (const name of carriedDatasets(it, kind, it.run === chain.at(-1)))
          found.set(name, it.datasets[name] ?? []);
    }
  }
  return found;
}

/** What an export completes light lists from, by kind. */
export function carriedRuns(
  storageDir: string,
  { carried }: Pick<RunState, 'carried'>,
): Partial<Record<RepoKind, CarriedInput>> {
  const runs = readRuns(storageDir);
  const inputOf = (kind: RepoKind, { runs: names }: Carried): CarriedInput => ({
    light: LIST_FIELDS[kind].light,
    runs: names
      .flatMap((name) => runs.filter(({ run }) => run === name))
      .map((it, at) => ({
        startedAt: it.startedAt,
        changes: carriedDatasets(it, kind, false),
        list: at === names.length - 1 ? datasetsOf(it, kind) : [],
      })),
  });
  return Object.fromEntries(
    REPO_KINDS.flatMap((kind) => {
      const from = carried[kind];
      return from === undefined ? [] : [[kind, inputOf(kind, from)]];
    }),
  );
}

/** Lists end side by side, and each comparison takes 300 MB: one at a time. */
const inTurn = createTurns();

/**
 * The repositories that a light list shows as new or changed, and that the list of changes lacks: those
 * that were hidden until now, say. Null for so many that the list is better walked in full, and where the
 * release before is gone.
 *
 * @throws {EtlError} `STORAGE_CORRUPT`, `CHECK_REFUSED` for files of the release before that are damaged
 */
export const unseenChanges = (
  config: Config,
  state: RunState,
  kind: RepoKind,
): Promise<ListedRepo[] | null> => inTurn(() => compareWithRelease(config, state, kind));

async function compareWithRelease(
  config: Config,
  state: RunState,
  kind: RepoKind,
): Promise<ListedRepo[] | null> {
  const before = await releaseBefore(config, state, kind);
  if (before === null || before.manifest.run !== state.carried[kind]?.runs[0]) return null;
  const names = await listDatasets(config.storage);
  const of = (source: string) => datasetsAmong(names, { run: state.run, source });
  const origin = RECORD_ORIGINS.find((it) => REPOS[it].source === kind) ?? 'model';
  const found = await changedSince(config.storage, {
    origin,
    before,
    lists: of(kind),
    changes: of(catchupOf(kind)),
    since: state.carried[kind]?.since ?? '',
    // Hidden: a copy of the storage in a bucket leaves it out.
    spillFolder: path.join(config.storage, 'runs', `.${state.run}-${kind}.spill`),
    most: MOST_SINGLES + 1,
  });
  return found === null || found.length > MOST_SINGLES ? null : found;
}
