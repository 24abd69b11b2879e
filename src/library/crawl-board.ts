import { Writable } from 'node:stream';
import { runSession } from '../cli/commands/run.ts';
import { openSession } from '../cli/session.ts';
import type { RunReport } from '../pipeline/report.ts';
import { openRelease, type Release } from './release.ts';

export interface BoardCrawlOptions {
  /** Folder of captures, tables and evidence; one run at a time. */
  storage: string;
  /** Where the board is, in place of the address of its definition. */
  url?: string;
  /** Where the log goes, a JSON object a line. @default nowhere */
  log?: Writable;
  /** Stops it; given the same command again, it goes on. */
  signal?: AbortSignal;
  /** As of the command line: HF_TOKEN, CRAWLEE_DEFAULT_BROWSER_PATH … @default that of the process */
  env?: NodeJS.ProcessEnv;
}

export interface BoardCrawl {
  /** What `run --json` prints; `error` says why a board was refused. */
  report: RunReport;
  /** Its tables: `leaderboard_entries`, `leaderboard_scores`. Null when there are none. */
  release: Release | null;
}

/**
 * Reads one leaderboard, as `run --sources boards --board ID` does: exact or refused, with its capture in
 * the storage. A refused board is no exception: `report.exitCode` is not 0 then.
 *
 * @throws {EtlError} CONFIG_INVALID, BOARD_UNKNOWN, BROWSER_MISSING, STORAGE_…
 */
export async function crawlBoard(id: string, options: BoardCrawlOptions): Promise<BoardCrawl> {
  const { storage, url, env = process.env, signal = new AbortController().signal } = options;
  const nowhere = new Writable({ write: (_text, _encoding, done) => done() });
  const flags = {
    ...{ storage, sources: ['boards'], board: [id], to: ['jsonl'], logFormat: 'json' },
    ...(url !== undefined && { boardUrl: [`${id}=${url}`] }),
  };
  const session = openSession(
    {
      ...{ stdin: process.stdin, stdout: nowhere, stderr: options.log ?? nowhere },
      ...{ env, signal, kill: signal },
      // No settings file but the caller's own words.
      folder: storage,
    },
    flags,
  );
  try {
    const report = await runSession(session, 'run');
    return { report, release: report.folder === null ? null : await openRelease(report.folder) };
  } finally {
    session.close();
  }
}
