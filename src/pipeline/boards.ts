import path from 'node:path';
import { boardsDataset, lastPlace, snapshotAt } from './board-captures.ts';
import { isDescribed, wantedBoards, type WantedBoard } from '../boards/choice.ts';
import { factsOfOutcome } from './board-facts.ts';
import { compareSnapshots } from '../boards/history.ts';
import { openBoardReader, type ReadBoard } from './board-reader.ts';
import type { BoardSnapshot } from '../boards/snapshot.ts';
import { acceptChange, readMemory, writeMemory } from '../boards/last-good-file.ts';
import type { BoardMemory } from '../boards/last-good.ts';
import { EtlError } from '../errors.ts';
import { openCaptures, type CapturesOut } from '../storage/captures.ts';
import { saveRun, type BoardFacts } from './state.ts';
import type { Crawl } from './crawl-stage.ts';

/**
 * Reads the boards that this run has not read yet, and remembers what each that was taken looks like:
 * the next reading is compared with it. A board that is refused or cannot be reached leaves its
 * evidence under `runs/<run>/evidence/<board>` and does not stop the others.
 *
 * @throws {EtlError} BOARD_DRIFT, BOARD_UNREACHABLE, BOARD_ASLEEP: of the boards that failed the one
 * with the highest exit code, after all were tried; BOARD_UNKNOWN, CONFIG_INVALID before any
 */
export async function crawlBoardsOf(crawl: Crawl): Promise<void> {
  const { config, state } = crawl;
  const wanted = wantedBoards(config);
  const entries = (state.sources.boards ??= {});
  const todo = wanted.filter(({ id }) => !isRead(entries[id]));
  for (const id of config.accept) acceptChange(config.storage, id);
  if (todo.length === 0) return;

  const out = await openCaptures(config.storage, boardsDataset(state.run));
  try {
    await readBoards(crawl, todo, out);
  } finally {
    await out.close();
  }
}

async function readBoards(
  crawl: Crawl,
  todo: readonly WantedBoard[],
  out: CapturesOut,
): Promise<void> {
  const { dependencies, config, state } = crawl;
  const entries = (state.sources.boards ??= {});
  const read = openReader(crawl, out);
  const failures: EtlError[] = [];
  for (const board of todo) {
    if (dependencies.signal.aborted) return;
    dependencies.onProgress('boards', { note: `${board.id}: reading` });
    const { facts, error } = await readOne(crawl, board, read);
    if (error !== undefined) failures.push(error);
    entries[board.id] = facts;
    saveRun(config.storage, state);
    for (const warning of facts.warnings) dependencies.log.warn({ board: board.id }, warning);
    const note = `${board.id}: ${facts.status}`;
    dependencies.onProgress('boards', { note, records: facts.rows });
  }
  const [worst] = failures.sort((a, b) => b.exitCode - a.exitCode);
  if (worst !== undefined) throw worst;
}

const openReader = (
  { dependencies, config, state, configuration }: Crawl,
  { write }: CapturesOut,
): ReadBoard =>
  openBoardReader(dependencies, config, {
    configuration,
    write,
    evidenceFolder: path.join(config.storage, 'runs', state.run, 'evidence'),
  });

/** Reads a board; of one that was taken, what changed since the run before, and remembers it. */
async function readOne(
  { config, state }: Crawl,
  board: WantedBoard,
  read: ReadBoard,
): Promise<{ facts: BoardFacts; error: EtlError | undefined }> {
  const memory = readMemory(config.storage, board.id);
  refuseOtherPage(board, memory);
  const outcome = await read(board);
  const facts = factsOfOutcome(outcome, config.storage);
  const { error, shape } = outcome;
  if (shape === undefined) return { facts, error };
  const place = await lastPlace(config.storage, state.run);
  if (place === undefined) throw new Error(`The capture of ${board.id} is not there`);
  // A run that was killed here has written the board already: what was before it still counts.
  const before =
    memory === undefined ? null : memory.run === state.run ? memory.before : at(memory);
  const after = await snapshotAt(config.storage, board.id, place);
  const old = await snapshotAt(config.storage, board.id, before);
  facts.changes =
    before === null || old === null || after === null
      ? null
      : { since: before.run, ...changesOf(board, old, after) };
  writeMemory(config.storage, {
    format: 1,
    board: board.id,
    url: outcome.url,
    ...place,
    capturedAt: new Date().toISOString(),
    ...shape,
    before,
    isAccepted: false,
  });
  return { facts, error };
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
  facts?.status === 'verified' || facts?.status === 'loaded_only';
