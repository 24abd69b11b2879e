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

test('a board of kind file or html costs a file of fewer than 40 lines, a kind of page fewer than 120', () => {
  const lines = (file: URL): number => readFileSync(file, 'utf8').trimEnd().split('\n').length;
  const definition = (name: string) => lines(new URL(`${name}.ts`, folder));
  const files = ['aider', 'arc-agi', 'bfcl', 'forecastbench', 'livebench', 'openrouter'];
  const pages = ['terminal-bench', 'tts-arena', 'ugi', 'vectara'];
  for (const name of [...files, ...pages]) expect(definition(name), name).toBeLessThan(40);
  for (const name of ['hal', 'mteb', 'lmarena']) expect(definition(name), name).toBeLessThan(60);
  const kind = new URL('../../../src/crawlers/kinds/role-grid/', import.meta.url);
  const all = readdirSync(kind).map((name) => lines(new URL(name, kind)));
  expect(all.reduce((sum, it) => sum + it, 0)).toBeLessThan(120);
});
