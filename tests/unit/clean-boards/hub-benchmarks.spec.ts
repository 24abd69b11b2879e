import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { compareResults, type StatedResult } from '../../../src/boards/rows/check-benchmarks.ts';
import { UNRESOLVED, type BoardContext } from '../../../src/boards/rows/rows.ts';
import {
  cleanHubBenchmark,
  type BenchmarkAnswer,
  type BoardResult,
  type HubBenchmarkRows,
} from '../../../src/boards/rows/hub-benchmarks.ts';
import { leaderboardEntries } from '../../../src/tables/leaderboard-entries.ts';
import { leaderboardScores } from '../../../src/tables/leaderboard-scores.ts';
import { rowOf, type BoardRecord } from '../crawl/benchmarks-data.ts';

const context: BoardContext = {
  run: 'r1',
  capturedAt: '2026-11-23T10:00:00.000Z',
  resolve: ({ name, stated: [id] }) => {
    if (name === 'a/old') return { modelId: 'a/new', _id: '2', method: 'alias', confidence: 0.9 };
    if (id === undefined) return UNRESOLVED;
    const isKnown = id === 'a/known';
    const method = isKnown ? 'exact' : 'link';
    return { modelId: id, _id: isKnown ? '1' : null, method, confidence: 1 };
  },
};

const clean = (...answers: [string | null, ...BoardRecord[]][]): HubBenchmarkRows =>
  cleanHubBenchmark(
    'x/bench',
    answers.map(([task, ...records]) => ({ task, records })),
    context,
  );

const ids = ({ entries }: HubBenchmarkRows): string[] => entries.map(({ entry_id }) => entry_id);

test('a row, column by column', () => {
  const record = rowOf(3, 'a/other', { value: '78.4', pullRequest: 12, notes: 'as measured' });
  const rows = clean(['main', record]);
  const file = new URL('fixtures/hub-benchmark-row.json', import.meta.url);
  // Our own file.
  const expected = JSON.parse(readFileSync(file, 'utf8')) as Pick<
    typeof rows,
    'entries' | 'scores'
  >;
  expect(rows.entries).toEqual(expected.entries.map((it) => ({ ...it, raw: record })));
  expect(rows.scores).toEqual(expected.scores);
});

test('a model is found by name, by rename, by the Hub’s own id, or not at all', () => {
  const names = ['a/known', 'a/old', 'a/other', 'no id at all', '../x/y'];
  const { entries } = clean(['t', ...names.map((name, at) => rowOf(at + 1, name))]);
  expect(entries.map((row) => [row.model_id, row.model_match, row.model_url === null])).toEqual([
    ['a/known', 'exact', false],
    ['a/new', 'alias', false],
    ['a/other', 'link', false],
    [null, 'none', true],
    [null, 'none', true],
  ]);
});

test('several results of one model keep rows of their own, with ids that last', () => {
  const file = (name: string, facts: BoardRecord = {}) =>
    rowOf(1, 'a/b', { filename: name, ...facts });
  const rows = clean([
    't',
    file('one.yaml'),
    file('two.yaml', { value: 70 }),
    file('two.yaml', { value: 71, pullRequest: 5 }),
    file('two.yaml', { value: 72, pullRequest: 6 }),
    file('one.yaml'),
    file('one.yaml', { value: 1 }),
    rowOf(2, 'c/d'),
  ]);
  expect(ids(rows)).toEqual([
    'a/b | t | one.yaml',
    'a/b | t | two.yaml',
    'a/b | t | two.yaml | PR 5',
    'a/b | t | two.yaml | PR 6',
    // Two values for one file: both are kept.
    'a/b | t | one.yaml #2',
    'c/d | t',
  ]);
  expect(rows).toMatchObject({ listed: 7, duplicates: 1, rejects: [] });
});

test('a result under two names of one task is one row, whichever comes first', () => {
  const result = rowOf(1, 'a/b');
  for (const tasks of [
    ['ArguAna', 'ArguAna_default_test'],
    ['ArguAna_default_test', 'ArguAna'],
  ]) {
    const rows = clean(...tasks.map((task): [string, BoardRecord] => [task, result]));
    expect(ids(rows)).toEqual(['a/b | ArguAna']);
    expect(rows).toMatchObject({ listed: 2, duplicates: 1 });
    expect(rows.results[0]?.tasks).toEqual(['ArguAna', 'ArguAna_default_test']);
  }
  // Of tasks that are not the same, an equal result is two results.
  expect(ids(clean(['diamond', result], ['main', result]))).toHaveLength(2);
  expect(ids(clean(['math', result], ['math_hard', result]))).toHaveLength(2);
});

test('the default leaderboard is known by its rows, and told apart by its values', () => {
  const board = (shift: number) =>
    [1, 2, 3, 4].map((n) => rowOf(n, `a/${n}`, { value: n + shift }));
  const rows = clean([null, ...board(10)], ['diamond', ...board(0)], ['main', ...board(10)]);
  expect(rows).toMatchObject({ defaultTask: 'main', listed: 12, duplicates: 4 });

  // Read a moment before the task's own: one score changed since, one row went.
  const [first = {}, second = {}, ...rest] = board(10);
  const late = clean([null, { ...first, value: 3 }, second, ...rest], ['main', first, ...rest]);
  expect(ids(late)).toEqual(['a/2 | main', 'a/1 | main', 'a/3 | main', 'a/4 | main']);
  expect(late).toMatchObject({ defaultTask: 'main', listed: 7, duplicates: 3 });

  const foreign = clean([null, ...board(50)], ['main', ...board(10)]);
  expect(foreign.defaultTask).toBeNull();
  // One equal score of four is chance.
  const [one = {}, ...others] = board(10);
  expect(
    clean([null, one, ...board(50).slice(1)], ['main', one, ...others]).defaultTask,
  ).toBeNull();
  expect(foreign.scores.map(({ metric }) => metric)).toEqual([
    ...Array<string>(4).fill('default'),
    ...Array<string>(4).fill('main'),
  ]);
});

test('ranks follow the values, ties share a place, and lower may be better', () => {
  const board = (lower: boolean, values: readonly unknown[], ranks: readonly number[]) =>
    clean([
      't',
      ...values.map((value, at) =>
        rowOf(ranks[at] ?? 0, `a/${at}`, { value, lower_is_better: lower }),
      ),
    ]);
  const computed = ({ entries }: HubBenchmarkRows) => entries.map((it) => it.rank_computed);

  const ties = board(false, [90, 80, 80, 70], [1, 2, 3, 4]);
  expect(computed(ties)).toEqual([1, 2, 2, 4]);
  expect(ties.ranksDiffer).toBe(0);
  const errors = board(true, [5.1, 4.2, 6.3], [2, 1, 3]);
  expect(computed(errors)).toEqual([2, 1, 3]);
  expect(errors.ranksDiffer).toBe(0);
  expect(board(false, [5.1, 4.2, 6.3], [2, 1, 3]).ranksDiffer).toBe(2);
  // A value that is no number has no place, and nobody else has one that is sure.
  expect(computed(board(false, [5, 'n/a', 4], [1, 2, 3]))).toEqual([null, null, null]);
});

test('what is no row is rejected with its reason, and the others stay', () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
  const records = [
    null,
    'text',
    [],
    {},
    { modelId: 7 },
    { modelId: ' ' },
    rowOf(1, 'a/b', { deep }),
  ];
  const rows = cleanHubBenchmark(
    'x/y',
    [{ task: null, records: [...records, rowOf(1, 'a/b')] }],
    context,
  );
  expect(rows.rejects.map(({ position, reason }) => [position, reason])).toEqual([
    [0, 'not_an_object'],
    [1, 'not_an_object'],
    [2, 'not_an_object'],
    [3, 'no_model'],
    [4, 'no_model'],
    [5, 'no_model'],
    [6, 'not_an_object'],
  ]);
  expect(ids(rows)).toEqual(['a/b']);
});

/** Real-shaped records, some of their members replaced by anything; and records that are none. */
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>('\ud800', '__proto__', 1e308, -0, '78.4 %', '', 'n/a', true, 12),
);
const record = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('a/b', 'a/known', 'c', 'a/b | t', '\ud800x'),
    fc.dictionary(
      fc.constantFrom(
        'rank',
        'value',
        'filename',
        'pullRequest',
        'author',
        'source',
        'lower_is_better',
        '__proto__',
        'verified',
        'modelId',
      ),
      junk,
      { maxKeys: 4 },
    ),
  )
  .map(([rank, model, facts]): unknown => rowOf(rank, model, facts));
const answer: fc.Arbitrary<BenchmarkAnswer> = fc.record({
  task: fc.option(fc.constantFrom('t', 't_x', 'u', '\ud800', '')),
  records: fc.array(fc.oneof({ weight: 5, arbitrary: record }, { weight: 1, arbitrary: junk }), {
    maxLength: 6,
  }),
});

test('any answers give sound rows, and none is lost', () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 4 }), (answers) => {
      const before = JSON.stringify(answers);
      const rows = cleanHubBenchmark('x/bench', answers, context);
      expect(rows.listed).toBe(answers.reduce((sum, it) => sum + it.records.length, 0));
      expect(rows.listed).toBe(rows.entries.length + rows.duplicates + rows.rejects.length);
      expect(new Set(ids(rows)).size).toBe(rows.entries.length);
      for (const row of rows.entries) leaderboardEntries.row.parse(row);
      for (const row of rows.scores) leaderboardScores.row.parse(row);
      const keys = rows.scores.map(({ entry_id, metric }) => JSON.stringify([entry_id, metric]));
      expect(new Set(keys).size).toBe(keys.length);
      expect(JSON.stringify(answers)).toBe(before);
    }),
    { seed: 7, numRuns: 100 },
  );
});

test('the order in which the tasks were asked for changes no row', () => {
  const task = fc.uniqueArray(fc.constantFrom('t', 't_x', 'u', 'v'), {
    minLength: 2,
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      task,
      fc.array(record, { maxLength: 5 }),
      fc.array(record, { maxLength: 5 }),
      (tasks, a, b) => {
        const answers = tasks.map((name, at) => ({ task: name, records: at % 2 === 0 ? a : b }));
        const rows = cleanHubBenchmark('x/bench', answers, context);
        const other = cleanHubBenchmark('x/bench', answers.toReversed(), context);
        const known = (it: HubBenchmarkRows) =>
          it.scores
            .map(({ metric, value_text, model_id }) =>
              JSON.stringify([metric, value_text, model_id]),
            )
            .sort();
        expect(known(other)).toEqual(known(rows));
        expect(other.duplicates).toBe(rows.duplicates);
      },
    ),
    { seed: 8, numRuns: 100 },
  );
});

test.describe('compareResults', () => {
  const shown = (facts: Partial<BoardResult> = {}): BoardResult => ({
    benchmark: 'x/bench',
    model: 'a/b',
    tasks: ['t'],
    filename: 'f',
    pullRequest: null,
    value: '50.167',
    ...facts,
  });
  const stated = (facts: Partial<StatedResult> = {}): StatedResult => ({
    id: 'a/b',
    benchmark: 'x/bench',
    task_ids: ['t'],
    filename: 'f',
    pull_request: null,
    value_text: '50.167',
    ...facts,
  });
  const compare = (board: BoardResult[], models: StatedResult[]) =>
    compareResults(
      { benchmarks: ['x/bench', 'no/row'], results: board },
      models,
      (model) => model !== 'un/read',
    );

  test('says nothing of what agrees, by any name of the task', () => {
    const same = [stated(), stated({ id: 'c/d', task_ids: ['t_long', 't'], value_text: '5.0' })];
    const board = [shown(), shown({ model: 'c/d', tasks: ['t_long'], value: '5' })];
    expect(compare(board, same)).toEqual({
      compared: 2,
      differ: 0,
      notOnBoard: 0,
      notStated: 0,
      withoutBoard: 0,
      notShown: new Map([
        ['x/bench', 0],
        ['no/row', 0],
      ]),
      warnings: [],
    });
    // Where the leaderboard's task is unknown, the model's own may be meant.
    expect(compare([shown({ tasks: [] })], [stated()])).toMatchObject({
      compared: 1,
      warnings: [],
    });
  });

  test('counts what disagrees, in words', () => {
    const found = compare(
      [shown({ value: '51' }), shown({ model: 'only/board' }), shown({ model: 'un/read' })],
      [
        stated(),
        stated({ id: 'only/model' }),
        stated({ task_ids: ['other'] }),
        stated({ benchmark: 'no/board' }),
      ],
    );
    expect(found).toMatchObject({
      compared: 1,
      differ: 1,
      notOnBoard: 1,
      notStated: 1,
      withoutBoard: 1,
    });
    expect(found.warnings).toEqual([
      '1 of 1 results have another value on the leaderboard',
      '1 of 3 results of models are not on the leaderboard of their task',
      '1 rows of leaderboards are not among the results of their models',
      '1 of 3 results are for a task whose leaderboard was not had',
    ]);
    // A leaderboard without a row lacks what models state of it.
    const none = compare([], [stated(), stated({ benchmark: 'no/row' })]);
    expect([...none.notShown.values(), none.withoutBoard]).toEqual([1, 1, 2]);
    // A proposal is not the merged result.
    expect(compare([shown({ pullRequest: 3 })], [stated()])).toMatchObject({
      compared: 0,
      notOnBoard: 1,
    });
  });
});
