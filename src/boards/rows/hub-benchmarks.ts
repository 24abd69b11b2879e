import { uniqueKeys } from '../table.ts';
import { REPO_OR_NAME } from '../../tables/repo-names.ts';
import { booleanOf, field, integerOf, numberOf, textOf, wellFormed } from '../values.ts';
import {
  benchmarkItems,
  type BenchmarkAnswer,
  type BenchmarkItem,
  type BenchmarkItems,
  type BenchmarkReject,
} from './benchmark-items.ts';
import {
  emptyBoardRows,
  entryFacts,
  modelRows,
  ofEntry,
  resolveAll,
  UNRESOLVED,
  type BoardContext,
  type BoardRows,
  type EntryRow,
  type NamedModel,
  type ResolvedModel,
  type ScoreRow,
} from './rows.ts';

export type { BenchmarkAnswer } from './benchmark-items.ts';

/** A result that a leaderboard shows, for the comparison with the models' own `eval_results`. */
export interface BoardResult {
  benchmark: string;
  /** Name of the model now. */
  model: string;
  /** Names of the task; empty where the leaderboard's task is unknown. */
  tasks: readonly string[];
  filename: string | null;
  pullRequest: number | null;
  /** The score as text. */
  value: string | null;
}

export interface HubBenchmarkRows extends BoardRows {
  rejects: BenchmarkReject[];
  results: BoardResult[];
  /** The task of the default leaderboard; null where that is not to be seen. */
  defaultTask: string | null;
  /** Rows whose stated rank does not follow from the values. */
  ranksDiffer: number;
}

/** The id of a benchmark's board. */
export const boardIdOf = (benchmark: string): string => `hub-benchmarks/${benchmark}`;

/** The metric of a leaderboard whose task is unknown. */
const DEFAULT_METRIC = 'default';

/**
 * Rows of the leaderboards of one benchmark: an entry is a model's result on one task, its metric the
 * task. The API is the board's own source, so every row counts as verified, although no page was read.
 * Pure and total.
 *
 * @see https://huggingface.co/docs/hub/eval-results
 */
export function cleanHubBenchmark(
  benchmark: string,
  answers: readonly BenchmarkAnswer[],
  context: BoardContext,
): HubBenchmarkRows {
  const found = benchmarkItems(answers);
  const ids = entryIds(found.items);
  const ranks = computeRanks(found.items);
  const { listed, duplicates, rejects, defaultTask } = found;
  const base = { ...emptyBoardRows(), listed, duplicates, rejects, defaultTask };
  const rows: HubBenchmarkRows = { ...base, results: [], ranksDiffer: 0 };
  const board = boardIdOf(benchmark).toWellFormed();
  const models = resolveAll(hubModels(found.items.map(({ model }) => model)), context);
  for (const [index, item] of found.items.entries()) {
    const rank = ranks[index] ?? null;
    const entry = entryRow(item, {
      ...{ board, context, rank, entryId: ids[index] ?? item.model },
      model: models.get(item.model) ?? UNRESOLVED,
    });
    rows.entries.push(entry);
    rows.scores.push(...scoreRow(item, entry));
    rows.results.push(resultOf(item, { benchmark, entry }));
    // Equal values may share a rank or be told apart by the Hub.
    const stated = item.rank ?? -1;
    if (rank !== null && (stated < rank.first || stated > rank.last)) rows.ranksDiffer += 1;
  }
  rows.models = modelRows(rows.entries, models);
  return rows;
}

/** The models of a leaderboard of the Hub: it names them by their ids, also those that a run did not list. */
export const hubModels = (names: readonly string[]): ReadonlyMap<string, NamedModel> =>
  new Map(
    names.map((name) => {
      const stated = REPO_OR_NAME.test(name) ? [name] : [];
      return [name, { name, stated, linked: [], others: [], organizations: [] }];
    }),
  );

/**
 * `model | task`; where a model has several results on a task, each has its file, and one of two of the
 * same file the number of its pull request, so that a row keeps its id when a request is merged.
 */
function entryIds(items: BenchmarkItems['items']): string[] {
  const plain = items.map(({ model, task }) => joined(model, task));
  const files = withMore(plain, (at) => items[at]?.filename ?? null);
  const pulls = withMore(files, (at) => {
    const pullRequest = items[at]?.pullRequest ?? null;
    return pullRequest === null ? null : `PR ${pullRequest}`;
  });
  return uniqueKeys(pulls, (id, place) => `${id} #${place}`);
}

const joined = (id: string, more: string | null): string =>
  more === null ? id : `${id} | ${more}`;

function withMore(ids: readonly string[], more: (at: number) => string | null): string[] {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return ids.map((id, at) => ((counts.get(id) ?? 0) > 1 ? joined(id, more(at)) : id));
}

/** The first and the last place that rows of one value share. */
interface Places {
  first: number;
  last: number;
}

/** Places within a task by value; null for a task whose direction or values are in doubt. */
function computeRanks(items: readonly BenchmarkItem[]): (Places | null)[] {
  const ranks: (Places | null)[] = items.map(() => null);
  for (const places of Map.groupBy(items.keys(), (at) => items[at]?.task ?? null).values()) {
    const records = places.map((at) => items[at]?.record);
    const values = records.map((record) => numberOf(field(record, 'value')));
    const lower = new Set(records.map((it) => booleanOf(field(it, 'lower_is_better')) ?? false));
    if (lower.size !== 1 || values.includes(null)) continue;
    const byValue = placesOf(values.map((value) => (lower.has(true) ? 1 : -1) * (value ?? 0)));
    for (const [index, at] of places.entries()) ranks[at] = byValue[index] ?? null;
  }
  return ranks;
}

/** The places of each value in ascending order. */
function placesOf(values: readonly number[]): (Places | undefined)[] {
  const places = new Map<number, Places>();
  for (const [index, value] of [...values].sort((a, b) => a - b).entries()) {
    const known = places.get(value);
    if (known === undefined) places.set(value, { first: index + 1, last: index + 1 });
    else known.last = index + 1;
  }
  return values.map((value) => places.get(value));
}

interface EntryInput {
  board: string;
  entryId: string;
  rank: Places | null;
  model: ResolvedModel;
  context: BoardContext;
}

function entryRow(item: BenchmarkItem, given: EntryInput): EntryRow {
  const { board, entryId, rank, context } = given;
  const { model, record } = item;
  return {
    ...entryFacts(context, given.model),
    board,
    entry_id: entryId,
    rank_stated: item.rank,
    rank_computed: rank?.first ?? null,
    model_name: model,
    model_url: REPO_OR_NAME.test(model) ? `https://huggingface.co/${model}` : null,
    status: 'verified',
    proof: 'file',
    variant: null,
    row_checked: false,
    shown_checked: 0,
    renderer: 'hub-api',
    attributes: attributesOf(item),
    raw: wellFormed(record),
  };
}

function attributesOf({ task, tasks, record }: BenchmarkItem): Record<string, unknown> {
  const attributes = {
    task,
    other_tasks: tasks.length > 1 ? tasks.filter((it) => it !== task) : null,
    filename: textOf(field(record, 'filename')),
    verified: booleanOf(field(record, 'verified')),
    author: textOf(field(record, 'author', 'name')),
    author_type: textOf(field(record, 'author', 'type')),
    source_name: textOf(field(record, 'source', 'name')),
    source_url: textOf(field(record, 'source', 'url')),
    pull_request: integerOf(field(record, 'pullRequest')),
    num_parameters: integerOf(field(record, 'num_parameters')),
    notes: textOf(field(record, 'notes')),
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

function scoreRow({ task, record }: BenchmarkItem, entry: EntryRow): ScoreRow[] {
  const raw = field(record, 'value');
  const [value, text] = [numberOf(raw), textOf(raw)];
  if (value === null && text === null) return [];
  return [
    {
      ...ofEntry(entry),
      metric: task ?? DEFAULT_METRIC,
      header: 'value',
      value,
      value_text: text,
      unit: null,
      lower_is_better: booleanOf(field(record, 'lower_is_better')),
    },
  ];
}

const resultOf = (
  { tasks, filename, record }: BenchmarkItem,
  { benchmark, entry }: { benchmark: string; entry: EntryRow },
): BoardResult => ({
  benchmark,
  model: entry.model_id ?? entry.model_name,
  tasks,
  filename,
  pullRequest: integerOf(field(record, 'pullRequest')),
  value: textOf(field(record, 'value')),
});
