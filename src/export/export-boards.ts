import type { BoardSnapshot } from '../boards/snapshot.ts';
import type { BoardRows, NamedModel, ResolveModel } from '../boards/rows/rows.ts';
import { licenceOf, mayBePublished } from '../boards/licence.ts';
import { boardFacts, cleanBoard } from '../boards/rows/clean-board.ts';
import { itemsOf } from '../boards/rows/facts.ts';
import { namedModels } from '../boards/rows/named-models.ts';
import { field } from '../boards/values.ts';
import type { RepairRule } from '../clean/rules.ts';
import {
  capturesOf,
  checkCounts,
  countRepair,
  readBody,
  rejectedText,
  timestampOf,
  writeReject,
  type ExportSession,
  type KnownBoard,
} from './export-session.ts';
import { withheld, type SourceCounts, type SourceEntry, type SourceFacts } from './manifest.ts';

/** The snapshots of a run: of a board that was read twice, the later one. */
export interface BoardCaptures {
  /** Capture numbers to take. */
  chosen: ReadonlySet<number>;
  /** Names that boards have for models, each with what its board says of it. */
  names: readonly NamedModel[];
}

/** First reading: which captures count, and which models their rows name. */
export async function scanBoards(session: ExportSession): Promise<BoardCaptures> {
  const latest = new Map<string, { n: number; names: NamedModel[] }>();
  for await (const stored of capturesOf(session, 'boards')) {
    const { n } = stored;
    const snapshot = readBody(parseSnapshot, stored);
    const facts = boardFacts(snapshot, factsOf(session, snapshot));
    const names = namedModels(facts, itemsOf(facts, snapshot));
    latest.set(snapshot.board, { n, names: [...names.values()] });
  }
  const found = [...latest.values()];
  return {
    chosen: new Set(found.map(({ n }) => n)),
    names: found.flatMap(({ names }) => names),
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
  const counts: Record<string, SourceEntry> = {};
  for await (const stored of capturesOf(session, 'boards')) {
    if (!chosen.has(stored.n)) continue;
    const snapshot = readBody(parseSnapshot, stored);
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
    await session.output.write('board_models', rows.models);
    for (const { position, reason, detail, record } of rows.rejects) {
      const text = rejectedText(record);
      await writeReject(session, { ...stored, position }, { reason, detail, record: text });
    }
    counts[snapshot.board] = { ...joinedFacts(rows), ...countsOf(rows) };
    checkCounts(`boards/${snapshot.board}`, countsOf(rows));
  }
  return counts;
}

type Counted = Pick<BoardRows, 'listed' | 'duplicates' | 'entries'> & {
  rejects: readonly unknown[];
};

/** How many names of a board are names of models; of them, those of the release. */
export const joinedFacts = ({ models }: Pick<BoardRows, 'models'>): SourceFacts => ({
  names: models.length,
  resolved: models.filter(({ model_id }) => model_id !== null).length,
  joined: models.filter(({ _id }) => _id !== null).length,
});
const UNDECIDED: RepairRule = 'undecided_as_text';

/** Cells of columns that the crawl could not decide are texts among an entry's attributes. */
function countUndecided(
  session: ExportSession,
  { inferred }: BoardSnapshot,
  { entries }: BoardRows,
): void {
  const columns = field(inferred, 'undecided');
  for (const path of Array.isArray(columns) ? columns.map(String) : []) {
    const texts = entries.filter(({ attributes }) => field(attributes, path) !== undefined);
    const [first] = texts;
    if (!first) continue;
    const id = `${first.board} ${first.entry_id}`;
    countRepair(session, 'leaderboard_entries', { rule: UNDECIDED, count: texts.length, id, path });
  }
}

const factsOf = ({ input }: ExportSession, { board }: BoardSnapshot): KnownBoard | undefined =>
  input.boards?.find(({ id }) => id === board);

/** What became of the rows of a board. */
export const countsOf = ({ listed, duplicates, rejects, entries }: Counted): SourceCounts => ({
  listed,
  exported: entries.length,
  duplicates,
  rejected: rejects.length,
});

// Written by our own crawler and checked by the hash of its frame.
const parseSnapshot = (body: string): BoardSnapshot => JSON.parse(body) as BoardSnapshot;
