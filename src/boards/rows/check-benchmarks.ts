import { numberOf } from '../values.ts';
import type { BoardResult } from './hub-benchmarks.ts';

/** A result that a model states itself; the columns of `eval_results` that the comparison needs. */
export interface StatedResult {
  id: string;
  benchmark: string | null;
  task_ids: readonly string[];
  filename: string | null;
  pull_request: number | null;
  value_text: string | null;
}

/** How the leaderboards of the official benchmarks and the models' own results agree. */
export interface BenchmarkAgreement {
  /** Results that both have. */
  compared: number;
  /** Of those, with another value. */
  differ: number;
  /** Results of models that the leaderboard of their task does not show. */
  notOnBoard: number;
  /** Rows of leaderboards whose model was read, and does not state the result. */
  notStated: number;
  /** Results for a task whose leaderboard we do not have. */
  withoutBoard: number;
  /** Of each benchmark the results of models that none of its leaderboards shows: a page may be lost. */
  notShown: ReadonlyMap<string, number>;
  /** For people, where something is other than it should be. */
  warnings: string[];
}

/** What the leaderboards of a run are. */
interface Boards {
  /** Benchmarks with leaderboards, which may be empty. */
  benchmarks: Iterable<string>;
  results: readonly BoardResult[];
}

/**
 * Compares the leaderboards with what the models state: the only second word about them, for the Hub
 * says nowhere how long one is. Pure. They are read at different times, so a few differences are no
 * fault; many are one, of the Hub or of ours.
 *
 * @param isRead whether a model was read in this run, so that its results are known
 */
export function compareResults(
  { benchmarks, results: onBoards }: Boards,
  stated: readonly StatedResult[],
  isRead: (model: string) => boolean,
): BenchmarkAgreement {
  const boards = indexBoards(onBoards);
  const met = new Set<BoardResult>();
  const found = { compared: 0, differ: 0, notOnBoard: 0, notStated: 0, withoutBoard: 0 };
  const notShown = new Map([...benchmarks].map((id) => [id, 0]));
  for (const result of stated) {
    const { benchmark, task_ids } = result;
    const missing = notShown.get(benchmark ?? '');
    if (benchmark === null || missing === undefined) continue;
    const shown = boards.find(result);
    if (shown !== undefined) {
      met.add(shown);
      found.compared += 1;
      if (!isSameValue(shown.value, result.value_text)) found.differ += 1;
      continue;
    }
    notShown.set(benchmark, missing + 1);
    const isOfBoard = task_ids.some((task) => boards.tasks.get(benchmark)?.has(task));
    found[isOfBoard ? 'notOnBoard' : 'withoutBoard'] += 1;
  }
  found.notStated = onBoards.filter((it) => !met.has(it) && isRead(it.model)).length;
  return { ...found, notShown, warnings: warningsOf(found) };
}

const keyOf = (...parts: readonly (string | number | null)[]): string => JSON.stringify(parts);

function indexBoards(onBoards: readonly BoardResult[]) {
  const tasks = new Map<string, Set<string>>();
  const byKey = new Map<string, BoardResult>();
  for (const result of onBoards) {
    const { benchmark, model, filename, pullRequest } = result;
    const known = tasks.get(benchmark) ?? new Set();
    tasks.set(benchmark, known);
    // Where the task of a leaderboard is unknown, any task of the model's may be meant.
    for (const task of result.tasks.length === 0 ? [null] : result.tasks) {
      if (task !== null) known.add(task);
      byKey.set(keyOf(benchmark, model, task, filename, pullRequest), result);
    }
  }
  const find = ({ benchmark, id, task_ids, filename, pull_request }: StatedResult) => {
    for (const task of [...task_ids, null]) {
      const result = byKey.get(keyOf(benchmark, id, task, filename, pull_request));
      if (result !== undefined) return result;
    }
    return undefined;
  };
  return { tasks, find };
}

function isSameValue(a: string | null, b: string | null): boolean {
  const [one, two] = [numberOf(a), numberOf(b)];
  if (one === null || two === null) return a === b;
  return Math.abs(one - two) <= 1e-9 * Math.max(1, Math.abs(one));
}

function warningsOf(found: Omit<BenchmarkAgreement, 'notShown' | 'warnings'>): string[] {
  const { compared, differ, notOnBoard, notStated, withoutBoard } = found;
  const all = compared + notOnBoard + withoutBoard;
  return [
    [differ, `${differ} of ${compared} results have another value on the leaderboard`],
    [
      notOnBoard,
      `${notOnBoard} of ${all} results of models are not on the leaderboard of their task`,
    ],
    [notStated, `${notStated} rows of leaderboards are not among the results of their models`],
    [
      withoutBoard,
      `${withoutBoard} of ${all} results are for a task whose leaderboard was not had`,
    ],
  ].flatMap(([count, text]) => (count === 0 ? [] : [String(text)]));
}
