import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WantedBoard } from '../boards/choice.ts';
import { readBoards } from '../pipeline/board-reader.ts';
import { worstExitCode } from '../errors.ts';
import type { Capture } from '../storage/capture.ts';
import type { BoardOutcome } from '../crawlers/board-crawl.ts';
import type { Session } from './session.ts';

/** A board that was looked at, and its capture where it was taken. */
export interface BoardVisit {
  outcome: BoardOutcome;
  capture: Capture | undefined;
}

/**
 * Reads boards as a crawl does, and stores nothing. Evidence of refused ones is in a temporary folder of
 * its own, which is left for its reader; of the others it is removed.
 *
 * @returns those that were read, in the order of the boards; not all when a signal came
 * @throws {EtlError} as `readBoards`
 */
export async function visitBoards(
  session: Session,
  boards: readonly WantedBoard[],
): Promise<BoardVisit[]> {
  const { config, env, log, version, kill, signal } = session;
  if (boards.length === 0 || signal.aborted) return [];
  const { createConfiguration } = await import('../storage/storage-client.ts');
  const folder = await mkdtemp(path.join(tmpdir(), 'huggingface-etl-boards-'));
  const captures = new Map<string, Capture>();
  const outcomes = new Map<string, BoardOutcome>();
  session.progress.update('boards', { note: boards.map(({ id }) => id).join(', ') });
  try {
    await readBoards({ log, version, env, kill }, config, {
      boards,
      configuration: createConfiguration(folder),
      write: (capture) => Promise.resolve(void captures.set(capture.source, capture)),
      evidenceFolder: folder,
      async onOutcome(outcome) {
        outcomes.set(outcome.board, outcome);
        if (outcome.error !== undefined) return;
        await rm(path.join(folder, outcome.board), { recursive: true, force: true });
      },
    });
  } catch (error) {
    // What a signal stopped has not failed.
    if (!signal.aborted) throw error;
  } finally {
    const isRefused = [...outcomes.values()].some(({ error }) => error !== undefined);
    if (!isRefused) await rm(folder, { recursive: true, force: true });
  }
  return boards.flatMap(({ id }) => {
    const outcome = outcomes.get(id);
    return outcome ? [{ outcome, capture: captures.get(`boards/${id}`) }] : [];
  });
}

/** The exit code of a command whose boards failed so. */
export const exitCodeOf = (outcomes: readonly BoardOutcome[]): number =>
  worstExitCode(outcomes.map(({ error }) => error?.exitCode ?? 0));
