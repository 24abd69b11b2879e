import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { EtlError, fromSystemError, systemCode } from '../errors.ts';
import { BoardMemory } from '../boards/last-good.ts';
import { writeJson } from '../storage/files.ts';

/** Where a board is remembered. Ids are checked where they come in: they are names of files here. */
export const memoryFile = (storageDir: string, board: string): string =>
  path.join(storageDir, 'boards', `${board}.json`);

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
