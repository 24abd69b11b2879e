import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BoardDefinition } from '../../src/boards/definition.ts';
import type { BoardCrawlInput } from '../../src/crawlers/board-crawl.ts';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import { queryDuckdb } from '../../src/export/duckdb.ts';
import type { RunReport } from '../../src/pipeline/report.ts';
import type { BoardFacts, RunState } from '../../src/pipeline/state.ts';
import { boardOfDay, withoutColumn, type TextRow } from '../helpers/board-days.ts';
import type { CliResult } from '../helpers/cli.ts';
import { expect, test as base } from '../helpers/fixtures.ts';
import { dependenciesOf } from './board-harness.ts';
import { startTablePage, type ShellState, type TablePage } from './table-page.ts';

let october: TextRow[];
let december: TextRow[];
type Run = (...args: string[]) => Promise<CliResult>;
type CrawlDay = (...args: string[]) => Promise<CliResult & { report: RunReport; day?: BoardFacts }>;

const test = base.extend<{ board: TablePage; ask: Run; crawlDay: CrawlDay }>({
  /** A page with a table, whose rows a test changes. */
  board: async ({ keep }, use) => {
    await use(await keep(startTablePage(october)));
  },
  ask: async ({ cli }, use) => {
    await use((...args) => cli([...args, '--log-level', 'error']));
  },
  /** Crawls the page under the id `day`, and gives what the run says of it. */
  crawlDay: async ({ ask, board }, use) => {
    await use(async (...args) => {
      const named = ['--url', board.url, '--id', 'day', '--json'];
      const result = await ask('crawl', 'boards', ...named, ...args);
      // One object, as `--json` promises.
      const report = JSON.parse(result.stdout) as RunReport;
      const day = report.sources.boards?.['day'];
      return { ...result, report, ...(day && { day }) };
    });
  },
});

test.beforeAll(async () => {
  october = await boardOfDay('2024-10-09');
  december = await boardOfDay('2024-12-10');
});
test.describe('crawl boards --url', () => {
  test('captures a page that nobody described, and says what it found', async ({
    board,
    ask,
    crawlDay,
    keep,
  }) => {
    const screen = await ask('crawl', 'boards', '--url', board.url, '--verify', 'all');
    const { code, day } = await crawlDay();

    expect(screen.code, screen.stderr).toBe(0);
    expect(screen.stdout).toContain('at_rest, 53 rows, every row that the page shows');
    expect(screen.stdout).toMatch(/MATH Lvl 5 +math_lvl_5 +number/);
    expect(code).toBe(0);
    expect(day).toMatchObject({
      status: 'at_rest',
      rows: 53,
      renderer: 'html',
      url: board.url,
      changes: null,
      found: { model: 'Model', identity: ['Model'], repeats: false },
    });
    expect(day?.found?.columns.map(({ header }) => header)).toEqual(Object.keys(october[0] ?? {}));
    const scores = day?.found?.columns.filter(({ score }) => score).map(({ header }) => header);
    const tasks = ['IFEval', 'BBH', 'MATH Lvl 5', 'GPQA', 'MUSR', 'MMLU-PRO'];
    expect(scores).toEqual(['Average ⬆️', ...tasks]);

    // Another page under the same id is a mistake.
    const other = await keep(startTablePage(october));
    const mistaken = await ask('crawl', 'boards', '--url', other.url, '--id', 'day');

    expect(mistaken.code).toBe(2);
    expect(mistaken.stderr).toContain('day is the id of');
    expect(other.requests).toEqual([]);
  });

  test('tells of the next one what changed, also when a kill interrupts it', async ({
    folder,
    board,
    ask,
    crawlDay,
  }) => {
    await crawlDay();
    board.rows = december;
    const { code, day, report } = await crawlDay();
    const diff = await ask('boards', 'diff', 'day');

    expect(code).toBe(0);
    // Scores by another program's count.
    expect(day?.changes).toMatchObject({ added: 15, removed: 3 });
    expect(day?.changes?.revised).toBeGreaterThanOrEqual(97);
    expect(diff.stdout).toContain('53 rows before, 65 now; +15 added, −3 removed');

    // As a kill leaves it: the capture and the memory are written, the run does not know it yet.
    const file = join(folder, 'runs', `${report.run}.json`);
    const state = JSON.parse(await readFile(file, 'utf8')) as RunState;
    const killed = { ...state, stage: 'crawl', status: 'running', sources: {} };
    await writeFile(file, JSON.stringify(killed));
    const resumed = await crawlDay();

    expect(resumed.report.run).toBe(report.run);
    expect(resumed.day?.changes).toEqual(day?.changes);
  });

  test('goes to the tables with `run`, which keep its old rows when it is refused', async ({
    folder,
    board,
    ask,
  }) => {
    const args = ['run', '--sources', 'boards', '--url', board.url, '--id', 'day', '--json'];
    const good = await ask(...args);
    board.rows = october.slice(0, 10);
    const drifted = await ask(...args);
    const [rows] = await queryDuckdb(
      join(folder, 'warehouse', 'hub.duckdb'),
      `SELECT count(*) AS n, count(DISTINCT entry_id) AS ids, count(DISTINCT run) AS runs FROM huggingface.leaderboard_entries WHERE board = 'day'`,
    );

    expect([good.code, drifted.code], good.stderr).toEqual([0, 4]);
    expect(rows).toEqual({ n: 53, ids: 53, runs: 1 });
  });
});

test.describe('a board beside its last good capture', () => {
  // Of each other change: tests/unit/boards/memory.spec.ts.
  const CHANGES: [string, (rows: TextRow[]) => TextRow[], string][] = [
    [
      'a column gone',
      (rows) => rows.map((row) => withoutColumn(row, 'BBH')),
      'column (BBH): expected "BBH, as in run',
    ],
    [
      'another unit',
      (rows) => rows.map((row) => ({ ...row, IFEval: `${Number(row['IFEval']) / 100}` })),
      'values (IFEval): expected',
    ],
  ];
  test('is refused for what changed; nothing of it is taken, and the evidence is there', async ({
    folder,
    board,
    ask,
    crawlDay,
  }) => {
    await crawlDay();
    const memory = await readFile(join(folder, 'boards', 'day.json'), 'utf8');
    for (const [what, change, telling] of CHANGES) {
      board.rows = change(october);
      const { code, report, day } = await crawlDay();
      const diff = await ask('boards', 'diff', 'day');

      expect(code, what).toBe(4);
      expect(day).toMatchObject({ status: 'drifted', rows: 0, error: { code: 'BOARD_DRIFT' } });
      expect(day?.error?.message).toContain(telling);
      expect(await readFile(join(folder, 'boards', 'day.json'), 'utf8')).toBe(memory);
      const evidence = join(folder, 'runs', report.run, 'evidence', 'day');
      for (const file of ['diff.json', 'page.html', 'screenshot.png', 'trace.zip']) {
        expect(existsSync(join(evidence, file)), file).toBe(true);
      }
      expect(diff.stdout).toMatch(/ {2}expected {2}.*\n {2}found {5}/);
    }
    const check = ['boards', 'check', '--url', board.url, '--id', 'day', '--json'];
    const { code, stdout } = await ask(...check);

    expect(code).toBe(4);
    // Our own report.
    const { boards } = JSON.parse(stdout) as { boards: { day: { evidence: string } } };
    expect(existsSync(join(boards.day.evidence, 'diff.json'))).toBe(true);
    await rm(join(boards.day.evidence, '..'), { recursive: true });
    expect(await readFile(join(folder, 'boards', 'day.json'), 'utf8')).toBe(memory);
  });

  test('is taken with a new column, and as it is once its change was accepted', async ({
    board,
    crawlDay,
  }) => {
    await crawlDay();
    board.rows = october.map((row, at) => ({ ...row, Arena: `${1000 + at}` }));
    const { code, day } = await crawlDay();

    expect(code).toBe(0);
    expect(day?.warnings).toEqual([
      expect.stringMatching(/^The page has new columns since .*"Arena"$/),
    ]);
    expect(day?.found?.columns.map(({ header }) => header)).toContain('Arena');

    board.rows = october.slice(0, 20);
    const refused = await crawlDay();
    const accepted = await crawlDay('--accept', 'day');
    board.rows = october.slice(0, 19);
    const after = await crawlDay();

    expect([refused.code, accepted.code, after.code]).toEqual([4, 0, 0]);
    expect(accepted.day).toMatchObject({ rows: 20, changes: { added: 0, removed: 33 } });
    expect(after.day).toMatchObject({ rows: 19, changes: { removed: 1 } });
  });
});

test('boards check verifies and stores nothing', async ({ folder, board, ask }) => {
  const check = ['boards', 'check', '--url', board.url, '--id', 'day', '--json'];
  const { code, stdout } = await ask(...check);

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 0,
    boards: { day: { status: 'at_rest', rows: 53 } },
  });
  expect(existsSync(join(folder, 'datasets'))).toBe(false);
  expect(existsSync(join(folder, 'boards'))).toBe(false);
});

test('boards new writes a definition once, never over a file, that a crawl can use', async ({
  folder,
  board,
  ask,
}) => {
  const file = join(folder, 'day.ts');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const made = await ask('boards', 'new', 'day', '--url', board.url, '--out', file);
  const text = await readFile(file, 'utf8');
  const again = await ask('boards', 'new', 'day', '--url', board.url, '--out', file);

  expect(made.code, made.stderr).toBe(0);
  expect(text).toContain('score("MATH Lvl 5", "math_lvl_5"),');
  expect(text.split('\n').length).toBeLessThan(60);
  expect(made.stdout).toContain("import { day } from './day.ts'");
  expect(again.code).toBe(2);
  expect(await readFile(file, 'utf8')).toBe(text);
  // The file that was just written, which exports one board.
  const { day } = (await import(file)) as { day: BoardDefinition };
  const [found] = await crawlHere(folder, [day]);
  expect(found).toMatchObject({ status: 'at_rest', rows: 53, warnings: [] });
  board.rows = october.map((row) => withoutColumn(row, 'GPQA'));
  expect(await crawlHere(folder, [day])).toMatchObject([{ status: 'drifted', rows: 0 }]);
});

/** Reads boards in this process, and stores nothing. */
async function crawlHere(folder: string, boards: BoardCrawlInput['boards']) {
  const dependencies = await dependenciesOf(() => Promise.resolve());
  return crawlBoards(dependencies, { boards, evidenceFolder: join(folder, 'evidence') });
}

test.describe('a Space', () => {
  test('that sleeps ends with 75, and its own sentence', async ({ board, ask }) => {
    board.state = 'SLEEPING';
    const { code, stderr } = await ask(
      ...['crawl', 'boards', '--url', board.spaceUrl, '--id', 'space', '--board-timeout', '3'],
    );

    expect(stderr).toMatch(
      /sleeps, and did not wake in time \[BOARD_ASLEEP\]\n {2}The visit wakes it/,
    );
    expect(code).toBe(75);
  });

  test('that cannot be had is refused with its own sentence', async ({ folder, keep }) => {
    const states: [ShellState, RegExp][] = [
      ['PAUSED', /is paused by its owner$/],
      ['RUNTIME_ERROR', /has failed: its own page says so$/],
      ['MISSING', /answered 404|does not exist, or is private/],
    ];
    const boards = states.map(async ([id]) => {
      const page = await keep(startTablePage(october));
      page.state = id;
      return { id, url: page.spaceUrl };
    });
    const outcomes = await crawlHere(folder, await Promise.all(boards));

    for (const [at, [state, telling]] of states.entries()) {
      expect(outcomes[at]?.error?.code, state).toBe('BOARD_UNREACHABLE');
      expect(outcomes[at]?.error?.message).toMatch(telling);
    }
  });

  test('that runs is read inside the Hub’s page', async ({ board, ask }) => {
    const { code, stdout } = await ask('boards', 'check', '--url', board.spaceUrl);

    expect(code).toBe(0);
    expect(stdout).toContain('53');
  });

  test('that sleeps does not hide a board that failed', async ({ board, ask }) => {
    board.state = 'SLEEPING';
    const space = ['--url', board.spaceUrl, '--id', 'space', '--board-timeout', '3'];
    const known = ['open-llm', '--board-url', `open-llm=${board.url}`];
    const { code, stdout } = await ask('boards', 'check', ...known, ...space, '--json');

    // 75 would say that nothing has to be done.
    expect(code).toBe(3);
    // Our own report.
    const { boards } = JSON.parse(stdout) as { boards: Record<string, { status: string }> };
    expect(Object.keys(boards)).toEqual(['open-llm', 'space']);
  });
});
