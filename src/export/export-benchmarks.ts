import type { CapturePointer } from '../storage/capture.ts';
import { parseSource } from '../boards/benchmark-source.ts';
import { cleanBenchmark, type BenchmarkFacts } from '../clean/benchmarks.ts';
import type { BenchmarkAgreement } from '../boards/rows/check-benchmarks.ts';
import type { BoardContext, NamedModel, ResolveModel } from '../boards/rows/rows.ts';
import {
  boardIdOf,
  cleanHubBenchmark,
  hubModels,
  type BoardResult,
  type HubBenchmarkRows,
} from '../boards/rows/hub-benchmarks.ts';
import { licenceOf } from '../boards/licence.ts';
import { field } from '../boards/values.ts';
import { parsePage } from '../clean/parse-page.ts';
import { readEvalYaml, type EvalYaml } from '../boards/eval-yaml.ts';
import {
  capturesOf,
  checkCounts,
  readBody,
  rejectedText,
  textOf,
  timestampOf,
  writeReject,
  type ExportSession,
  type PlacedCapture,
} from './export-session.ts';
import { countsOf, joinedFacts } from './export-boards.ts';
import type { Missed } from './export-missed.ts';
import {
  NO_COUNTS,
  withheld,
  type SourceCounts,
  type SourceEntry,
  type SourceFacts,
} from './manifest.ts';

/** What the captures of a run hold of the benchmarks. */
export interface BenchmarkCaptures {
  /** Of each benchmark with leaderboards the number of its last capture. */
  last: ReadonlyMap<string, number>;
  /** Sources that were had, whole. Leaderboards of which pages are missing are not among them. */
  whole: ReadonlySet<string>;
  /** Names that the leaderboards have for models. */
  names: readonly NamedModel[];
}

/** First reading: which leaderboards are whole, and which models they name. */
export async function scanBenchmarks(session: ExportSession): Promise<BenchmarkCaptures> {
  const last = new Map<string, number>();
  const whole = new Set<string>();
  const names = new Set<string>();
  for await (const stored of capturesOf(session, 'benchmarks')) {
    const { facts, n } = stored;
    const source = parseSource(facts.source);
    if (facts.next === null) whole.add(facts.source);
    if (source?.kind !== 'board') continue;
    last.set(source.id, n);
    for (const record of readBody(parsePage, stored)) {
      const name = field(record, 'modelId');
      if (typeof name === 'string') names.add(name.toWellFormed().trim());
    }
  }
  return { last, whole, names: [...hubModels([...names]).values()] };
}

export interface BenchmarksOutcome {
  /** Of the list of benchmarks; null for a run that left them out. */
  counts: SourceCounts | null;
  /** Of their leaderboards, by id of the board. */
  boards: Record<string, SourceEntry>;
  /** What the leaderboards show, to be compared with what models state. */
  results: BoardResult[];
}

/** A leaderboard, as far as it was read. */
interface OpenBoard {
  id: string;
  /** By source: a leaderboard in several pages is one answer. */
  answers: Map<string, { task: string | null; records: Placed[] }>;
  file: EvalYaml | null;
}

const newBoard = (id: string): OpenBoard => ({ id, answers: new Map(), file: null });

interface Placed extends CapturePointer {
  record: unknown;
}

/** The records of a page. */
const recordsOf = (stored: PlacedCapture): Placed[] =>
  readBody(parsePage, stored).map((record, position) => {
    const { dataset, n } = stored;
    return { record, dataset, n, position };
  });

interface BoardDone {
  file: EvalYaml | null;
  rows: HubBenchmarkRows | null;
}

/**
 * Second reading: the official benchmarks, and the rows of their leaderboards.
 *
 * @throws {EtlError} `CAPTURE_NOT_JSON`, `EXPORT_COUNT`, `STORAGE_CORRUPT`
 */
export async function exportBenchmarks(
  session: ExportSession,
  captures: BenchmarkCaptures,
  resolve: ResolveModel,
): Promise<BenchmarksOutcome> {
  const outcome: BenchmarksOutcome = { counts: null, boards: {}, results: [] };
  if ((session.input.datasets.benchmarks ?? null) === null) return outcome;
  const listed: Placed[] = [];
  const open = new Map<string, OpenBoard>();
  const done = new Map<string, BoardDone>();
  for await (const stored of capturesOf(session, 'benchmarks')) {
    const { facts, n } = stored;
    const source = parseSource(facts.source);
    if (source === null) continue;
    if (source.kind === 'list') {
      listed.push(...recordsOf(stored));
      continue;
    }
    const board = open.get(source.id) ?? newBoard(source.id);
    open.set(source.id, board);
    if (source.kind === 'eval') board.file = readEvalYaml(textOf(stored));
    else if (captures.whole.has(facts.source)) {
      const answer = board.answers.get(facts.source) ?? { task: source.task, records: [] };
      board.answers.set(facts.source, answer);
      answer.records.push(...recordsOf(stored));
    }
    // A benchmark is written when its last leaderboard was read, so that one at a time is in memory.
    if (captures.last.get(source.id) !== n) continue;
    done.set(source.id, await writeBoard({ session, resolve, outcome }, board));
    open.delete(source.id);
  }
  for (const [id, { file }] of open) done.set(id, { file, rows: null });
  outcome.counts = await writeListed(session, listed, done);
  return outcome;
}

interface Writing {
  session: ExportSession;
  resolve: ResolveModel;
  outcome: BenchmarksOutcome;
}

async function writeBoard(
  { session, resolve, outcome }: Writing,
  { id, answers, file }: OpenBoard,
): Promise<BoardDone> {
  const all = [...answers.values()];
  if (all.length === 0) return { file, rows: null };
  const { run, startedAt } = session.input;
  // One time for the whole run: history is kept by day, and a crawl may cross midnight.
  const context: BoardContext = { run, capturedAt: timestampOf(startedAt), resolve };
  const plain = all.map(({ task, records }) => ({ task, records: records.map((it) => it.record) }));
  const rows = cleanHubBenchmark(id, plain, context);
  outcome.results.push(...rows.results);
  if (session.input.publishable) {
    // Nobody says what may be done with what a model's author states.
    outcome.boards[boardIdOf(id)] = withheld(licenceOf().publish, rows.listed);
    return { file, rows };
  }
  await session.output.write('leaderboard_entries', rows.entries);
  await session.output.write('leaderboard_scores', rows.scores);
  await session.output.write('board_models', rows.models);
  for (const { answer, position, reason, detail } of rows.rejects) {
    const placed = all[answer]?.records[position];
    if (placed !== undefined) await reject(session, placed, { reason, detail });
  }
  checkCounts(boardIdOf(id), countsOf(rows));
  const tasks = all.filter(({ task }) => task !== null).length;
  const facts = { status: 'verified', tasks, ranksDiffer: rows.ranksDiffer, ...joinedFacts(rows) };
  outcome.boards[boardIdOf(id)] = { ...facts, ...countsOf(rows) };
  return { file, rows };
}

async function writeListed(
  session: ExportSession,
  listed: readonly Placed[],
  done: ReadonlyMap<string, BoardDone>,
): Promise<SourceCounts> {
  const counts = { ...NO_COUNTS };
  const seen = new Set<string>();
  for (const placed of listed) {
    counts.listed += 1;
    const cleaned = cleanBenchmark(placed.record, (id) => factsOf(done.get(id)));
    if (!cleaned.ok) {
      counts.rejected += 1;
      await reject(session, placed, cleaned);
    } else if (seen.has(cleaned.row._id)) {
      counts.duplicates += 1;
    } else {
      seen.add(cleaned.row._id);
      counts.exported += 1;
      await session.output.write('benchmarks', [cleaned.row]);
    }
  }
  checkCounts('benchmarks', counts);
  return counts;
}

function factsOf(board: BoardDone | undefined): BenchmarkFacts {
  const { file, rows } = board ?? {};
  return {
    evaluation_framework: file?.framework ?? null,
    tasks: file?.tasks ?? [],
    default_task: rows?.defaultTask ?? null,
    entries: rows?.entries.length ?? null,
  };
}

const reject = (
  session: ExportSession,
  placed: Placed,
  { reason, detail }: { reason: string; detail: string },
): Promise<void> =>
  writeReject(session, placed, { reason, detail, record: rejectedText(placed.record) });

/**
 * What is missed still: a run that went on, with a token or when the server was well again, may have had
 * what it missed before, or been refused for another reason.
 */
export function stillMissed(missed: readonly Missed[], { whole }: BenchmarkCaptures): Missed[] {
  const last = new Map(missed.map((it) => [it.source, it]));
  return missed.filter((it) => {
    const source = parseSource(it.source);
    if (source === null) return true;
    // Had, and found to be unreadable.
    const isDoubtful = source.kind === 'eval' && DOUBTS.has(it.reason);
    return last.get(it.source) === it && (isDoubtful || !whole.has(it.source));
  });
}

const DOUBTS = new Set(['bad_record', 'too_large']);

/** The boards that were not to be had, with the reason as their status, so that they are seen. */
export function missedBoards(
  missed: readonly Missed[],
  boards: BenchmarksOutcome['boards'],
): Record<string, SourceEntry> {
  const found: Record<string, SourceEntry> = {};
  for (const { source, reason } of missed) {
    const parsed = parseSource(source);
    if (parsed === null || parsed.kind === 'list') continue;
    const id = boardIdOf(parsed.id);
    if (boards[id] === undefined) found[id] ??= { status: reason, ...NO_COUNTS };
  }
  return found;
}

/**
 * Of each board how many results of models it does not show; null where no models were read: then
 * nobody can say whether it is whole.
 */
export const comparedBoards = (
  boards: BenchmarksOutcome['boards'],
  agreement: BenchmarkAgreement | null,
): BenchmarksOutcome['boards'] => {
  const notShown = new Map(
    [...(agreement?.notShown ?? [])].map(([id, count]) => [boardIdOf(id), count]),
  );
  return Object.fromEntries(
    Object.entries(boards).map(([id, entry]) => [
      id,
      { ...entry, resultsNotShown: notShown.get(id) ?? null },
    ]),
  );
};

/** The comparison of leaderboards with what models state, as facts of the manifest's source. */
export function agreementFacts(agreement: BenchmarkAgreement | null): SourceFacts {
  if (agreement === null) return {};
  const { compared, differ, notOnBoard, notStated, withoutBoard, warnings } = agreement;
  return {
    resultsCompared: compared,
    resultsDiffer: differ,
    resultsNotOnBoard: notOnBoard,
    resultsNotStated: notStated,
    resultsWithoutBoard: withoutBoard,
    warnings: warnings.length === 0 ? null : warnings.join('; '),
  };
}
