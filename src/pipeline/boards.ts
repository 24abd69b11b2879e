import path from 'node:path';
import { isDescribed, wantedBoards, type WantedBoard } from '../boards/choice.ts';
import { knownBoards } from './known-boards.ts';
import { compareSnapshots } from '../boards/history.ts';
import { factsOfOutcome, readBoards } from './board-reader.ts';
import type { BoardSnapshot } from '../boards/snapshot.ts';
import {
  acceptChange,
  boardsDataset,
  lastPlace,
  readMemory,
  snapshotAt,
  writeMemory,
} from './board-memory.ts';
import { BOARD_STATUSES } from '../tables/leaderboard-entries.ts';
import type { BoardMemory, CapturePlace } from '../boards/last-good.ts';
import type { BoardShape } from '../boards/shape.ts';
import { EtlError, gravestExitCode } from '../errors.ts';
import { createTurns } from '../storage/at-once.ts';
import { openCaptures } from '../storage/captures.ts';
import { saveRun, type BoardFacts } from './state.ts';
import type { Crawl } from './crawl-stage.ts';

/**
 * Reads the boards that this run has not read yet, and remembers what each that was taken looks like:
 * the next reading is compared with it. A board that is refused or cannot be reached leaves its
 * evidence under `runs/<run>/evidence/<board>` and does not stop the others.
 *
 * @throws {EtlError} BOARD_…: of the boards that failed the one with the worst exit code, after all
 * were tried; BOARD_UNKNOWN, CONFIG_INVALID before any
 */
export async function crawlBoardsOf(crawl: Crawl): Promise<void> {
  const { dependencies, config, state, configuration } = crawl;
  const wanted = wantedBoards(config, knownBoards(config));
  const entries = (state.sources.boards ??= {});
  const todo = wanted.filter(({ id }) => !isRead(entries[id]));
  for (const id of config.accept) acceptChange(config.storage, id);
  for (const board of todo) refuseOtherPage(board, readMemory(config.storage, board.id));
  if (todo.length === 0 || dependencies.signal.aborted) return;

  const out = await openCaptures(config.storage, boardsDataset(state.run));
  const failures: EtlError[] = [];
  const places = new Map<string, CapturePlace | undefined>();
  // Boards are read side by side, and written and remembered one after the other.
  const inTurn = createTurns();
  dependencies.onProgress('boards', { note: `${todo.length} to read` });
  await readBoards(dependencies, config, {
    boards: todo,
    configuration,
    evidenceFolder: path.join(config.storage, 'runs', state.run, 'evidence'),
    write: (capture) =>
      inTurn(async () => {
        await out.write(capture);
        places.set(capture.source, await lastPlace(config.storage, state.run));
      }),
    onOutcome: (outcome) =>
      inTurn(async () => {
        const facts = factsOfOutcome(outcome, config.storage);
        const board = todo.find(({ id }) => id === outcome.board);
        const place = places.get(`boards/${outcome.board}`);
        const { url, shape } = outcome;
        if (board && shape) facts.changes = await remember(crawl, board, { url, shape, place });
        const { error } = outcome;
        if (error !== undefined) {
          failures.push(error);
          dependencies.onFailure({ source: `boards/${outcome.board}`, error }, 'board not taken');
        }
        entries[outcome.board] = facts;
        saveRun(config.storage, state);
        for (const warning of facts.warnings) {
          dependencies.onWarning({ board: outcome.board }, warning);
        }
        const note = `${outcome.board}: ${facts.status}`;
        dependencies.onProgress('boards', { note, records: facts.rows });
      }),
  }).finally(() => out.close());
  const note = `${todo.length - failures.length} taken, ${failures.length} not`;
  dependencies.onProgress('boards', { note, ended: true });
  const gravest = gravestExitCode(failures.map(({ exitCode }) => exitCode));
  const worst = failures.find(({ exitCode }) => exitCode === gravest);
  if (worst !== undefined) throw worst;
}

/** Remembers a board that was taken; what changed since the run before, null where that is not known. */
async function remember(
  { config, state }: Crawl,
  board: WantedBoard,
  { url, shape, place }: { url: string; shape: BoardShape; place: CapturePlace | undefined },
): Promise<NonNullable<BoardFacts['changes']> | null> {
  if (place === undefined) throw new Error(`The capture of ${board.id} is not there`);
  const memory = readMemory(config.storage, board.id);
  // A run that was killed here has written the board already: what was before it still counts.
  const before =
    memory === undefined ? null : memory.run === state.run ? memory.before : at(memory);
  const after = await snapshotAt(config.storage, board.id, place);
  const old = await snapshotAt(config.storage, board.id, before);
  writeMemory(config.storage, {
    format: 1,
    board: board.id,
    url,
    ...place,
    capturedAt: new Date().toISOString(),
    ...shape,
    before,
    isAccepted: false,
  });
  if (before === null || old === null || after === null) return null;
  return { since: before.run, ...changesOf(board, old, after) };
}

const at = ({ run, dataset, n }: BoardMemory) => ({ run, dataset, n });

const changesOf = (board: WantedBoard, before: BoardSnapshot, after: BoardSnapshot) =>
  compareSnapshots(before, after, isDescribed(board) ? board : undefined);

/** Two addresses can make one id; their rows must not be taken for one board's. */
function refuseOtherPage(board: WantedBoard, memory: BoardMemory | undefined): void {
  if (isDescribed(board) || memory === undefined || memory.isAccepted) return;
  if (memory.url === board.url) return;
  const message = `${board.id} is the id of ${memory.url}: give another --id, or --accept ${board.id}`;
  throw new EtlError('CONFIG_INVALID', message);
}

const isRead = (facts: BoardFacts | undefined): boolean =>
  BOARD_STATUSES.some((status) => status === facts?.status);
