import type { BoardSnapshot } from '../boards/snapshot.ts';
import type { BoardContext, BoardRows, ResolveModel } from '../boards/rows/rows.ts';
import { licenceOf, mayBePublished } from '../boards/licence.ts';
import { field } from '../boards/values.ts';
import type { RepairRule } from '../clean/rules.ts';
import { cleanBoard } from '../boards/rows/clean-board.ts';
import {
  capturesOf,
  checkCounts,
  readBody,
  rejectedText,
  timestampOf,
  writeReject,
  type ExportSession,
  type KnownBoard,
} from './export-session.ts';
import { withheld, type SourceCounts, type SourceEntry } from './manifest.ts';

/** The snapshots of a run: of a board that was read twice, the later one. */
export interface BoardCaptures {
  /** Capture numbers to take. */
  chosen: ReadonlySet<number>;
  /** Names that boards speak of, to be looked for among the models. */
  names: ReadonlySet<string>;
}

/** Enough to learn the names. */
const ROUGH: BoardContext = {
  run: '',
  capturedAt: timestampOf(''),
  resolve: () => ({ modelId: null, match: 'none' }),
};

/** First reading: which captures count, and which models their rows name. */
export async function scanBoards(session: ExportSession): Promise<BoardCaptures> {
  const latest = new Map<string, { n: number; names: string[] }>();
  const { boards: dataset } = session.input.datasets;
  for await (const stored of capturesOf(session, dataset)) {
    const { n } = stored;
    const snapshot = readBody(parseSnapshot, stored, dataset);
    const { entries } = cleanBoard(snapshot, ROUGH, factsOf(session, snapshot));
    latest.set(snapshot.board, { n, names: entries.map((entry) => entry.model_name) });
  }
  const found = [...latest.values()];
  return {
    chosen: new Set(found.map(({ n }) => n)),
    names: new Set(found.flatMap(({ names }) => names)),
  };
}

/**
 * Second reading: the rows of each board.
 *
 * @throws {EtlError} `CAPTURE_NOT_JSON`, `EXPORT_COUNT`, `STORAGE_CORRUPT`
 */
export async function exportBoards(
  session: ExportSession,
  { chosen }: BoardCaptures,
  resolve: ResolveModel,
): Promise<Record<string, SourceEntry>> {
  const { boards: dataset } = session.input.datasets;
  const counts: Record<string, SourceEntry> = {};
  for await (const stored of capturesOf(session, dataset)) {
    const { n } = stored;
    if (!chosen.has(n)) continue;
    const snapshot = readBody(parseSnapshot, stored, dataset);
    // One time for the whole run: history is kept by day, and a crawl may cross midnight.
    const capturedAt = timestampOf(session.input.startedAt);
    const known = factsOf(session, snapshot);
    const licence = licenceOf(known?.licence);
    const context = { run: session.input.run, capturedAt, resolve, licence };
    const rows = cleanBoard(snapshot, context, known);
    if (session.input.publishable && !mayBePublished(licence)) {
      counts[snapshot.board] = withheld(licence.publish, rows.listed);
      continue;
    }
    countUndecided(session, snapshot, rows);
    await session.output.write('leaderboard', rows.leaderboard);
    await session.output.write('leaderboard_entries', rows.entries);
    await session.output.write('leaderboard_scores', rows.scores);
    for (const { position, reason, detail, record } of rows.rejects) {
      const pointer = { dataset: dataset ?? '', n, position };
      await writeReject(session, { reason, detail, pointer, record: rejectedText(record) });
    }
    counts[snapshot.board] = { ...countsOf(rows) };
    checkCounts(`boards/${snapshot.board}`, countsOf(rows));
  }
  return counts;
}

const UNDECIDED: RepairRule = 'undecided_as_text';

/** Cells of columns that the crawl could not decide are texts among an entry's attributes. */
function countUndecided(
  { repairs }: ExportSession,
  { inferred }: BoardSnapshot,
  { entries }: BoardRows,
): void {
  const columns = field(inferred, 'undecided');
  for (const path of Array.isArray(columns) ? columns.map(String) : []) {
    const texts = entries.filter(({ attributes }) => field(attributes, path) !== undefined);
    const [first] = texts;
    if (!first) continue;
    const { count, ...example } = repairs.get(UNDECIDED) ?? {
      ...{ table: 'leaderboard_entries', count: 0, path },
      id: `${first.board} ${first.entry_id}`,
    };
    repairs.set(UNDECIDED, { ...example, count: count + texts.length });
  }
}

const factsOf = ({ input }: ExportSession, { board }: BoardSnapshot): KnownBoard | undefined =>
  input.boards?.find(({ id }) => id === board);

const countsOf = ({ listed, duplicates, rejects, entries }: BoardRows): SourceCounts => ({
  listed,
  exported: entries.length,
  duplicates,
  rejected: rejects.length,
});

// Written by our own crawler and checked by the hash of its frame.
const parseSnapshot = (body: string): BoardSnapshot => JSON.parse(body) as BoardSnapshot;
