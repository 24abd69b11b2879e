import type { Capture } from '../../../src/storage/capture.ts';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import { crawlBoards } from '../../../src/crawlers/boards.ts';
import type { BoardOutcome } from '../../../src/crawlers/board-crawl.ts';
import type { BoardDefinition } from '../../../src/boards/definition.ts';
import type { UndescribedBoard } from '../../../src/boards/infer.ts';
import { temporaryFolder } from '../../helpers/fixtures.ts';
import { dependenciesOf } from '../board-harness.ts';

export type Must = 'exact' | 'refused' | 'either';

/** One changed page, and what must come of it. */
export interface PageCase {
  name: string;
  must: Must;
  start: () => Promise<{ url: string; close: () => Promise<void> }>;
  board: (id: string, url: string) => BoardDefinition | UndescribedBoard;
  /** What is wrong with rows that were taken; null when they are all that stands behind the page. */
  wrongWith: (snapshot: BoardSnapshot) => string | null;
}

export interface CaseResult {
  name: string;
  must: Must;
  /** `wrong`: rows were taken that are not those behind the page. There must be none. */
  came: 'exact' | 'refused' | 'wrong';
  /** Why it was refused, or what is wrong. */
  why: string;
  seconds: number;
}

/**
 * Milliseconds that a page may take. One that must be read gets far more than it needs; the others are
 * waited for in vain, and the end of the wait is an answer that they may give.
 */
const PATIENCE: Record<Must, number> = { exact: 300_000, either: 20_000, refused: 8_000 };
/** Cases that share a browser, and browsers at a time: most of a refusal is waiting. */
const BATCH = 8;
const BROWSERS = 3;

/** Visits every page, some at a time in one browser, and says what came of each. */
export async function runCases(cases: readonly PageCase[]): Promise<CaseResult[]> {
  const batches = (['exact', 'either', 'refused'] as const).flatMap((wanted) => {
    const chosen = cases.filter(({ must }) => must === wanted);
    const count = Math.ceil(chosen.length / BATCH);
    return Array.from({ length: count }, (_, place) => ({
      batch: chosen.slice(place * BATCH, (place + 1) * BATCH),
      timeoutMs: PATIENCE[wanted],
    }));
  });
  const results: CaseResult[] = [];
  const work = batches.values();
  const browser = async (): Promise<void> => {
    for (const { batch, timeoutMs } of work) results.push(...(await runBatch(batch, timeoutMs)));
  };
  await Promise.all(Array.from({ length: BROWSERS }, browser));
  return results;
}

async function runBatch(cases: readonly PageCase[], timeoutMs: number): Promise<CaseResult[]> {
  const { folder, remove } = await temporaryFolder();
  const captures = new Map<string, Capture>();
  const replicas = await Promise.all(cases.map(({ start }) => start()));
  try {
    const outcomes = await crawlBoards(
      await dependenciesOf((it) => Promise.resolve(void captures.set(it.source, it))),
      {
        boards: cases.map(({ board }, at) => board(`case-${at}`, replicas[at]?.url ?? '')),
        evidenceFolder: folder,
      },
      { seed: 11, timeoutMs },
    );
    return cases.map((it, at) =>
      resultOf(it, outcomes[at], captures.get(`boards/case-${at}`) ?? null),
    );
  } finally {
    await Promise.all(replicas.map(({ close }) => close()));
    await remove();
  }
}

function resultOf(
  { name, must, wrongWith }: PageCase,
  outcome: BoardOutcome | undefined,
  capture: Capture | null,
): CaseResult {
  if (!outcome) throw new Error(`${name} has no outcome`);
  const base = { name, must, seconds: outcome.seconds };
  if (!capture) {
    const { status, error } = outcome;
    const isRefused = status === 'drifted' || status === 'failed';
    const why = `${error?.code ?? 'no code'} ${error?.message ?? ''}`;
    return { ...base, came: isRefused ? 'refused' : 'wrong', why };
  }
  // Written by the crawler from this type.
  const why = wrongWith(JSON.parse(capture.body.toString()) as BoardSnapshot);
  return { ...base, came: why === null ? 'exact' : 'wrong', why: why ?? '' };
}

/** Cases that ended otherwise than they must; a wrong one always does. */
export const failures = (results: readonly CaseResult[]): CaseResult[] =>
  results.filter(({ must, came }) => came === 'wrong' || (must !== 'either' && must !== came));

/** One line for the log: how many there were, and what came of them. */
export function summaryOf(of: string, results: readonly CaseResult[]): string {
  const count = (came: CaseResult['came']): number =>
    results.filter((it) => it.came === came).length;
  return `${of}: ${results.length} changed pages: ${count('exact')} exact, ${count('refused')} refused, ${count('wrong')} wrong`;
}
