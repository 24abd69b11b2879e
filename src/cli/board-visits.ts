import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WantedBoard } from '../boards/choice.ts';
import { openBoardReader } from '../pipeline/board-reader.ts';
import type { Capture } from '../storage/capture.ts';
import type { BoardOutcome } from '../crawlers/board-crawl.ts';
import type { Session } from './session.ts';

/** A board that was looked at, and its capture where it was taken. */
export interface BoardVisit {
  outcome: BoardOutcome;
  capture: Capture | undefined;
}

/**
 * Reads boards as a crawl does, one after the other, and stores nothing. Evidence of refused ones is
 * in a temporary folder of its own, which is left for its reader; of the others it is removed.
 *
 * @throws {EtlError} as `openBoardReader`
 */
export async function* visitBoards(
  session: Session,
  boards: readonly WantedBoard[],
): AsyncGenerator<BoardVisit, void> {
  const { config, env, log, version, kill, signal } = session;
  const { createConfiguration } = await import('../storage/storage-client.ts');
  const folder = await mkdtemp(path.join(tmpdir(), 'huggingface-etl-boards-'));
  let captures: Capture[] = [];
  const read = openBoardReader({ log, version, env, kill }, config, {
    configuration: createConfiguration(folder),
    write: (capture) => Promise.resolve(void captures.push(capture)),
    evidenceFolder: folder,
  });
  let refused = false;
  try {
    for (const board of boards) {
      if (signal.aborted) return;
      session.progress.update('boards', { note: `${board.id}: reading` });
      captures = [];
      const outcome = await read(board);
      refused ||= outcome.error !== undefined;
      if (outcome.error === undefined) {
        await rm(path.join(folder, board.id), { recursive: true, force: true });
      }
      yield { outcome, capture: captures[0] };
    }
  } finally {
    if (!refused) await rm(folder, { recursive: true, force: true });
  }
}

/** The exit code of a command whose boards failed so: the highest wins. */
export const exitCodeOf = (outcomes: readonly BoardOutcome[]): number =>
  Math.max(0, ...outcomes.map(({ error }) => error?.exitCode ?? 0));
