import { isSameTask } from '../../tables/eval-results.ts';
import { field, integerOf, isObject, textOf } from '../values.ts';
import type { BoardReject } from './rows.ts';

/** One leaderboard of a benchmark, as the Hub answered. */
export interface BenchmarkAnswer {
  /** Null for the leaderboard that the Hub gives when no task is asked for. */
  task: string | null;
  records: readonly unknown[];
}

/** A row of a leaderboard. */
export interface BenchmarkItem {
  /** Place of its answer, and its own in there. */
  answer: number;
  position: number;
  /** The shortest task it stands under; null where the default leaderboard is none of those named. */
  task: string | null;
  /** All tasks under which the same result stands. */
  tasks: string[];
  model: string;
  filename: string | null;
  /** Number of the open pull request that states it; null when it is merged. */
  pullRequest: string | null;
  rank: number | null;
  record: unknown;
}

export interface BenchmarkReject extends BoardReject {
  answer: number;
}

/** `listed = items + duplicates + rejects`. */
export interface BenchmarkItems {
  listed: number;
  duplicates: number;
  rejects: BenchmarkReject[];
  items: BenchmarkItem[];
  /** The task whose leaderboard the default one is; null where that is not to be seen. */
  defaultTask: string | null;
}

/** Deeper than any record of the Hub; a reader that recurses would not hold what is far deeper. */
const DEEPEST = 64;

/**
 * The rows of a benchmark's leaderboards, each result once. The default leaderboard is one of the
 * tasks' under no name, and a result may stand under two names of one task: both are counted as
 * duplicates. Pure and total.
 */
export function benchmarkItems(answers: readonly BenchmarkAnswer[]): BenchmarkItems {
  const found: BenchmarkItems = {
    listed: 0,
    duplicates: 0,
    rejects: [],
    items: [],
    defaultTask: null,
  };
  const read = answers.map((it, answer) => readAnswer(found, it, answer));
  const named = read
    .flat()
    .filter(({ task }) => task !== null)
    .sort(byTask);
  const unnamed = read.flat().filter(({ task }) => task === null);
  takeNamed(found, named);
  found.defaultTask = defaultTaskOf(found.items, unnamed);
  takeUnnamed(found, unnamed);
  found.items.sort((a, b) => a.answer - b.answer || a.position - b.position);
  return found;
}

/** A name before those that begin with it; the order of the answers does not matter. */
function byTask(a: BenchmarkItem, b: BenchmarkItem): number {
  const [one, two] = [a.task ?? '', b.task ?? ''];
  if (one === two) return a.answer - b.answer || a.position - b.position;
  return one < two ? -1 : 1;
}

function readAnswer(
  found: BenchmarkItems,
  { task, records }: BenchmarkAnswer,
  answer: number,
): BenchmarkItem[] {
  found.listed += records.length;
  const name = task?.toWellFormed() ?? null;
  return records.flatMap((record, position) => {
    const id = field(record, 'modelId');
    const model = typeof id === 'string' ? textOf(id) : null;
    const reason = reasonAgainst(record, model);
    if (reason !== null || model === null) {
      const detail = reason === 'not_an_object' ? 'no object, or nested too deeply' : 'no modelId';
      found.rejects.push({ answer, position, reason: reason ?? 'no_model', detail, record });
      return [];
    }
    return [
      {
        answer,
        position,
        task: name,
        tasks: name === null ? [] : [name],
        model,
        filename: textOf(field(record, 'filename')),
        pullRequest: textOf(field(record, 'pullRequest')),
        rank: integerOf(field(record, 'rank')),
        record,
      },
    ];
  });
}

const reasonAgainst = (record: unknown, model: string | null): BoardReject['reason'] | null => {
  if (!isObject(record) || isDeep(record)) return 'not_an_object';
  return model === null ? 'no_model' : null;
};

function isDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((it): unknown[] =>
      typeof it === 'object' && it !== null ? Object.values(it) : [],
    );
  }
  return false;
}

/** What a statement is known by, whatever its value. */
const statement = ({ model, filename, pullRequest }: BenchmarkItem): string =>
  JSON.stringify([model, filename, pullRequest]);

/** The statement with its value: two that are equal are one fact. */
const fact = (item: BenchmarkItem): string =>
  `${statement(item)} ${JSON.stringify(field(item.record, 'value') ?? null)}`;

function takeNamed(found: BenchmarkItems, items: readonly BenchmarkItem[]): void {
  const facts = new Map<string, BenchmarkItem[]>();
  for (const item of items) {
    const key = fact(item);
    const alike = facts.get(key) ?? [];
    const same = alike.find((it) => it.tasks.some((task) => isSameTask(task, item.task)));
    if (same === undefined) {
      found.items.push(item);
      facts.set(key, [...alike, item]);
      continue;
    }
    found.duplicates += 1;
    if (item.task !== null && !same.tasks.includes(item.task)) same.tasks.push(item.task);
  }
}

/** The task that has at least half of the default leaderboard's facts, and more than any other. */
function defaultTaskOf(
  items: readonly BenchmarkItem[],
  unnamed: readonly BenchmarkItem[],
): string | null {
  const wanted = new Set(unnamed.map(fact));
  const matches = new Map<string, number>();
  for (const item of items) {
    if (!wanted.has(fact(item))) continue;
    for (const task of item.tasks) matches.set(task, (matches.get(task) ?? 0) + 1);
  }
  const [best, next] = [...matches].sort(([, a], [, b]) => b - a);
  if (best === undefined || best[1] * 2 < wanted.size) return null;
  // Two names of one task have the same facts: the first that was seen is the shorter one.
  return next?.[1] === best[1] && !isSameTask(best[0], next[0]) ? null : best[0];
}

function takeUnnamed(found: BenchmarkItems, items: readonly BenchmarkItem[]): void {
  const { defaultTask } = found;
  const known = new Set(
    found.items
      .filter(({ tasks }) => defaultTask !== null && tasks.includes(defaultTask))
      .map(statement),
  );
  const facts = new Set<string>();
  for (const item of items) {
    // A score that changed between the two requests is the same row, read twice.
    if (known.has(statement(item)) || facts.has(fact(item))) {
      found.duplicates += 1;
      continue;
    }
    facts.add(fact(item));
    const tasks = defaultTask === null ? [] : [defaultTask];
    found.items.push({ ...item, task: defaultTask, tasks });
  }
}
