import type { BoardDefinition } from '../../boards/definition.ts';
import { licenceOf } from '../../boards/licence.ts';
import { acceptChange, readMemory, rememberedBoards } from '../../pipeline/board-memory.ts';
import { knownBoards } from '../../pipeline/known-boards.ts';
import { EtlError } from '../../errors.ts';
import type { Io } from '../io.ts';
import { withStorage } from '../resources.ts';
import { withSession, type Flags } from '../session.ts';
import { plain, table } from '../table.ts';
import { readRuns } from '../../pipeline/state.ts';

/**
 * `boards`: the leaderboards that are known, and the pages that nobody described but that this storage
 * remembers; which of them the last run that read them refused, and why.
 *
 * @throws {EtlError} CONFIG_INVALID, STORAGE_CORRUPT
 */
export const boardsCommand = (io: Io, flags: Flags): Promise<number> =>
  withSession(io, flags, ({ config, answer }) => {
    const { storage } = config;
    const boards = knownBoards(config);
    const refused = refusals(storage);
    const known = boards.map(({ id, title, renderer, url, licence, ...board }) => {
      const { name, publish } = licenceOf(licence);
      const last = lastOf(storage, id);
      const head = { id, title, renderer, state: stateOf(board), refused: refused.get(id) ?? null };
      return { ...head, ...last, licence: name, publish, url };
    });
    const others = [...new Set([...rememberedBoards(storage), ...refused.keys()])]
      .filter((id) => !boards.some((board) => board.id === id))
      .map((id) => {
        const { url = '', renderer = '' } = readMemory(storage, id) ?? {};
        const about = { id, title: id, renderer, state: 'not described' };
        const head = { ...about, refused: refused.get(id) ?? null };
        const { name, publish } = licenceOf();
        return { ...head, ...lastOf(storage, id), licence: name, publish, url };
      });
    const rows = [...known, ...others];
    const shown = rows.map((row) => ({ ...row, refused: row.refused && inShort(row.refused) }));
    const more =
      refused.size === 0 ? '' : `\n${refused.size} refused: \`boards diff ID\` says why\n`;
    answer({ boards: rows }, `${table(shown)}${more}`);
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

/** Why the last run that read a board refused it. */
interface Refused {
  run: string;
  code: string;
  message: string;
  /** The run that it was compared with, where that is why. */
  since?: string | undefined;
}

/** The boards that are refused at present, by id. */
function refusals(storageDir: string): Map<string, Refused> {
  const found = new Map<string, Refused>();
  for (const { run, sources } of readRuns(storageDir)) {
    for (const [id, { error }] of Object.entries(sources.boards ?? {})) {
      if (error === undefined) found.delete(id);
      else found.set(id, { run, ...error });
    }
  }
  return found;
}

const inShort = ({ code, message }: Refused): string =>
  `${code}: ${message.replace(/^Board \S+ is not what it was: /, '')}`;

/**
 * `boards accept ID…`: takes a changed board as it is now. Its next reading is not compared with the
 * last good capture; what its definition requires still holds. Exit code 2 where that helps none of a
 * board's last refusal: those are not accepted, and it is said why.
 *
 * @throws {EtlError} BOARD_UNKNOWN when nothing is known of one of them, STORAGE_LOCKED
 */
export const acceptCommand = (io: Io, flags: Flags, ids: string[]): Promise<number> =>
  withSession(io, flags, async (session) => {
    const { config, answer } = session;
    const refused = refusals(config.storage);
    const known = [...rememberedBoards(config.storage), ...refused.keys()];
    const unknown = ids.find((id) => !known.includes(id));
    if (unknown !== undefined) {
      const message = `${config.storage} remembers nothing of board ${unknown}`;
      throw new EtlError('BOARD_UNKNOWN', message);
    }
    const useless = ids.flatMap((id) => {
      const why = whyUseless(refused.get(id));
      return why === null ? [] : [{ id, why }];
    });
    const accepted = ids.filter((id) => !useless.some((it) => it.id === id));
    await withStorage(session, 'boards accept', () => {
      for (const id of accepted) acceptChange(config.storage, id);
    });
    const texts = [
      ...accepted.map((id) => `${id}: ${consequence(refused.get(id))}\n`),
      ...useless.map(({ id, why }) => `${id}: not accepted, for that cannot help: ${why}\n`),
    ];
    answer({ accepted, useless }, texts.join(''));
    return useless.length === 0 ? 0 : 2;
  });

/** Why no acceptance can end a refusal; null where it does, or there is none. */
function whyUseless(refusal: Refused | undefined): string | null {
  if (refusal === undefined || refusal.since !== undefined) return null;
  const { run, code } = refusal;
  const said = `${plain(inShort(refusal), 300)} (run ${run})`;
  return code === 'BOARD_DRIFT'
    ? `${said}. It is not compared with an earlier reading there: mend its definition, after \`boards diff\``
    : `${said}. It was not read at all: \`boards diff\` and \`boards show\` say more, then try again`;
}

const consequence = (refusal: Refused | undefined): string =>
  `the next reading is taken as it is, if its definition allows it${
    refusal === undefined ? '; it is not refused at present' : ''
  }`;
