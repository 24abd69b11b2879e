import type { z } from 'zod';
import type { leaderboardEntries } from '../../tables/leaderboard-entries.ts';
import type { leaderboardScores } from '../../tables/leaderboard-scores.ts';
import type { leaderboard } from '../../tables/leaderboard.ts';
import { licenceOf, type BoardLicence } from '../licence.ts';

/** What each row says of its licence. */
export const licenceColumns = ({ licence = licenceOf() }: BoardContext) => ({
  licence: licence.name,
  publish: licence.publish,
  citation: licence.citation ?? null,
});

export type LeaderboardRow = z.input<typeof leaderboard.row>;
export type EntryRow = z.input<typeof leaderboardEntries.row>;
export type ScoreRow = z.input<typeof leaderboardScores.row>;

/** How a name on a board became the id of a model: `none` has no id. */
export type ModelMatch = 'alias' | 'link' | 'exact' | 'none';

/** The model a board's row speaks of. `linked` is the id that the page itself links to. */
export type ResolveModel = (model: { name: string; linked: string | null }) => {
  modelId: string | null;
  match: ModelMatch;
};

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
  /** The Open LLM Leaderboard's wide rows; empty for every other board. */
  leaderboard: LeaderboardRow[];
}

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
  leaderboard: [],
});
