import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { wantedBoards } from '../../../src/boards/choice.ts';
import { boards } from '../../../src/boards/definitions/index.ts';
import { kinds } from '../../../src/crawlers/kinds/index.ts';
import { FILE, formatOf } from '../../../src/boards/file-source.ts';
import { BoardLicence, licenceOf } from '../../../src/boards/licence.ts';

const folder = new URL('../../../src/boards/definitions/', import.meta.url);
const sources = readFileSync(new URL('../../../docs/sources.md', import.meta.url), 'utf8');

test('each board has an id of its own, and is read by a kind that exists', () => {
  expect(new Set(boards.map(({ id }) => id)).size).toBe(boards.length);
  const ids = [...kinds.map(({ id }) => id), FILE];
  for (const { id, renderer } of boards) expect(ids, id).toContain(renderer);
  expect(wantedBoards({}).map(({ id }) => id)).not.toContain('open-llm-v2-gradio');
});

for (const board of boards) {
  test(`${board.id} names its columns, its model, its licence and its source`, () => {
    const names = board.columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(board.columns.filter(({ kind }) => kind === 'model')).toHaveLength(1);
    expect(board.columns.some(({ score, required }) => score && required !== false)).toBe(true);
    expect(BoardLicence.parse(licenceOf(board.licence)).name).not.toBe('');
    if (board.renderer === FILE) expect(board.file?.format ?? formatOf(board.url)).not.toBeNull();
    expect(URL.canParse(board.url)).toBe(true);
    expect(sources).toContain(`\`${board.id}\``);
    // One spelling of a header stands for one column.
    const headers = board.columns.flatMap(({ header, aliases = [] }) => [header, ...aliases]);
    const doubled = headers.filter((header, at) => headers.indexOf(header) !== at);
    expect(doubled).toEqual([]);
  });
}

test('boards that nobody has proved are read only when they are named', () => {
  const unproved = boards.filter((it) => it.unproved).map(({ id }) => id);
  expect(unproved).toContain('openrouter');
  const ids = wantedBoards({}).map(({ id }) => id);
  expect(ids.filter((id) => unproved.includes(id))).toEqual([]);
});

test('a board of a known kind is one file of fewer than 60 lines', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const lines = (file: string): number =>
    readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n').length;
  const kinds = ['aider', 'arc-agi', 'bfcl', 'forecastbench', 'livebench', 'openrouter'];
  for (const name of kinds) expect(lines(`${name}.ts`), name).toBeLessThan(40);
  const small = ['vectara', 'tts-arena', 'ugi', 'mteb', 'lmarena', 'open-asr-long', 'open-llm-v1'];
  for (const name of small) expect(lines(`${name}.ts`), name).toBeLessThan(60);
  expect(files).toContain('vectara.ts');
});
