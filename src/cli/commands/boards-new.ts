import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { undescribedBoard } from '../../boards/choice.ts';
import { knownBoards } from '../../pipeline/known-boards.ts';
import { factsOfOutcome } from '../../pipeline/board-reader.ts';
import { definitionJson, definitionSource, identifierOf } from '../../boards/definition-file.ts';
import { EtlError, fromSystemError } from '../../errors.ts';
import { realPath } from '../../export/out-folder.ts';
import { boardText } from '../board-text.ts';
import { visitBoards, type BoardVisit } from '../board-visits.ts';
import type { Io } from '../io.ts';
import { withSession, type Flags, type Session } from '../session.ts';

/** Where definitions are, seen from the root of the project. */
const DEFINITIONS = path.join('src', 'boards', 'definitions');

/**
 * `boards new ID --url URL`: reads a page that nobody described and writes a definition of what it is.
 * An existing file is never touched.
 *
 * @throws {EtlError} CONFIG_INVALID, FOLDER_TAKEN; BOARD_DRIFT, BOARD_UNREACHABLE, BOARD_ASLEEP of the page
 */
export const newCommand = (io: Io, flags: Flags, [id = '']: string[]): Promise<number> =>
  withSession(io, { ...flags, id }, async (session) => {
    const { config } = session;
    if (config.url === undefined) throw new EtlError('CONFIG_INVALID', 'boards new wants --url');
    const board = undescribedBoard({ ...config, url: config.url, id }, knownBoards(config));
    const ours = path.join(existsSync(DEFINITIONS) ? DEFINITIONS : '.', `${id}.ts`);
    const theirs = config.boards && path.join(config.boards, `${id}.json`);
    const file = config.out ?? theirs ?? ours;
    // Said before the page is read.
    await realPath(file);
    if (existsSync(file)) throw exists(file);
    const [visit] = await visitBoards(session, [board]);
    return visit ? await describe(session, visit, file) : (session.interrupted() ?? 0);
  });

const exists = (file: string): EtlError =>
  new EtlError('CONFIG_INVALID', `${file} exists already: --out names another file`);

async function describe(session: Session, visit: BoardVisit, file: string): Promise<number> {
  const { outcome } = visit;
  const { error, inferred: board, rows } = outcome;
  if (error !== undefined) throw error;
  if (board === undefined) throw new Error(`Nothing was found out of ${outcome.url}`);
  const boardsFolder = importFolder(path.dirname(path.resolve(file)));
  const readAt = new Date().toISOString();
  const isJson = file.endsWith('.json');
  const given = { board, rows, readAt, boardsFolder };
  await writeNew(file, isJson ? definitionJson(given) : definitionSource(given));
  session.progress.close();
  const facts = factsOfOutcome(outcome, '');
  const { id } = board;
  if (isJson) {
    session.answer(
      { file, ...facts, evidence: undefined },
      `${boardText(id, facts)}\n\nwrote ${file}\n`,
    );
    return 0;
  }
  const line = `import { ${identifierOf(id)} } from './${path.basename(file)}';`;
  const text = `${boardText(id, facts)}

wrote ${file}
  ${path.join(DEFINITIONS, 'index.ts')}: ${line} and ${identifierOf(id)} among the boards
  npm run format
`;
  session.answer({ file, index: line, ...facts, evidence: undefined }, text);
  return 0;
}

/** From the folder of the new file to that of `table-board.ts`, as an import has it. */
function importFolder(folder: string): string {
  const own = fileURLToPath(new URL('../../boards', import.meta.url));
  const target = existsSync(DEFINITIONS) ? path.dirname(path.resolve(DEFINITIONS)) : own;
  const relative = path.relative(folder, target).replaceAll(path.sep, '/');
  if (relative === '') return '.';
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** @throws {EtlError} CONFIG_INVALID when the file exists, STORAGE_DENIED, STORAGE_FULL */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw exists(file);
    throw fromSystemError(error, `Writing ${file}`);
  }
}
