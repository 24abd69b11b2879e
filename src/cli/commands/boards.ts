import { readdirSync } from 'node:fs';
import path from 'node:path';
import { boards } from '../../boards/definitions/index.ts';
import { acceptChange, readMemory } from '../../pipeline/board-memory.ts';
import { EtlError, systemCode } from '../../errors.ts';
import { openStorage } from '../../storage/storage-folder.ts';
import type { Io } from '../io.ts';
import { openSession, type Flags } from '../session.ts';
import { table } from '../table.ts';

/**
 * `boards`: the leaderboards that are known, and the pages that nobody described but that this storage
 * remembers.
 *
 * @throws {EtlError} CONFIG_INVALID, STORAGE_CORRUPT
 */
export function boardsCommand(io: Io, flags: Flags): Promise<number> {
  const session = openSession(io, flags);
  session.close();
  const { storage, json } = session.config;
  const known = boards.map(({ id, title, renderer, url, licence, frozen, onRequest }) => {
    const living = onRequest === true ? 'on request' : 'living';
    const state = frozen === undefined ? living : `frozen since ${frozen.since}`;
    return { id, title, renderer, state, ...lastOf(storage, id), licence, url };
  });
  const others = remembered(storage)
    .filter((id) => !boards.some((board) => board.id === id))
    .map((id) => {
      const { url = '', renderer = '' } = readMemory(storage, id) ?? {};
      const state = 'not described';
      return { id, title: id, renderer, state, ...lastOf(storage, id), licence: 'not stated', url };
    });
  const rows = [...known, ...others];
  session.print(json ? `${JSON.stringify({ boards: rows })}\n` : table(rows));
  return Promise.resolve(0);
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
export async function acceptCommand(io: Io, flags: Flags, ids: string[]): Promise<number> {
  const session = openSession(io, flags);
  const { config, log } = session;
  try {
    const unknown = ids.find((id) => !remembered(config.storage).includes(id));
    if (unknown !== undefined) {
      throw new EtlError(
        'BOARD_UNKNOWN',
        `${config.storage} remembers nothing of board ${unknown}`,
      );
    }
    const storage = await openStorage(config.storage, { command: 'boards accept', log });
    try {
      for (const id of ids) acceptChange(config.storage, id);
    } finally {
      storage.close();
    }
    const text = `${ids.join(', ')}: the next reading is taken as it is, if its definition allows it\n`;
    session.print(config.json ? `${JSON.stringify({ accepted: ids })}\n` : text);
    return 0;
  } finally {
    session.close();
  }
}
