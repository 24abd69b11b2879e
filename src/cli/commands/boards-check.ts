import { wantedBoards } from '../../boards/choice.ts';
import { knownBoards } from '../../pipeline/known-boards.ts';
import { factsOfOutcome } from '../../pipeline/board-reader.ts';
import type { BoardOutcome } from '../../crawlers/board-crawl.ts';
import { checkEmbedded, isEmbedded } from './boards-embed.ts';
import { howChecked } from '../../report/board-words.ts';
import { boardText } from '../board-text.ts';
import { exitCodeOf, visitBoards } from '../board-visits.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';
import { plain, table } from '../table.ts';

/**
 * `boards check [ID…]`: reads and verifies boards as a crawl does, and stores nothing. Exit code 0, or
 * that of the worst: 3 not reached, 4 refused, 7 closed, 75 asleep. `hub-benchmarks/OWNER/NAME` is the Hub's
 * own page of a benchmark, compared with its API.
 *
 * @throws {EtlError} BOARD_UNKNOWN, CONFIG_INVALID, BROWSER_MISSING, STORAGE_CORRUPT
 */
export function checkCommand(io: Io, flags: Flags, ids: string[]): Promise<number> {
  const embedded = ids.filter(isEmbedded);
  const others = ids.filter((id) => !isEmbedded(id));
  return withSession(
    io,
    others.length > 0 ? { ...flags, board: others } : flags,
    async (session) => {
      const wanted =
        others.length === 0 && embedded.length > 0
          ? []
          : wantedBoards(session.config, knownBoards(session.config));
      const visits = await visitBoards(session, wanted);
      const outcomes = visits.map(({ outcome }) => outcome);
      outcomes.push(...(await checkEmbedded(session, embedded)));
      session.progress.close();
      const exitCode = session.interrupted() ?? exitCodeOf(outcomes);
      const facts = outcomes.map((outcome) => ({ id: outcome.board, ...factsOf(outcome) }));
      const json = { exitCode, boards: Object.fromEntries(facts.map(({ id, ...it }) => [id, it])) };
      session.answer(json, screen(facts));
      for (const { error } of outcomes) {
        if (error === undefined) continue;
        const { code, hint } = error;
        session.complain({ message: plain(error.message, 600), code, hint });
      }
      return exitCode;
    },
  );
}

/** Evidence of a refusal is not in the storage: its path is whole. That of the others is gone. */
function factsOf({ evidence, ...outcome }: BoardOutcome) {
  const facts = factsOfOutcome(outcome, '');
  return { ...facts, ...(outcome.error && evidence !== undefined && { evidence }) };
}

function screen(boards: ({ id: string } & ReturnType<typeof factsOf>)[]): string {
  const rows = boards.map(({ id, ...facts }) => ({
    board: id,
    status: facts.status,
    rows: facts.rows,
    checked: howChecked(facts),
    'read as': facts.renderer ?? '',
    seconds: facts.seconds,
    warnings: facts.warnings.length,
  }));
  const details = boards
    .filter(({ found, warnings, error }) => found || warnings.length > 0 || error)
    .map(({ id, ...facts }) => boardText(id, facts));
  return [table(rows), ...details.map((text) => `${text}\n`)].join('\n');
}
