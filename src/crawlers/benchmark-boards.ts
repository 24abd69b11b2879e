import { evalYamlPath, isWholeFile, leaderboardPath } from '../api/benchmarks.ts';
import { misshapen, readText, type HubClient } from '../api/client.ts';
import { nextLink, walkList, type WalkSignals } from '../api/list.ts';
import type { Answer } from '../api/retry.ts';
import { nameSource, type BenchmarkSource } from '../boards/benchmark-source.ts';
import type { Capture } from '../storage/capture.ts';
import type { EtlError } from '../errors.ts';
import { readEvalYaml } from '../boards/eval-yaml.ts';
import { captureOf, type HubCrawlDependencies } from './hub.ts';
import { isServerFailure, missedOf, ownFailure } from './one-by-one.ts';

/** A benchmark as the list has it. */
export interface ListedBenchmark {
  id: string;
  /** The list says that it is not gated. */
  isOpen: boolean;
}

/** What the steps of one crawl of the benchmarks share. */
export interface BenchmarkWalk {
  dependencies: HubCrawlDependencies;
  signals: WalkSignals;
  write: (capture: Capture) => Promise<void>;
  /** Sources that are committed; of an `eval.yaml` its tasks, null where they are unreadable. */
  done: Map<string, readonly string[] | null>;
  /** Where to go on in those of which only the first pages are committed. */
  rest: ReadonlyMap<string, string>;
}

/** More tasks than any benchmark has: a file with more would make us ask without end. */
const MOST_TASKS = 500;

/**
 * Takes the leaderboards of each benchmark. False when interrupted.
 *
 * @throws {EtlError} HTTP_…, AUTH_TOKEN, STORAGE_…; the first HTTP_BUSY or HTTP_NOT_JSON when every
 * benchmark failed so: then the Hub is down, and not a benchmark closed
 */
export async function takeBoards(
  walk: BenchmarkWalk,
  benchmarks: readonly ListedBenchmark[],
): Promise<boolean> {
  let failure: EtlError | undefined;
  let answered = 0;
  for (const benchmark of benchmarks) {
    const outcome = await takeBenchmark(walk, benchmark);
    if (outcome === 'interrupted') return false;
    if (outcome === 'answered') answered += 1;
    else failure ??= outcome;
  }
  if (failure !== undefined && answered === 0) throw failure;
  return true;
}

/** The failure where the server failed; that it refused is an answer. */
async function takeBenchmark(
  walk: BenchmarkWalk,
  benchmark: ListedBenchmark,
): Promise<'answered' | 'interrupted' | EtlError> {
  const { id } = benchmark;
  const board = await take(walk, { kind: 'board', id, task: null });
  if (board === 'interrupted') return board;
  const file = await take(walk, { kind: 'eval', id });
  if (file === 'interrupted') return file;
  const failure = await missBoth(walk, benchmark, [board, file]);
  for (const task of await tasksOf(walk, benchmark)) {
    const outcome = await take(walk, { kind: 'board', id, task });
    if (outcome === 'interrupted') return outcome;
    if (outcome !== 'done') await miss(walk, benchmark, outcome);
  }
  return failure ?? 'answered';
}

/** States what was refused, once where both were for one reason. A failure when the server failed twice. */
async function missBoth(
  walk: BenchmarkWalk,
  benchmark: ListedBenchmark,
  outcomes: readonly ('done' | Refusal)[],
): Promise<EtlError | undefined> {
  const [first, second] = outcomes.filter((it) => it !== 'done');
  if (first !== undefined) await miss(walk, benchmark, first);
  if (second === undefined) return undefined;
  if (second.error.code !== first?.error.code) await miss(walk, benchmark, second);
  const isDown =
    first !== undefined && [first, second].every(({ error }) => isServerFailure(error));
  return isDown ? first.error : undefined;
}

async function tasksOf(walk: BenchmarkWalk, { id }: ListedBenchmark): Promise<readonly string[]> {
  const source = { kind: 'eval', id } as const;
  const tasks = walk.done.get(nameSource(source));
  if (tasks !== null && (tasks === undefined || tasks.length <= MOST_TASKS)) return tasks ?? [];
  const { client, missed } = walk.dependencies;
  await missed.write({
    ...factsOf(client, source),
    reason: tasks === null ? 'bad_record' : 'too_large',
    detail:
      tasks === null
        ? 'its tasks cannot be read with certainty: only its default leaderboard was taken'
        : `it names ${tasks.length} tasks: the leaderboards of the first ${MOST_TASKS} were taken`,
  });
  return tasks?.slice(0, MOST_TASKS) ?? [];
}

/** Why a source of a benchmark is not to be had; the others go on. */
interface Refusal {
  source: Exclude<BenchmarkSource, { kind: 'list' }>;
  error: EtlError;
}

/** Takes what is not committed yet of a source. */
async function take(
  walk: BenchmarkWalk,
  source: Refusal['source'],
): Promise<'done' | 'interrupted' | Refusal> {
  if (walk.done.has(nameSource(source))) return 'done';
  try {
    if (source.kind === 'eval') return await takeFile(walk, source);
    return await takeRows(walk, source);
  } catch (error) {
    return { source, error: ownFailure(error) };
  }
}

/** Pages are new to us: the Hub sent every leaderboard whole so far. */
async function takeRows(
  { dependencies: { client }, signals, write, done, rest }: BenchmarkWalk,
  source: { kind: 'board'; id: string; task: string | null },
): Promise<'done' | 'interrupted'> {
  const name = nameSource(source);
  const start = rest.get(name) ?? leaderboardPath(source.id, source.task);
  for await (const { answer, records, next } of walkList(
    client,
    { start, read: readAny },
    signals,
  )) {
    await write(captureOf(client, answer, { source: name, next, count: records.length }));
    if (next !== null) continue;
    done.set(name, []);
    return 'done';
  }
  return 'interrupted';
}

/** What is no list is one record, which the export rejects. */
export const readAny = (value: unknown, { headers }: Answer) => ({
  records: Array.isArray(value) ? (value as unknown[]) : [value],
  next: nextLink(headers['link']) ?? null,
});

/** Tries at a file of which the Hub's answers are a part only, or of another one. */
const FILE_TRIES = 3;

async function takeFile(
  { dependencies: { client, missed }, signals, write, done }: BenchmarkWalk,
  source: { kind: 'eval'; id: string },
): Promise<'done' | 'interrupted'> {
  if (signals.signal.aborted) return 'interrupted';
  const name = nameSource(source);
  let tries = 0;
  const { answer, text } = await client.retrying(async () => {
    const once = await client.attempt(evalYamlPath(source.id), signals.kill);
    tries += 1;
    if (!isWholeFile(once) && tries < FILE_TRIES) {
      throw misshapen(once, 'is not the file that its ETag names');
    }
    return { answer: once, text: readText(once) };
  });
  if (!isWholeFile(answer)) {
    const detail = 'its bytes are not those that its ETag names: tasks may be missing';
    await missed.write({ ...factsOf(client, source), reason: 'bad_record', detail });
  }
  await write(captureOf(client, answer, { source: name, next: null, count: 0 }));
  done.set(name, readEvalYaml(text)?.tasks ?? null);
  return 'done';
}

/** What each statement about the `eval.yaml` of a benchmark begins with. */
const factsOf = ({ endpoint, clock }: HubClient, source: { kind: 'eval'; id: string }) => ({
  id: source.id,
  source: nameSource(source),
  url: endpoint.at(evalYamlPath(source.id)),
  at: new Date(clock.now()).toISOString(),
});

async function miss(
  { dependencies: { client, missed } }: BenchmarkWalk,
  { id, isOpen }: ListedBenchmark,
  { source, error }: Refusal,
): Promise<void> {
  const isGated = error.code === 'AUTH_DENIED' && !isOpen;
  const advice = isGated ? '; it is gated: ask for access to the data set and set HF_TOKEN' : '';
  const stated = missedOf(id, { source: nameSource(source), error }, client.clock.now());
  const isLarge = error.code === 'HTTP_TOO_LARGE';
  await missed.write({
    ...stated,
    reason: isGated ? 'gated' : isLarge ? 'too_large' : stated.reason,
    detail: `${error.message}${advice}${whatIsLost(source)}`,
  });
}

const whatIsLost = (source: Refusal['source']): string =>
  source.kind === 'eval' ? '; so its tasks are unknown, and their leaderboards were not taken' : '';
