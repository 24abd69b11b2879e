import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { EtlError, fromSystemError, systemCode } from '../errors.ts';
import { BoardMemory, type CapturePlace } from '../boards/last-good.ts';
import type { BoardSnapshot } from '../boards/snapshot.ts';
import { bodyOf, readCaptures } from '../storage/captures.ts';
import { writeJson } from '../storage/files.ts';

/** Where a board is remembered. Ids are checked where they come in: they are names of files here. */
export const memoryFile = (storageDir: string, board: string): string =>
  path.join(storageDir, 'boards', `${board}.json`);

/** Ids of the boards that a storage remembers, sorted. */
export function rememberedBoards(storageDir: string): string[] {
  const folder = path.join(storageDir, 'boards');
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fromSystemError(error, `Reading ${folder}`);
  }
}

/**
 * What is remembered of a board; undefined for one that was never captured.
 *
 * @throws {EtlError} STORAGE_CORRUPT for a file that is none of ours; `boards accept ID` removes it
 */
export function readMemory(storageDir: string, board: string): BoardMemory | undefined {
  const file = memoryFile(storageDir, board);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fromSystemError(error, `Reading ${file}`);
  }
  try {
    return BoardMemory.parse(JSON.parse(text));
  } catch (error) {
    const message = `${file} does not say what board ${board} was; \`boards accept ${board}\` removes it`;
    throw new EtlError('STORAGE_CORRUPT', message, { cause: error, context: { file } });
  }
}

/** Remembers a board, whole or not at all: a kill leaves what was remembered before. */
export const writeMemory = (storageDir: string, memory: BoardMemory): void =>
  writeJson(memoryFile(storageDir, memory.board), memory);

/**
 * Accepts by hand that a board has changed: its next reading is not compared with its last good
 * capture. That capture stays known, so that the next run still tells what was added and revised.
 *
 * @returns false when nothing was remembered of the board
 */
export function acceptChange(storageDir: string, board: string): boolean {
  try {
    const memory = readMemory(storageDir, board);
    if (memory === undefined) return false;
    writeMemory(storageDir, { ...memory, isAccepted: true });
  } catch (error) {
    if (!(error instanceof EtlError) || error.code !== 'STORAGE_CORRUPT') throw error;
    rmSync(memoryFile(storageDir, board), { force: true });
  }
  return true;
}

/** Name of the data set of a run's boards. */
export const boardsDataset = (run: string): string => `boards-${run}`;

/** Where the capture lies that a run has written last; undefined when it has written none. */
export async function lastPlace(
  storageDir: string,
  run: string,
): Promise<CapturePlace | undefined> {
  const dataset = boardsDataset(run);
  for await (const { n } of readCaptures(storageDir, dataset, { desc: true }))
    return { run, dataset, n };
  return undefined;
}

/** The capture of a board at its place; null when its data set is gone or can no longer be read. */
export async function snapshotAt(
  storageDir: string,
  board: string,
  place: CapturePlace | null,
): Promise<BoardSnapshot | null> {
  if (place === null) return null;
  try {
    for await (const stored of readCaptures(storageDir, place.dataset, { from: place.n })) {
      // Written by our own crawler and checked by its hash.
      if (stored.facts.source === `boards/${board}`)
        return JSON.parse(bodyOf(stored).toString()) as BoardSnapshot;
      return null;
    }
  } catch (error) {
    // An old capture that the disk has lost costs a comparison, not the new one.
    if (!(error instanceof EtlError) || error.code !== 'STORAGE_CORRUPT') throw error;
  }
  return null;
}

/** Where a run's good capture of a board lies: the last one that it wrote; null for none. */
export async function placeInRun(
  storageDir: string,
  board: string,
  run: string,
): Promise<CapturePlace | null> {
  const dataset = boardsDataset(run);
  let place: CapturePlace | null = null;
  for await (const { facts, n } of readCaptures(storageDir, dataset)) {
    if (facts.source === `boards/${board}`) place = { run, dataset, n };
  }
  return place;
}
