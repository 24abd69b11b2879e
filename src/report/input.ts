import type { Manifest } from '../export/manifest.ts';

/** What a run keeps of a board's reading, as far as the page shows it. */
export interface BoardReading {
  status: string;
  stated: { total: number | null };
  loaded: number | null;
  shownChecked: number;
  rows: number;
  warnings: readonly string[];
  url?: string | undefined;
  changes?: (BoardChange & { since: string }) | null | undefined;
  /** Folder of the evidence, within the storage. */
  evidence?: string | undefined;
  error?: { code: string; message: string } | undefined;
}

/** Rows that came and went, scores that were given anew. */
export interface BoardChange {
  added: number;
  removed: number;
  revised: number;
}

/** A check that warned or refused. */
export interface ToldCheck {
  warehouse: string;
  outcome: string;
  check: string;
  table: string;
  found: string;
  expected: string;
  sampleSql?: string | undefined;
}

/** A run, as its state says. */
export interface RunFacts {
  run: string;
  status: string;
  exitCode: number | null;
  startedAt: string;
  sources: { boards?: Record<string, BoardReading> | undefined };
  /** What the checks of the last load said. */
  checks?: { passed: number; skipped: number; findings: readonly ToldCheck[] } | undefined;
  error?: { code: string; message: string; hint: string } | undefined;
}

/** All that the page is made of. */
export interface ReportInput {
  /** Where the page will be: its links lead from there. */
  page: string;
  storage: string;
  /** All of the storage, the oldest first. */
  runs: readonly RunFacts[];
  /** The tables that the page shows, as the last finished export left them; null without any. */
  release: { folder: string; manifest: Manifest } | null;
  /** The DuckDB file, for what was before; null without one. */
  warehouse: string | null;
  /** What is known of boards, by their id. */
  boards: Readonly<Record<string, { title: string; url: string }>>;
}
