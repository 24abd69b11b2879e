import { boardIdOf } from './address.ts';
import type { BoardDefinition } from './definition.ts';
import { boards } from './definitions/index.ts';
import type { UndescribedBoard } from './infer.ts';
import { EtlError } from '../errors.ts';

export type WantedBoard = BoardDefinition | UndescribedBoard;

/** What was asked for, as flags of their names say. */
export interface BoardSettings {
  board?: readonly string[] | undefined;
  url?: string | undefined;
  id?: string | undefined;
  renderer?: string | undefined;
  table?: string | undefined;
}

/** True for a board that somebody described. */
export const isDescribed = (board: WantedBoard): board is BoardDefinition => 'columns' in board;

/**
 * The boards that the settings ask for: those of `--board`, and the page of `--url`; without either,
 * all that are followed.
 *
 * @throws {EtlError} BOARD_UNKNOWN, CONFIG_INVALID
 */
export function wantedBoards(
  { board, url, id, renderer, table }: BoardSettings,
  known: readonly BoardDefinition[] = boards,
): WantedBoard[] {
  const page =
    url === undefined ? undefined : undescribedBoard({ url, id, renderer, table }, known);
  if (page === undefined) {
    for (const [name, value] of Object.entries({ id, renderer, table })) {
      if (value !== undefined) throw new EtlError('CONFIG_INVALID', `--${name} goes with --url`);
    }
  }
  const followed = page ? [] : known.filter((it) => !it.onRequest && !it.unproved);
  const chosen = board && [...new Set(board)].map((it) => knownBoard(it, known));
  return [...(chosen ?? followed), ...(page ? [page] : [])];
}

/**
 * A board that we know, by its id.
 *
 * @throws {EtlError} BOARD_UNKNOWN
 */
export function knownBoard(
  id: string,
  known: readonly BoardDefinition[] = boards,
): BoardDefinition {
  const board = known.find((it) => it.id === id);
  if (board !== undefined) return board;
  throw new EtlError('BOARD_UNKNOWN', `There is no board ${id}`);
}

/**
 * The page of `--url` as a board.
 *
 * @throws {EtlError} CONFIG_INVALID for an address that is none, or an id of a board that is known
 */
export function undescribedBoard(
  { id: named, renderer, table, ...given }: Omit<BoardSettings, 'board'> & { url: string },
  known: readonly BoardDefinition[] = boards,
): UndescribedBoard {
  const url = pageAddress(given.url);
  const id = named ?? boardIdOf(url);
  if (known.some((it) => it.id === id)) {
    const message = `${id} is a board that is known: --board ${id}, and --board-url for its address`;
    throw new EtlError('CONFIG_INVALID', message);
  }
  return { id, url, renderer, table };
}

function pageAddress(url: string): string {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new EtlError('CONFIG_INVALID', `--url wants an http address, not ${JSON.stringify(url)}`);
  }
  // It is stored and printed.
  if (address.username !== '' || address.password !== '') {
    throw new EtlError('CONFIG_INVALID', '--url must not hold a name or password');
  }
  return address.href;
}

/**
 * `ID=URL` pairs.
 *
 * @throws {EtlError} CONFIG_INVALID for anything else
 */
export function boardUrls(pairs: readonly string[]): Record<string, string> {
  // An address may have commas of its own.
  const whole = pairs.reduce<string[]>(
    (all, part) =>
      /^[\w-]+=https?:/.test(part) || all.length === 0
        ? [...all, part]
        : all.with(-1, `${all.at(-1) ?? ''},${part}`),
    [],
  );
  return Object.fromEntries(
    whole.map((pair) => {
      const [id = '', ...rest] = pair.split('=');
      const url = rest.join('=');
      if (id !== '' && /^https?:/.test(url) && URL.canParse(url)) return [id, url];
      throw new EtlError('CONFIG_INVALID', `--board-url wants ID=URL, not ${JSON.stringify(pair)}`);
    }),
  );
}
