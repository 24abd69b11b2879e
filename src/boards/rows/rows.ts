import type { z } from 'zod';
import type { boardModels, MATCHES } from '../../tables/board-models.ts';
import type { leaderboardEntries } from '../../tables/leaderboard-entries.ts';
import type { leaderboardScores } from '../../tables/leaderboard-scores.ts';
import type { leaderboard } from '../../tables/leaderboard.ts';
import { licenceOf, type BoardLicence } from '../licence.ts';

export type LeaderboardRow = z.input<typeof leaderboard.row>;
export type EntryRow = z.input<typeof leaderboardEntries.row>;
export type ScoreRow = z.input<typeof leaderboardScores.row>;

type BoardModelRow = z.input<typeof boardModels.row>;

/** The model that a name on a board means; see the columns of `board_models`. */
export interface ResolvedModel {
  modelId: string | null;
  /** Null where the release does not hold it. */
  _id: string | null;
  method: (typeof MATCHES)[number];
  confidence: number;
}

export const UNRESOLVED: ResolvedModel = {
  ...{ modelId: null, _id: null },
  ...{ method: 'none', confidence: 0 },
};

/** A name on a board, with all that the rows of that name say of the model. */
export interface NamedModel {
  name: string;
  /** Ids of the Hub that the name is linked to. */
  linked: readonly string[];
  /** Ids of the Hub that a column of the board states. */
  stated: readonly string[];
  /** Other names that the board has for it. */
  others: readonly string[];
  organizations: readonly string[];
}

export type ResolveModel = (model: NamedModel) => ResolvedModel;

export interface BoardContext {
  run: string;
  /** ISO 8601, UTC: when the page was read. */
  capturedAt: string;
  resolve: ResolveModel;
  /** @default nothing is known of it */
  licence?: BoardLicence;
}

/** A row that cannot be taken; it counts as rejected, and `rejects.jsonl` holds it. */
export interface BoardReject {
  position: number;
  reason: 'not_an_object' | 'no_identity' | 'no_model';
  detail: string;
  record: unknown;
}

/** `listed = entries + duplicates + rejects`, for each snapshot. */
export interface BoardRows {
  listed: number;
  duplicates: number;
  rejects: BoardReject[];
  entries: EntryRow[];
  scores: ScoreRow[];
  /** A row for each name that entries have. */
  models: BoardModelRow[];
  /** The Open LLM Leaderboard's wide rows; empty for every other board. */
  leaderboard: LeaderboardRow[];
}

/** What each entry says of its capture, its licence, and the model that its name is taken for. */
export const entryFacts = (context: BoardContext, { modelId, method }: ResolvedModel) => {
  const { capturedAt, licence = licenceOf(), run } = context;
  return {
    ...{ snapshot_date: capturedAt.slice(0, 10), captured_at: capturedAt },
    ...{ model_id: modelId, model_match: method },
    ...{ licence: licence.name, publish: licence.publish, citation: licence.citation ?? null, run },
  };
};

/** What a score repeats of its entry. */
export const ofEntry = (entry: EntryRow) => ({
  board: entry.board,
  entry_id: entry.entry_id,
  snapshot_date: entry.snapshot_date,
  captured_at: entry.captured_at,
  model_id: entry.model_id,
  status: entry.status,
  licence: entry.licence,
  publish: entry.publish,
  run: entry.run,
});

export const emptyBoardRows = (): BoardRows => ({
  listed: 0,
  duplicates: 0,
  rejects: [],
  entries: [],
  scores: [],
  models: [],
  leaderboard: [],
});

/** What each name of a board is taken for. */
export const resolveAll = (
  names: ReadonlyMap<string, NamedModel>,
  { resolve }: BoardContext,
): ReadonlyMap<string, ResolvedModel> =>
  new Map([...names].map(([name, model]) => [name, resolve(model)]));

/** The rows of `board_models`: what each name of the entries was taken for. */
export function modelRows(
  entries: readonly EntryRow[],
  resolved: ReadonlyMap<string, ResolvedModel>,
): BoardModelRow[] {
  const byName = Map.groupBy(entries, (entry) => entry.model_name);
  return [...byName].flatMap(([model_name, [first, ...more]]) => {
    if (first === undefined) return [];
    const { board, licence, publish, run } = first;
    const { modelId, ...found } = resolved.get(model_name) ?? UNRESOLVED;
    const head = { board, model_name, model_id: modelId, ...found };
    return [{ ...head, entries: more.length + 1, licence, publish, run }];
  });
}
