import { readMemory, writeMemory } from '../../../src/pipeline/board-memory.ts';
import type { BoardFacts } from '../../../src/pipeline/state.ts';
import { openStorage } from '../../../src/storage/storage-folder.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { MEMORY, READ, saveBoards } from './run-states.ts';

test('boards says what is refused at present, and accept what it cannot help', async ({
  cli,
  folder,
}) => {
  const boards = (...args: string[]) => cli(['boards', ...args]);
  (await openStorage(folder, { command: 'crawl' })).close();
  /** A later run that read the board. */
  const read = (board: string, error?: NonNullable<BoardFacts['error']>): void => {
    saveBoards(folder, { [board]: error ? { ...READ, status: 'drifted', error } : READ });
  };
  writeMemory(folder, MEMORY);
  read('x');
  expect((await boards()).stdout).not.toContain(' refused:');
  expect((await boards('accept', 'x')).stdout).toContain('it is not refused at present');

  const changed = { code: 'BOARD_DRIFT', message: 'Board x is not what it was: rows' };
  read('x', { ...changed, since: '1' });
  read('bfcl', { code: 'BOARD_DRIFT', message: 'Board bfcl is not what it was: header' });
  read('own', { code: 'HTTP_STATUS', message: '404 of http://127.0.0.1/x.csv' });
  const { stdout } = await boards();
  const line = (id: string) => stdout.split('\n').find((it) => it.startsWith(`${id} `));
  expect(line('x')).toContain('BOARD_DRIFT: rows');
  expect(line('bfcl')).toContain('BOARD_DRIFT: header');
  expect(line('own')).toContain('HTTP_STATUS: 404 of http://127.0.0.1/x.csv');
  expect(stdout).toContain('\n3 refused: `boards diff ID` says why\n');

  const { code, stdout: said } = await boards('accept', 'x', 'bfcl', 'own');
  expect(code).toBe(2);
  expect(said).toContain('x: the next reading is taken as it is');
  expect(said).toContain('bfcl: not accepted, for that cannot help: BOARD_DRIFT: header');
  expect(said).toContain('own: not accepted, for that cannot help: HTTP_STATUS: 404');
  expect(readMemory(folder, 'x')?.isAccepted).toBe(true);
  // Of a refusal without evidence the reason is all that there is.
  expect((await boards('diff', 'own')).stdout).toContain('404 of http://127.0.0.1/x.csv [HTTP');

  read('x');
  expect((await boards()).stdout).toContain('\n2 refused: ');
});
