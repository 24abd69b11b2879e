import fc from 'fast-check';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import ts from 'typescript';
import { boardIdOf } from '../../../src/boards/address.ts';
import { wantedBoards } from '../../../src/boards/choice.ts';
import { definitionSource, identifierOf } from '../../../src/boards/definition-file.ts';
import type { BoardDefinition } from '../../../src/boards/definition.ts';
import { inferBoard } from '../../../src/boards/infer.ts';
import { reconcile } from '../../../src/crawlers/reconcile.ts';
import { writeMemory } from '../../../src/pipeline/board-memory.ts';
import type { BoardFacts } from '../../../src/pipeline/state.ts';
import { openStorage } from '../../../src/storage/storage-folder.ts';
import { withoutColumn } from '../../helpers/board-days.ts';
import type { runCli } from '../../helpers/cli.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { writeBoards } from '../export/captured.ts';
import { MEMORY, READ, saveBoards } from './run-states.ts';
import { shownReading, shownSnapshot, type TextRow } from './table-reading.ts';

const test = base.extend<{ crawled: { boards: typeof runCli; folder: string } }>({
  /** `boards` with a storage that a crawl could have left. */
  crawled: async ({ folder, cli }, use) => {
    await writeStorage(folder);
    await use({ folder, boards: (args, options) => cli(['boards', ...args], options) });
  },
});

test.describe('boardIdOf', () => {
  test('is the same for the Hub’s page of a Space and for its own host', () => {
    const same = [
      'https://huggingface.co/spaces/Hf-Audio/open_asr_leaderboard',
      'https://huggingface.co/spaces/hf-audio/open_asr_leaderboard/',
      'https://hf-audio-open-asr-leaderboard.hf.space',
      'https://hf-audio-open-asr-leaderboard.hf.space/?__theme=dark&__sign=ab.cd',
      'https://hf-audio-open-asr-leaderboard.static.hf.space/',
    ];

    expect(same.map(boardIdOf)).toEqual(same.map(() => 'hf-audio-open-asr-leaderboard'));
  });

  test('of other addresses has host, path, query and fragment', () => {
    expect(
      [
        'https://www.example.org/Boards/2026?task=Code#tab-2',
        'https://leaderboard.mteb.org/benchmark/MTEB(eng,%20v2)',
        'https://tts-agi-tts-arena-v2.hf.space/leaderboard',
        'http://127.0.0.1:8080/',
      ].map(boardIdOf),
    ).toEqual([
      'example-org-boards-2026-task-code-tab-2',
      'leaderboard-mteb-org-benchmark-mteb-eng-v2',
      'tts-agi-tts-arena-v2-leaderboard',
      '127-0-0-1-8080',
    ]);
  });

  test('can name a file, whatever the address, and always the same one', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true, size: 'medium' }),
        (url) => {
          const id = boardIdOf(url);
          expect(id).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/);
          expect(boardIdOf(url)).toBe(id);
        },
      ),
    );
  });
});

test('wantedBoards are those that are named, the page that is given, or all that are followed', () => {
  const none = { board: undefined, url: undefined, id: undefined, renderer: undefined };
  const url = 'https://example.org/board';
  const ids = (boards: readonly { id: string }[]) => boards.map(({ id }) => id);

  expect(ids(wantedBoards({ ...none, board: ['open-llm', 'open-llm'] }))).toEqual(['open-llm']);
  expect(wantedBoards({ ...none, url })).toEqual([{ id: 'example-org-board', url }]);
  const named = { ...none, board: ['open-llm'], url, id: 'mine', renderer: 'html' };
  expect(wantedBoards(named).slice(1)).toEqual([{ id: 'mine', url, renderer: 'html' }]);
  expect(ids(wantedBoards(none))).toContain('open-llm');
});

test('bad input of the board commands is a usage error that says what is wrong', async ({
  cli,
}) => {
  const url = 'http://127.0.0.1:9/';
  const cases: [string[], string][] = [
    [['crawl', 'boards', '--url', 'board.html'], '--url wants an http address'],
    [['crawl', 'boards', '--url', 'file:///etc/passwd'], '--url wants an http address'],
    [['crawl', 'boards', '--url', 'http://user:word@127.0.0.1/'], 'name or password'],
    [['crawl', 'boards', '--url', url, '--id', 'Not An Id'], 'small letters'],
    [['crawl', 'boards', '--url', url, '--id', '../../etc'], 'small letters'],
    [['crawl', 'boards', '--url', url, '--id', 'open-llm'], '--board open-llm'],
    [['crawl', 'boards', '--id', 'mine'], '--id goes with --url'],
    [['crawl', 'boards', '--renderer', 'gradio'], '--renderer goes with --url'],
    [['crawl', 'tags', '--url', url], '--sources'],
    [['boards', 'check', 'no-such-board'], 'no board no-such-board'],
    [['boards', 'new', 'mine'], 'wants --url'],
    [['boards', 'diff', 'open-llm'], 'has read a board open-llm'],
    [['boards', 'show', 'open-llm'], 'has read a board open-llm'],
    [['boards', 'accept', 'open-llm'], 'remembers nothing'],
    [['boards', 'accept', '../x'], 'remembers nothing'],
    [['boards', 'no-such-command'], 'no-such-command'],
  ];
  for (const [args, telling] of cases) {
    const { code, stderr } = await cli(args);
    expect(stderr, args.join(' ')).toContain(telling);
    expect(code, args.join(' ')).toBe(2);
  }
});

test.describe('definitionSource', () => {
  const ROWS: TextRow[] = Array.from({ length: 30 }, (_unused, at) => ({
    '#': `${at + 1}`,
    "Team's model ⬆️": `org/model-${at}`,
    'Average WER ⬇️': `${5 + at}`,
    Accuracy: `${50 + at} %`,
    Open: at % 2 === 0 ? 'yes' : 'no',
    Published: '2026-01-01',
    [`A header that is so long that no line has room for it and what is said of it, ${'x'.repeat(20)}`]: `${at} %`,
    'Licence "of" the \\ weights': at % 3 === 0 ? 'mit' : 'apache-2.0',
  }));
  const reading = shownReading(ROWS);
  const found = inferBoard({ id: 'my-board', url: 'https://example.org/*/x?a=1' }, 'html', reading);
  const boardsFolder = fileURLToPath(new URL('../../../src/boards', import.meta.url));
  const sourceIn = (place: string) =>
    definitionSource({
      board: found,
      rows: ROWS.length,
      readAt: '2026-11-23T10:00:00.000Z',
      boardsFolder: relative(place, boardsFolder),
    });

  test('is a file that compiles, is short, and reads the page it was made of', async ({
    folder,
  }) => {
    const file = join(folder, 'my-board.ts');
    const text = sourceIn(folder);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(file, text);

    expect(text.split('\n').length).toBeLessThan(60);
    const program = ts.createProgram([file], {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: [],
    });
    const source = program.getSourceFile(file);
    expect(ts.getPreEmitDiagnostics(program, source).map(({ messageText }) => messageText)).toEqual(
      [],
    );
    // The file that was just written, which exports one board.
    const { myBoard } = (await import(file)) as { myBoard: BoardDefinition };
    expect(myBoard).toMatchObject({ id: 'my-board', minimumRows: 24, renderer: 'html' });
    expect(reconcile(myBoard, reading)).toMatchObject({ status: 'at_rest', warnings: [] });
    const changed = ROWS.map((row) => withoutColumn(row, 'Open'));
    expect(() => reconcile(myBoard, shownReading(changed))).toThrow(/Open/);
  });

  test('is a file that Prettier takes, with the headers as they are, whatever they hold', async () => {
    const header = fc.oneof(
      fc.string({ minLength: 1, maxLength: 120 }),
      fc.string({ minLength: 1, maxLength: 6 }),
      fc.constantFrom('Average ⬆️', 'CO₂ cost', "Maintainer's", 'a "b"', '模型', '*/', '${x}', '`'),
    );
    const kinds = fc.constantFrom('text', 'number', 'percent', 'boolean', 'date');
    const columns = fc.array(fc.tuple(header, kinds, fc.boolean(), fc.option(fc.boolean())), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(columns, async (given) => {
        const text = definitionSource({
          board: {
            ...found,
            columns: given.map(([it, kind, score, lowerIsBetter], at) => ({
              header: it,
              name: `column_${at}`,
              kind: kind as 'text',
              score,
              ...(kind === 'percent' && { unit: 'percent' }),
              ...(lowerIsBetter !== null && { lowerIsBetter }),
            })),
          },
          rows: 3,
          readAt: '2026-11-23T10:00:00.000Z',
          boardsFolder: '.',
        });
        const formatted = await format(text, {
          parser: 'typescript',
          printWidth: 100,
          singleQuote: true,
        });
        const source = ts.createSourceFile('board.ts', formatted, ts.ScriptTarget.ES2024, true);
        expect(headersIn(source)).toEqual(given.map(([it]) => it));
      }),
      { numRuns: 30 },
    );
  });

  test('names a constant for any id', () => {
    expect(['open-asr', '3d-arena', 'class', 'model', 'a--b', 'x-2'].map(identifierOf)).toEqual([
      'openAsr',
      'board3dArena',
      'classBoard',
      'modelBoard',
      'aB',
      'x2',
    ]);
  });
});

/** A storage that a crawl could have left: two good runs of a board, and one that refused it. */
async function writeStorage(folder: string): Promise<void> {
  (await openStorage(folder, { command: 'crawl' })).close();
  const rows = (count: number, score: number): TextRow[] =>
    Array.from({ length: count }, (_unused, at) => ({ Model: `m${at}`, Score: `${at + score}` }));
  const facts = { ...READ, shownChecked: 12, rows: 12 };
  const save = (run: string, x: BoardFacts): void =>
    saveBoards(folder, { x }, { run, stage: 'done', status: 'done', exitCode: 0 });
  await writeBoards(folder, 'boards-a', [shownSnapshot('x', rows(10, 0))]);
  await writeBoards(folder, 'boards-c', [shownSnapshot('x', rows(12, 1))]);
  save('a', { ...facts, changes: null });
  const evidence = join('runs', 'b', 'evidence', 'x');
  const error = { code: 'BOARD_DRIFT', message: 'Board x is not what it was' };
  save('b', { ...facts, status: 'drifted', rows: 0, evidence, error });
  save('c', facts);
  await mkdir(join(folder, evidence), { recursive: true });
  const refusal = {
    board: 'x',
    url: 'http://127.0.0.1/',
    refusedAt: '2026-11-23T10:00:00.000Z',
    seed: 1,
    ...error,
    diff: [
      { what: 'cell', where: 'row 3, Score', expected: '12.5', found: '1\u001b[31m2.6' },
      { what: 'rows', expected: 'at least 9', found: '4' },
    ],
    missing: [],
  };
  await writeFile(join(folder, evidence, 'diff.json'), JSON.stringify(refusal));
  await writeFile(join(folder, evidence, 'page.html'), '<p>page</p>');
  writeMemory(folder, {
    ...{ ...MEMORY, run: 'c', dataset: 'boards-c', headers: ['Model', 'Score'], rows: 12 },
    ...{ identity: ['model'], before: { run: 'a', dataset: 'boards-a', n: 0 } },
  });
}

const WITHOUT_DISPLAY = { DISPLAY: '', WAYLAND_DISPLAY: '' };

test.describe('boards diff', () => {
  test('says what changed since the capture before, and where it was refused last', async ({
    crawled: { boards },
  }) => {
    const { code, stdout } = await boards(['diff', 'x']);
    const json = await boards(['diff', 'x', '--json']);

    expect(code).toBe(0);
    expect(stdout).toContain(
      'since run a: 10 rows before, 12 now; +2 added, −0 removed, 10 scores revised',
    );
    expect(stdout).toMatch(/added:\n {2}m10\n {2}m11\n/);
    expect(stdout).toMatch(/m3 +score +3 +4/);
    expect(stdout).toContain('--run b');
    expect(JSON.parse(json.stdout)).toMatchObject({
      board: 'x',
      run: 'c',
      refusal: null,
      changes: { since: 'a', added: 2, removed: 0, revised: 10, rows: { before: 10, after: 12 } },
    });
  });

  test('puts what was expected above what was found, without a terminal’s control characters', async ({
    crawled: { boards, folder },
  }) => {
    const { stdout } = await boards(['diff', 'x', '--run', 'b']);

    expect(stdout).toContain(
      'cell at row 3, Score\n  expected  12.5\n  found     1 [31m2.6\nrows\n  expected  at least 9\n  found     4\n',
    );
    expect(stdout).toContain(join(folder, 'runs', 'b', 'evidence', 'x', 'page.html'));
    expect(stdout).not.toContain('\u001b');
  });

  test('does without captures that are gone', async ({ crawled: { boards, folder } }) => {
    await rm(join(folder, 'datasets', 'boards-a'), { recursive: true });

    const { code, stdout } = await boards(['diff', 'x']);

    expect(code).toBe(0);
    expect(stdout).toContain('There is no good capture before it');
  });
});

test('boards show prints the paths where there is no display', async ({
  crawled: { boards, folder },
}) => {
  const args = ['show', 'x', '--run', 'b'];
  const { code, stdout } = await boards(args, { env: WITHOUT_DISPLAY });

  expect(code).toBe(0);
  expect(stdout).toContain('x in run b: drifted');
  expect(stdout).toContain(join(folder, 'runs', 'b', 'evidence', 'x', 'page.html'));
});

test('boards lists pages that nobody described, and accept is kept', async ({
  crawled: { boards },
}) => {
  const list = await boards(['--json']);
  const accepted = await boards(['accept', 'x']);

  // One object, as every command prints it.
  const listed = JSON.parse(list.stdout) as { boards: { id: string }[] };
  expect(listed.boards.find(({ id }) => id === 'x')).toMatchObject({
    state: 'not described',
    rows: 12,
    last: 'c',
  });
  expect(accepted.code).toBe(0);
});

/** The first argument of each call of `score` and `column`. */
function headersIn(node: ts.Node): string[] {
  const below = node.getChildren().flatMap(headersIn);
  if (!ts.isCallExpression(node) || !/^(score|column)$/.test(node.expression.getText()))
    return below;
  const [header] = node.arguments;
  return header && ts.isStringLiteral(header) ? [header.text, ...below] : below;
}
