import type { Capture } from '../src/storage/capture.ts';
import type { BoardSnapshot } from '../src/boards/snapshot.ts';

/** A capture cut to a few rows, with where it is from: what a replica of the page is built of. */
export interface BoardFixture {
  origin: {
    board: string;
    url: string;
    /** Address of the answer that carried the rows; null where the page loads none. */
    loadedFrom: string | null;
    /** ISO 8601, UTC. */
    readAt: string;
    licence: string;
    renderer: string;
    /** Rows of the page; the fixture has fewer. */
    rows: number;
  };
  headers: string[];
  filters: string[];
  stated: BoardSnapshot['stated'];
  /** The first rows as loaded; null where the page loads none. */
  loaded: unknown[] | null;
  /** Of the rows that were read from the page, the first ones. */
  shown: BoardSnapshot['shown'];
  inferred?: unknown;
}

/** Cuts a capture to its first rows; numbers and texts stay as they were sent. Pure. */
export function fixtureOf(
  { url, fetchedAt, body, count }: Capture,
  { rows, licence }: { rows: number; licence: string },
): BoardFixture {
  // Written by our own crawler.
  const snapshot = JSON.parse(body.toString()) as BoardSnapshot;
  const { board, renderer, loadedFrom, headers, filters, stated, loaded, shown, inferred } =
    snapshot;
  return {
    origin: { board, url, loadedFrom, readAt: fetchedAt, licence, renderer, rows: count },
    headers,
    filters,
    stated,
    loaded: loaded?.slice(0, rows) ?? null,
    shown: shown.filter(({ index }) => index < rows),
    ...(inferred !== undefined && { inferred }),
  };
}
