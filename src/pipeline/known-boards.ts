import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BoardDefinition } from '../boards/definition.ts';
import { definitionOf } from '../boards/definition-json.ts';
import { boards } from '../boards/definitions/index.ts';
import type { Config } from '../config.ts';
import { EtlError } from '../errors.ts';

/**
 * The boards that are known: ours, and those that the user's folder describes, a file of JSON each. One of
 * the same id stands in the place of ours.
 *
 * @throws {EtlError} CONFIG_INVALID for a folder that cannot be read, or a file that describes no board
 */
export function knownBoards({ boards: folder }: Pick<Config, 'boards'>): BoardDefinition[] {
  if (folder === undefined) return [...boards];
  const own = new Map<string, BoardDefinition>();
  for (const name of namesIn(folder)) {
    const file = path.join(folder, name);
    const board = definitionOf(readFileSync(file, 'utf8'), file);
    if (own.has(board.id)) {
      throw new EtlError('CONFIG_INVALID', `${file}: another file describes ${board.id} too`);
    }
    own.set(board.id, board);
  }
  return [...boards.filter(({ id }) => !own.has(id)), ...own.values()];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (cause) {
    throw new EtlError('CONFIG_INVALID', `${folder}, the folder of boards, cannot be read`, {
      cause,
    });
  }
}
