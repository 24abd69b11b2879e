import { shownLeaderboardPath } from '../../api/benchmarks.ts';
import { isDatasetId } from '../../boards/benchmark-source.ts';
import type { BoardSnapshot } from '../../boards/snapshot.ts';
import { BoardDriftError } from '../../boards/drift.ts';
import type { BoardOutcome } from '../../crawlers/board-crawl.ts';
import { compareEmbed, hubBenchmarkBoard } from '../../boards/definitions/hub-benchmark.ts';
import { tableRow } from '../../boards/table.ts';
import { EtlError } from '../../errors.ts';
import { visitBoards } from '../board-visits.ts';
import { withHub } from '../resources.ts';
import type { Session } from '../session.ts';

const PREFIX = 'hub-benchmarks/';

/** True for the id of a benchmark's own leaderboard on the Hub. */
export const isEmbedded = (id: string): boolean => id.startsWith(PREFIX);

/**
 * Reads the page on which the Hub shows the leaderboard of a benchmark, and compares it with what its
 * API says: the same models, ranks and values, or the board has drifted.
 *
 * @param ids `hub-benchmarks/OWNER/NAME`
 * @throws {EtlError} BOARD_UNKNOWN for an id that can name no data set
 */
export async function checkEmbedded(
  session: Session,
  ids: readonly string[],
): Promise<BoardOutcome[]> {
  const benchmarks = ids.map((id) => {
    const name = id.slice(PREFIX.length);
    if (isDatasetId(name)) return name;
    throw new EtlError('BOARD_UNKNOWN', `There is no benchmark ${name}`);
  });
  if (benchmarks.length === 0) return [];
  return withHub(session, async (client) => {
    const outcomes: BoardOutcome[] = [];
    for (const name of benchmarks) {
      if (session.signal.aborted) break;
      const board = hubBenchmarkBoard(name, client.endpoint.url.replace(/\/$/, ''));
      outcomes.push(
        await checkOne(session, board, async () => {
          const { value } = await client.getJson(shownLeaderboardPath(name), session.kill);
          return Array.isArray(value) ? (value as unknown[]) : [];
        }),
      );
    }
    return outcomes;
  });
}

async function checkOne(
  session: Session,
  board: ReturnType<typeof hubBenchmarkBoard>,
  apiRows: () => Promise<unknown[]>,
): Promise<BoardOutcome> {
  const expected = await apiRows().catch((error: unknown) => {
    if (error instanceof EtlError) return error;
    throw error;
  });
  // A benchmark that is closed to us has no page for us either.
  if (expected instanceof EtlError) return failed(board, expected);
  for (const { outcome, capture } of await visitBoards(session, [board])) {
    if (!capture) return outcome;
    // Written by the crawler from this type.
    const { shown } = JSON.parse(capture.body.toString()) as BoardSnapshot;
    const { agrees, differences } = compareEmbed(expected, shown.map(tableRow));
    if (agrees) return outcome;
    return { ...outcome, status: 'drifted', error: new BoardDriftError(board.id, differences) };
  }
  return failed(board, new EtlError('BOARD_UNREACHABLE', `Board ${board.id} was not visited`));
}

const failed = ({ id, url }: { id: string; url: string }, error: EtlError): BoardOutcome => ({
  board: id,
  url,
  renderer: null,
  status: 'failed',
  ...{ proof: null, variant: '', hidden: 0 },
  stated: { shown: null, total: null },
  loaded: null,
  shownChecked: 0,
  rows: 0,
  seconds: 0,
  warnings: [],
  error,
});
