import path from 'node:path';
import type { BoardOutcome } from './crawlers/boards.ts';
import type { BoardDefinition } from './crawlers/boards/definition.ts';
import { EtlError } from './errors.ts';
import { saveRun, type BoardFacts } from './run-state.ts';
import type { Crawl } from './stage-crawl.ts';

/**
 * Reads the boards that this run has not read yet. A board that is refused or cannot be reached leaves
 * its evidence under `runs/<run>/evidence/<board>` and does not stop the others.
 *
 * @throws {EtlError} BOARD_DRIFT, BOARD_UNREACHABLE of the first board that failed, after all were tried
 */
export async function crawlBoardsOf(crawl: Crawl): Promise<void> {
  const { dependencies, config, state } = crawl;
  const { boards, followed } = await import('./crawlers/boards/index.ts');
  const known = new Map(boards.map((board) => [board.id, board]));
  const wanted = (config.board ?? followed().map(({ id }) => id)).map((id) => {
    const board = known.get(id);
    if (board === undefined) throw new EtlError('BOARD_UNKNOWN', `There is no board ${id}`);
    return board;
  });
  const entries = (state.sources.boards ??= {});
  const todo = wanted.filter(({ id }) => !isRead(entries[id]));
  if (todo.length === 0) return;

  let failure: EtlError | undefined;
  for (const board of todo) {
    if (dependencies.signal.aborted) return;
    dependencies.onProgress('boards', { note: `${board.id}: reading` });
    const { error, evidence, ...outcome } = await readBoard(crawl, board);
    const { status, stated, loaded, shownChecked, rows, seconds, warnings } = outcome;
    const entry: BoardFacts = { status, stated, loaded, shownChecked, rows, seconds, warnings };
    if (evidence !== undefined) entry.evidence = path.relative(config.storage, evidence);
    if (error !== undefined) entry.error = { code: error.code, message: error.message };
    entries[board.id] = entry;
    failure ??= error;
    saveRun(config.storage, state);
    for (const warning of warnings) dependencies.log.warn({ board: board.id }, warning);
    dependencies.onProgress('boards', { note: `${board.id}: ${status}`, records: rows });
  }
  if (failure !== undefined) throw failure;
}

async function readBoard(
  { dependencies, config, state, configuration }: Crawl,
  board: BoardDefinition,
): Promise<BoardOutcome> {
  const { ensureBrowser } = await import('./crawlers/browser.ts');
  const { tryBrowser } = await import('./crawlers/browser-start.ts');
  const { crawlBoards } = await import('./crawlers/boards.ts');
  const { openCaptures } = await import('./crawlers/captures-out.ts');
  const { datasetName } = await import('./crawlers/hub-lists.ts');
  const { env, log, version, kill } = dependencies;
  const { executablePath } = await ensureBrowser({ env, log: (message) => log.info(message) });
  const sandbox = await tryBrowser(executablePath, { env });
  log.info({ browser: sandbox.version }, sandbox.reason);
  const dataset = datasetName('boards', state.run);
  const out = await openCaptures(configuration, config.storage, dataset);
  const [outcome] = await crawlBoards(
    {
      config: configuration,
      browser: { executablePath, sandbox: sandbox.on },
      userAgent: `huggingface-etl/${version}`,
      write: out.write,
      log: (message, facts) => log.debug(facts, message),
    },
    {
      boards: [board],
      urls: boardUrls(config.boardUrl),
      evidenceFolder: path.join(config.storage, 'runs', state.run, 'evidence'),
    },
    {
      verify: config.verify,
      headed: config.headed || config.pause,
      slowMoMs: config.slowMo,
      pause: config.pause,
      timeoutMs: config.boardTimeout * 1000,
      signal: kill,
    },
  );
  if (outcome === undefined) throw new Error(`The crawl of ${board.id} had no outcome`);
  return outcome;
}

const isRead = (facts: BoardFacts | undefined): boolean =>
  facts?.status === 'verified' || facts?.status === 'loaded_only';

/**
 * `ID=URL` pairs.
 *
 * @throws {EtlError} CONFIG_INVALID for anything else
 */
function boardUrls(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [id = '', ...rest] = pair.split('=');
      const url = rest.join('=');
      if (id !== '' && /^https?:/.test(url) && URL.canParse(url)) return [id, url];
      throw new EtlError('CONFIG_INVALID', `--board-url wants ID=URL, not ${JSON.stringify(pair)}`);
    }),
  );
}
