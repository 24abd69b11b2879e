import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Manifest } from '../../../src/export/manifest.ts';
import { definitionOf } from '../../../src/boards/definition-json.ts';
import { knownBoards } from '../../../src/pipeline/known-boards.ts';
import { expect, test } from '../../helpers/fixtures.ts';

const OWN = {
  ...{ id: 'own', title: 'Own', url: 'http://127.0.0.1/x.csv', renderer: 'file', minimumRows: 2 },
  identity: ['model'],
  columns: [
    { header: 'model', name: 'model', kind: 'model' },
    { header: 'acc', name: 'acc', kind: 'number', score: true, unit: 'percent' },
  ],
};
const [MODEL] = OWN.columns;

const WRONG: [string, object | string, string][] = [
  ['no JSON', '{', 'is broken JSON'],
  ['a name too many', { ...OWN, colour: 1 }, 'colour'],
  ['an unknown kind', { ...OWN, columns: [{ ...MODEL, kind: 'x' }] }, 'columns.0.kind'],
  ['no model', { ...OWN, columns: OWN.columns.slice(1), identity: ['acc'] }, 'of kind model'],
  ['two of a name', { ...OWN, columns: [MODEL, ...OWN.columns] }, 'two are model'],
  ['another identity', { ...OWN, identity: ['x'] }, 'no column x'],
  ['no address', { ...OWN, url: 'ftp://x' }, 'url'],
  ['an id that is a path', { ...OWN, id: '../x' }, 'id: small letters'],
  [
    'a licence of our making',
    { ...OWN, licence: { id: null, name: 'x', publish: 'yes' } },
    'licence',
  ],
];

test('what is wrong in a file of JSON is said, with its name', () => {
  for (const [name, value, says] of WRONG) {
    const json = typeof value === 'string' ? value : JSON.stringify(value);
    const read = () => definitionOf(json, 'a/b.json');
    expect(read, name).toThrow(/^a\/b\.json/);
    expect(read, name).toThrow(says);
  }
});

test('a column without a head may be described, as `boards new` writes that of ranks', () => {
  const ranks = { header: '', name: 'rank', kind: 'number' };
  const board = definitionOf(JSON.stringify({ ...OWN, columns: [ranks, ...OWN.columns] }), 'x');
  expect(board.columns.map(({ header }) => header)).toEqual(['', 'model', 'acc']);
});

test('a file may stand in the place of one of our boards; a missing folder is said', async ({
  folder,
}) => {
  const url = 'http://127.0.0.1/moved.csv';
  await writeFile(path.join(folder, 'x.json'), JSON.stringify({ ...OWN, id: 'bfcl', url }));
  const found = knownBoards({ boards: folder }).filter(({ id }) => id === 'bfcl');
  expect(found.map((it) => it.url)).toEqual([url]);
  expect(() => knownBoards({ boards: path.join(folder, 'none') })).toThrow('cannot be read');
});

test('a file by its address, then by the definition that is made of it, to rows with their licence', async ({
  cli,
  folder,
  serve,
}) => {
  const at = await serve((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/csv' }).end('model,acc\nAda,71.5%\nBob,8%\n'),
  );
  const url = `${at}/x`;
  const boards = path.join(folder, 'own');
  await mkdir(boards);
  const config = path.join(folder, 'huggingface-etl.config.json');
  await writeFile(config, JSON.stringify({ boards }));
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli([...args, '--json'], { folder });
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const found = await run('boards', 'check', '--url', url);
  expect(Object.values(found['boards'] as object)).toMatchObject([{ rows: 2, renderer: 'file' }]);

  await run('boards', 'new', 'mine', '--url', url);
  const file = path.join(boards, 'mine.json');
  const written = JSON.parse(await readFile(file, 'utf8')) as object;
  expect(written).toMatchObject({ id: 'mine', renderer: 'file', minimumRows: 1 });
  const licence = { id: 'CC-BY-4.0', name: 'CC BY', publish: 'attribution', citation: 'Me, 2026' };
  await writeFile(file, JSON.stringify({ ...written, licence }));
  await writeFile(path.join(boards, 'other.json'), JSON.stringify({ ...OWN, id: 'other', url }));

  const out = path.join(folder, 'out');
  const which = ['--sources', 'boards', '--board', 'mine,other'];
  await run('run', ...which, '--to', 'jsonl', '--compress', 'none', '--out', out);
  const rows = async () =>
    (await readFile(path.join(out, 'leaderboard_scores.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((it) => JSON.parse(it) as Record<string, unknown>);
  const score = { entry_id: 'Ada', metric: 'acc', value: 71.5, unit: 'percent' };
  expect(await rows()).toMatchObject([
    { board: 'mine', ...score, licence: 'CC BY', publish: 'attribution' },
    { entry_id: 'Bob', value: 8 },
    { board: 'other', ...score, licence: 'not stated', publish: 'unknown' },
    { entry_id: 'Bob', value: 8 },
  ]);
  await run('export', '--to', 'jsonl', '--compress', 'none', '--out', out, '--publishable');
  expect((await rows()).map(({ board }) => board)).toEqual(['mine', 'mine']);
  const manifest = JSON.parse(await readFile(path.join(out, 'manifest.json'), 'utf8')) as Manifest;
  expect(manifest).toMatchObject({
    publishable: true,
    sources: {
      boards: { mine: { exported: 2 }, other: { listed: 0, withheld: 2, publish: 'unknown' } },
    },
  });
});
