import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { compareSnapshots, type BoardChanges } from '../../boards/history.ts';
import type { Config } from '../../config.ts';
import { knownBoards } from '../../pipeline/known-boards.ts';
import { placeInRun, readMemory, snapshotAt } from '../../pipeline/board-memory.ts';
import { EtlError } from '../../errors.ts';
import { readRuns, type BoardFacts } from '../../pipeline/state.ts';
import { changesText } from '../../report/board-words.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags } from '../session.ts';
import { plain, table } from '../table.ts';

const Refusal = z.object({
  url: z.string(),
  refusedAt: z.string(),
  code: z.string(),
  message: z.string(),
  diff: z.array(
    z.object({
      what: z.string(),
      where: z.string().optional(),
      expected: z.string(),
      found: z.string(),
    }),
  ),
});
type Refusal = z.infer<typeof Refusal>;

/** A run's reading of a board. */
export interface BoardRun {
  run: string;
  facts: BoardFacts;
}

/**
 * `boards diff ID`: why the board was refused last; of one that was taken, what changed since the good
 * capture before.
 *
 * @throws {EtlError} BOARD_UNKNOWN when no run has read the board, STORAGE_CORRUPT
 */
export const diffCommand = (
  io: Io,
  { run, ...flags }: Flags,
  [id = '']: string[],
): Promise<number> =>
  withSession(io, flags, async ({ config, answer }) => {
    const { storage } = config;
    const { wanted, refused } = runsOf(storage, id, runName(run));
    const files = evidenceOf(storage, wanted.facts);
    const refusal = refusalIn(files);
    const changes = refusal === null ? await changesOf(config, id, wanted) : null;
    const { status } = wanted.facts;
    const { error } = wanted.facts;
    const report = { board: id, run: wanted.run, status, refusal, changes, error, evidence: files };
    answer(report, screen(report, refused));
    return 0;
  });

/** What `--run` gave. */
export const runName = (run: unknown): string | undefined =>
  typeof run === 'string' ? run : undefined;

/**
 * The run that is meant, else the newest one that read the board, and the newest that was refused.
 *
 * @throws {EtlError} BOARD_UNKNOWN, EXPORT_MISSING
 */
export function runsOf(
  storageDir: string,
  id: string,
  run: string | undefined,
): { wanted: BoardRun; refused: BoardRun | undefined } {
  const runs = readRuns(storageDir).flatMap(({ run: name, sources }) => {
    const facts = sources.boards?.[id];
    return facts === undefined ? [] : [{ run: name, facts }];
  });
  const wanted = run === undefined ? runs.at(-1) : runs.find((it) => it.run === run);
  const refused = runs.findLast(({ facts }) => facts.error !== undefined);
  if (wanted !== undefined) return { wanted, refused };
  if (run !== undefined) {
    throw new EtlError('EXPORT_MISSING', `No run ${run} of ${storageDir} has read ${id}`);
  }
  throw new EtlError('BOARD_UNKNOWN', `No run of ${storageDir} has read a board ${id}`);
}

/** Paths of what is kept of a reading, those that are still there. */
export function evidenceOf(storageDir: string, { evidence }: BoardFacts): string[] {
  if (evidence === undefined) return [];
  return ['diff.json', 'screenshot.png', 'page.html', 'trace.zip']
    .map((name) => path.join(storageDir, evidence, name))
    .filter((file) => existsSync(file));
}

function refusalIn(files: readonly string[]): Refusal | null {
  const file = files.find((it) => path.basename(it) === 'diff.json');
  if (file === undefined) return null;
  try {
    return Refusal.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new EtlError('STORAGE_CORRUPT', `${file} is no refusal of a board`, { cause: error });
  }
}

interface Changes extends BoardChanges {
  since: string;
  rows: { before: number; after: number };
}

/** Null when there is no good capture before, or the captures are gone. */
async function changesOf(
  { storage: storageDir, ...config }: Config,
  id: string,
  { run, facts }: BoardRun,
): Promise<Changes | null> {
  const memory = readMemory(storageDir, id);
  const since = memory?.run === run ? memory.before?.run : facts.changes?.since;
  if (since === undefined) return null;
  const load = async (name: string) =>
    snapshotAt(storageDir, id, await placeInRun(storageDir, id, name));
  const [before, after] = [await load(since), await load(run)];
  if (before === null || after === null) return null;
  const definition = knownBoards(config).find((board) => board.id === id);
  return {
    since,
    rows: { before: rowsOf(before), after: rowsOf(after) },
    ...compareSnapshots(before, after, definition),
  };
}

const rowsOf = ({ loaded, shown }: { loaded: unknown[] | null; shown: unknown[] }): number =>
  (loaded ?? shown).length;

interface Report {
  board: string;
  run: string;
  status: string;
  refusal: Refusal | null;
  changes: Changes | null;
  /** What is known of a refusal without evidence: that of a file. */
  error: BoardFacts['error'];
  evidence: string[];
}

function screen(report: Report, refused: BoardRun | undefined): string {
  const { board, run, status, refusal, changes, error, evidence } = report;
  const lines = [`${board} in run ${run}: ${status}`];
  if (refusal !== null) lines.push(...refusalText(refusal));
  else if (error !== undefined) lines.push(`${plain(error.message, 1000)} [${error.code}]`);
  else if (changes !== null) lines.push(...changesLines(changes));
  else lines.push('There is no good capture before it to compare with.');
  if (evidence.length > 0) lines.push('', 'evidence:', ...evidence.map((file) => `  ${file}`));
  if (refused !== undefined && refused.run !== run && refusal === null) {
    lines.push('', `It was refused last in run ${refused.run}: --run ${refused.run}`);
  }
  return `${lines.join('\n')}\n`;
}

function refusalText({ url, refusedAt, code, message, diff }: Refusal): string[] {
  const head = [`${plain(url, 600)}, ${refusedAt}`, '', `${plain(message, 1000)} [${code}]`];
  if (diff.length === 0) return head;
  return [...head, '', ...diff.flatMap(differenceText)];
}

/** Expected above found, so that the eye sees where they part. */
const differenceText = ({ what, where, expected, found }: Refusal['diff'][number]): string[] => [
  `${plain(what)}${where === undefined ? '' : ` at ${plain(where)}`}`,
  `  expected  ${plain(expected, 400)}`,
  `  found     ${plain(found, 400)}`,
];

function changesLines({ since, rows, headers, examples, ...counts }: Changes): string[] {
  const lines = [
    `since run ${since}: ${rows.before.toLocaleString('en')} rows before, ${rows.after.toLocaleString('en')} now; ${changesText(counts)}`,
  ];
  for (const [what, names] of [
    ['new headers', headers.added],
    ['headers gone', headers.removed],
    ['added', examples.added],
    ['removed', examples.removed],
  ] as const) {
    if (names.length > 0) lines.push('', `${what}:`, ...names.map((name) => `  ${plain(name)}`));
  }
  if (examples.revised.length > 0) lines.push('', 'revised:', table(examples.revised).trimEnd());
  return lines;
}
