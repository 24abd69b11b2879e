import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { BoardDefinition } from '../../boards/definition.ts';
import { licenceOf } from '../../boards/licence.ts';
import { acceptChange, readMemory } from '../../pipeline/board-memory.ts';
import { knownBoards } from '../../pipeline/known-boards.ts';
import { EtlError, systemCode } from '../../errors.ts';
import { openStorage } from '../../storage/storage-folder.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';
import { table } from '../table.ts';

/**
 * `boards`: the leaderboards that are known, and the pages that nobody described but that this storage
 * remembers.
 *
 * @throws {EtlError} CONFIG_INVALID, STORAGE_CORRUPT
 */
export const boardsCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, ({ config, answer }) => {
    const { storage } = config;
    const boards = knownBoards(config);
    const known = boards.map(({ id, title, renderer, url, licence, ...board }) => {
      const { name, publish } = licenceOf(licence);
      const last = lastOf(storage, id);
      return { id, title, renderer, state: stateOf(board), ...last, licence: name, publish, url };
    });
    const others = remembered(storage)
      .filter((id) => !boards.some((board) => board.id === id))
      .map((id) => {
        const { url = '', renderer = '' } = readMemory(storage, id) ?? {};
        const about = { id, title: id, renderer, state: 'not described' };
        const { name, publish } = licenceOf();
        return { ...about, ...lastOf(storage, id), licence: name, publish, url };
      });
    const rows = [...known, ...others];
    answer({ boards: rows }, table(rows));
    return 0;
  });

function stateOf({ frozen, onRequest, unproved }: Partial<BoardDefinition>): string {
  if (frozen) return `frozen since ${frozen.since}`;
  return unproved ? 'unproved' : onRequest ? 'on request' : 'living';
}

/** The last good capture of a board in this storage. */
function lastOf(storageDir: string, id: string): { rows: number | null; last: string | null } {
  const memory = readMemory(storageDir, id);
  return { rows: memory?.rows ?? null, last: memory?.run ?? null };
}

/** Ids of the boards that a storage remembers, sorted. */
function remembered(storageDir: string): string[] {
  try {
    return readdirSync(path.join(storageDir, 'boards'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * `boards accept ID…`: takes a changed board as it is now. Its next reading is not compared with the
 * last good capture; what its definition requires still holds.
 *
 * @throws {EtlError} BOARD_UNKNOWN when nothing is remembered of one of them, STORAGE_LOCKED
 */
export const acceptCommand = (io: Io, flags: Flags, ids: string[]): Promise<number> =>
  withSession(io, flags, async ({ config, log, answer }) => {
    const known = remembered(config.storage);
    const unknown = ids.find((id) => !known.includes(id));
    if (unknown !== undefined) {
      const message = `${config.storage} remembers nothing of board ${unknown}`;
      throw new EtlError('BOARD_UNKNOWN', message);
    }
    const storage = await openStorage(config.storage, { command: 'boards accept', log });
    try {
      for (const id of ids) acceptChange(config.storage, id);
    } finally {
      storage.close();
    }
    const text = `${ids.join(', ')}: the next reading is taken as it is, if its definition allows it\n`;
    answer({ accepted: ids }, text);
    return 0;
  });
