import { expect, test } from '@playwright/test';
import { tables } from '../../../src/tables/index.ts';
import { checks } from '../../../src/export/checks/index.ts';
import { checkRelease, pastOf, rowsOf, type Row, type Rows } from './release.ts';

/** The same with one table changed. */
const withTable = (rows: Rows, name: string, change: (row: Row, at: number) => Row): Rows => ({
  ...rows,
  [name]: (rows[name] ?? []).map(change),
});

const ALL = tables.map(({ name }) => name);
const SOME = ['raw_model', 'core_model', 'usage', 'base_models', 'tasks', 'tags'];
SOME.push('leaderboard_entries');

/** Tables with as many rows; row N of each is of model N, so that all references are resolved. */
function healthy(count: number, names: readonly string[] = SOME): Rows {
  const rows = Object.fromEntries(names.map((name) => [name, rowsOf(name, count)]));
  if (!names.includes('leaderboard_scores')) return rows;
  return withTable(rows, 'leaderboard_scores', (row) => ({ ...row, unit: 'percent' }));
}

const FEW = 30;

test('a healthy release passes every check, over all tables, with and without a release before', async () => {
  const all = healthy(FEW, ALL);
  const first = await checkRelease({ now: all });
  expect(first.wrong).toEqual([]);
  const second = await checkRelease({ now: all, before: all });
  expect(second.wrong).toEqual([]);
  const names = new Set(second.results.map(({ check }) => check));
  expect(names).toEqual(new Set(checks.map(({ name }) => name)));
  // Two scans a table, of now and of before, and those for references, boards, scores and the newest model.
  expect(second.queries).toBeLessThan(3 * tables.length);
  expect(second.results.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(80);
  // Every table is spoken of by the checks of keys, columns and schema.
  for (const { name, key } of tables) {
    const about = second.results.filter(({ table }) => table === name).map(({ check }) => check);
    expect(about, name).toContain('required');
    expect(about, name).toContain('schema');
    expect(about.includes('unique-key'), name).toBe(key.length > 0);
  }
});

test('a key that two rows have is refused, and named', async () => {
  const now = withTable(healthy(FEW), 'core_model', (row, at) =>
    at === 3 ? { ...row, _id: 'value-3' } : row,
  );
  const { wrong, of } = await checkRelease({ now });
  expect(wrong).toEqual(['unique-key core_model refused']);
  expect(of('unique-key', 'core_model')).toMatchObject({
    found: '1 keys that several rows have',
    sample: [{ _id: 'value-3', n: 2 }],
  });
});

test('a key of several columns counts as one', async () => {
  const again = (row: Row, at: number): Row =>
    at === 1 ? { ...row, board: 'value-1', entry_id: 'value-1' } : row;
  const now = withTable(healthy(FEW), 'leaderboard_entries', again);
  const { of } = await checkRelease({ now });
  expect(of('unique-key', 'leaderboard_entries').sample).toEqual([
    { board: 'value-1', entry_id: 'value-1', snapshot_date: '2026-11-23', n: 2 },
  ]);
  const half = withTable(healthy(FEW), 'leaderboard_entries', (row, at) =>
    at === 1 ? { ...row, entry_id: 'value-1' } : row,
  );
  expect((await checkRelease({ now: half })).wrong).toEqual([]);
});

test('a key that is null is refused, and so is a required column', async () => {
  const now = withTable(healthy(FEW), 'usage', (row, at) =>
    at === 5 ? { ...row, _id: null } : at === 6 ? { ...row, id: null } : row,
  );
  const { of, wrong } = await checkRelease({ now });
  expect(of('unique-key', 'usage')).toMatchObject({
    outcome: 'refused',
    found: '1 rows without _id',
    sample: [{ _id: null, update_time: '2026-11-23T10:00:00.000Z' }],
  });
  expect(of('required', 'usage')).toMatchObject({
    outcome: 'refused',
    found: 'null in id (1 rows), _id (1 rows)',
    sample: [{ _id: 'value-7', id: null }],
  });
  // The row that names no model is told too.
  expect(wrong).toContain('references usage warned');
});

test('a column of the release before that is gone, or of another type, is refused', async () => {
  const now = healthy(FEW);
  const gone = await checkRelease({
    now,
    before: healthy(FEW),
    sql: ['ALTER TABLE "before"."core_model" ADD COLUMN "old" VARCHAR'],
  });
  expect(gone.wrong).toEqual(['schema core_model refused']);
  expect(gone.of('schema', 'core_model').found).toBe('old is missing');
  const retyped = await checkRelease({
    now,
    before: healthy(FEW),
    sql: ['ALTER TABLE "before"."usage" ALTER "likes" TYPE VARCHAR'],
  });
  expect(retyped.of('schema', 'usage')).toMatchObject({
    outcome: 'refused',
    found: 'likes is INTEGER, was STRING',
  });
});

test('a column that is new, or wider than before, is no loss', async () => {
  const { wrong } = await checkRelease({
    now: healthy(FEW),
    before: healthy(FEW),
    sql: [
      'ALTER TABLE "before"."core_model" DROP COLUMN "library_name"',
      'ALTER TABLE "before"."usage" ALTER "trending_score" TYPE BIGINT',
    ],
  });
  expect(wrong).toEqual([]);
});

test('tables of whole models are never empty; others are told', async () => {
  const now = { ...healthy(FEW), raw_model: [], tasks: [], missed: [] };
  const { of, wrong } = await checkRelease({ now });
  expect(of('empty', 'raw_model')).toMatchObject({ outcome: 'refused', found: 'no row' });
  expect(of('empty', 'tasks').outcome).toBe('warned');
  expect(wrong.some((it) => it.includes('missed'))).toBe(false);
  // Rows that find no model at all are absurd.
  expect(of('references', 'usage')).toMatchObject({
    outcome: 'refused',
    found: '_id: 0 of 30 rows name a row of raw_model',
  });
  expect(of('references', 'usage').sample?.length).toBe(5);
});

test('fewer rows than 90 % of the release before are refused; the share can be set', async () => {
  const now = healthy(89);
  const before = healthy(100);
  const { of, wrong } = await checkRelease({ now, before });
  expect(of('row-drop', 'raw_model')).toMatchObject({
    outcome: 'refused',
    found: '89 rows, 89.0 % of the 100 of the release before',
    expected: 'at least 90.0 % (--min-rows)',
  });
  expect(of('row-drop', 'tasks').outcome).toBe('refused');
  expect(of('row-drop', 'tags').outcome).toBe('warned');
  expect(wrong.every((it) => it.startsWith('row-drop'))).toBe(true);
  expect((await checkRelease({ now: healthy(90), before })).wrong).toEqual([]);
  for (const minRows of [0.5, 0]) {
    expect((await checkRelease({ now, before, options: { minRows } })).wrong).toEqual([]);
  }
});

test('small derived tables may swing', async () => {
  const before = { ...healthy(200), eval_results: rowsOf('eval_results', 50) };
  const now = { ...healthy(200), eval_results: rowsOf('eval_results', 20) };
  expect((await checkRelease({ now, before })).wrong).toEqual(['row-drop eval_results warned']);
});

test('a slow shrinking is seen against the mean of the last releases', async () => {
  const counts = [1000, 120, 115, 110, 105, 101];
  const releases = counts.map((count, at) => pastOf(`r${at}`, { usage: rowsOf('usage', count) }));
  const now = { raw_model: rowsOf('raw_model', 95), usage: rowsOf('usage', 95) };
  const { of, wrong } = await checkRelease({ now, releases });
  // 95 of 101 is no drop, and the mean is of the last five, without the 1000.
  expect(wrong).toEqual(['row-mean usage warned']);
  expect(of('row-mean', 'usage').found).toBe('95 rows, 86.2 % of the mean of the last 5 releases');
  expect(of('row-mean', 'raw_model').outcome).toBe('skipped');
});

test('a sudden growth is told', async () => {
  const releases = [10, 10].map((n, at) => pastOf(`r${at}`, { usage: rowsOf('usage', n) }));
  const { wrong } = await checkRelease({ now: { usage: rowsOf('usage', 16) }, releases });
  expect(wrong).toEqual(['row-mean usage warned']);
});

const onBoard =
  (board: string, day: string) =>
  (row: Row): Row => ({
    ...row,
    board,
    snapshot_date: day,
    captured_at: `${day}T10:00:00.000Z`,
  });

test('a board is compared with its own day before; boards that did not run are left out', async () => {
  const entries = (count: number, board: string, day: string) =>
    rowsOf('leaderboard_entries', count, onBoard(board, day));
  const before = {
    leaderboard_entries: [
      ...entries(500, 'a', '2026-11-01'),
      ...entries(100, 'a', '2026-11-02'),
      ...entries(50, 'b', '2026-11-01'),
      ...entries(50, 'c', '2026-11-02'),
    ],
  };
  const now = {
    leaderboard_entries: [...entries(92, 'a', '2026-11-23'), ...entries(20, 'b', '2026-11-23')],
  };
  const { of, wrong } = await checkRelease({ now, before });
  expect(wrong).toEqual(['board-rows leaderboard_entries warned']);
  expect(of('board-rows', 'leaderboard_entries').found).toBe('fewer rows: b 20 of 50');
});

test('a column that was filled and is empty now is refused; one that is less filled is told', async () => {
  const before = healthy(FEW);
  const gone = withTable(before, 'core_model', (row) => ({ ...row, library_name: null, tags: [] }));
  const refused = await checkRelease({ now: gone, before });
  expect(refused.wrong).toEqual(['coverage core_model refused']);
  expect(refused.of('coverage', 'core_model')).toMatchObject({
    found: 'less filled: tags 0.0 %, was 100.0 %; library_name 0.0 %, was 100.0 %',
  });
  expect(refused.of('coverage', 'core_model').sample?.[0]).toMatchObject({ _id: 'value-1' });
  const less = withTable(before, 'core_model', (row, at) =>
    at < 7 ? { ...row, library_name: null } : row,
  );
  expect((await checkRelease({ now: less, before })).wrong).toEqual(['coverage core_model warned']);
  const little = withTable(before, 'core_model', (row, at) =>
    at < 6 ? { ...row, library_name: null } : row,
  );
  expect((await checkRelease({ now: little, before })).wrong).toEqual([]);
});

test('of a history, the last day before is what coverage is compared with', async () => {
  const day = (time: string, all: number | null) => (row: Row, at: number) => ({
    ...row,
    _id: `${time} ${at}`,
    update_time: `${time}T10:00:00.000Z`,
    downloads_all_time: all,
  });
  const before = {
    usage: [
      ...rowsOf('usage', 200, day('2026-11-01', null)),
      ...rowsOf('usage', FEW, day('2026-11-02', 5)),
    ],
  };
  const now = { usage: rowsOf('usage', FEW, day('2026-11-23', null)) };
  const { wrong } = await checkRelease({ now, before, releases: [] });
  expect(wrong).toEqual(['coverage usage refused']);
});

test('references that found their models before, and find none now, are refused', async () => {
  const before = healthy(FEW);
  const now = withTable(before, 'base_models', (row) => ({ ...row, base_model: 'unknown/model' }));
  const refused = await checkRelease({ now, before });
  expect(refused.wrong).toEqual(['references base_models refused']);
  expect(refused.of('references', 'base_models')).toMatchObject({
    found: 'base_model: 0 of 30 rows name a row of raw_model',
    expected: 'about 100.0 %',
    sample: [{ base_model: 'unknown/model' }],
  });
  const some = withTable(before, 'base_models', (row, at) =>
    at < 10 ? { ...row, base_model: 'unknown/model' } : row,
  );
  expect((await checkRelease({ now: some, before })).wrong).toEqual([
    'references base_models warned',
  ]);
});

test('a sample that is asked for is not refused for what only the whole has', async () => {
  const before = healthy(500);
  const emptied = withTable(healthy(100), 'core_model', (row) => ({ ...row, library_name: null }));
  const now = withTable(emptied, 'base_models', (row) => ({ ...row, base_model: 'not/sampled' }));
  const sample = await checkRelease({ now, before, options: { minRows: 0 } });
  expect(sample.wrong).toEqual(['coverage core_model warned', 'references base_models warned']);
  // A smaller share alone is no word for a sample.
  const refused = await checkRelease({ now, before, options: { minRows: 0.1 } });
  expect(refused.wrong).toEqual(['coverage core_model refused', 'references base_models refused']);
  // Rows that are made from the models find them in any sample.
  const lost = withTable(healthy(100), 'usage', (row) => ({
    ...row,
    _id: `x${String(row['_id'])}`,
  }));
  const broken = await checkRelease({ now: lost, before, options: { minRows: 0 } });
  expect(broken.wrong).toEqual(['references usage refused']);
});

test('a handful of rows says nothing about columns and references', async () => {
  const before = healthy(FEW);
  const few = (count: number) => ({
    ...before,
    base_models: rowsOf('base_models', count, (row) => ({
      ...row,
      base_model: 'unknown/model',
      relation: null,
    })),
  });
  const nine = await checkRelease({ now: few(9), before });
  expect(nine.of('references', 'base_models').outcome).toBe('warned');
  expect(nine.of('coverage', 'base_models').outcome).toBe('skipped');
  expect(
    (await checkRelease({ now: few(10), before })).of('references', 'base_models').outcome,
  ).toBe('refused');
  expect((await checkRelease({ now: few(19), before })).of('coverage', 'base_models').outcome).toBe(
    'skipped',
  );
  expect((await checkRelease({ now: few(20), before })).of('coverage', 'base_models').outcome).toBe(
    'refused',
  );
});

test('boards are resolved to the models before, when the run brought none', async () => {
  const before = healthy(FEW);
  const now = { leaderboard_entries: before['leaderboard_entries'] ?? [] };
  const { of, wrong } = await checkRelease({ now, before });
  expect(wrong).toEqual([]);
  expect(of('references', 'leaderboard_entries').found).toContain('30 of 30');
});

test('figures that cannot be are refused when most are so, and told when a few are', async () => {
  const bad = (count: number) =>
    withTable(healthy(FEW), 'usage', (row, at) =>
      at < count ? { ...row, downloads: -1 - at } : row,
    );
  const few = await checkRelease({ now: bad(15) });
  expect(few.wrong).toEqual(['value-range usage warned']);
  const most = await checkRelease({ now: bad(16) });
  expect(most.of('value-range', 'usage')).toMatchObject({
    outcome: 'refused',
    found: 'downloads: 16 of 30 values outside',
  });
  expect(most.of('value-range', 'usage').sample?.[0]).toMatchObject({
    _id: 'value-1',
    downloads: -1,
  });
});

test('scores that are no percent, or no ratio, are refused by metric', async () => {
  const scores = (unit: string | null, metric: string, values: readonly number[]) =>
    values.map((value, at) => ({
      ...rowsOf('leaderboard_scores', 1)[0],
      entry_id: `e${at}`,
      board: 'b',
      metric,
      unit,
      value,
    }));
  const good = [
    ...scores('percent', 'a', [0, 100, 50]),
    ...scores('ratio', 'b', [0, 1, 0.5]),
    ...scores('elo', 'c', [-5, 1300, 0]),
    ...scores(null, 'd', [-5, 1300, 0]),
  ];
  expect((await checkRelease({ now: { leaderboard_scores: good } })).wrong).toEqual([]);
  const few = [...good, ...scores('percent', 'wer', [12, 101, 30])];
  const warned = await checkRelease({ now: { leaderboard_scores: few } });
  expect(warned.of('score-range', 'leaderboard_scores')).toMatchObject({
    outcome: 'warned',
    found: 'b wer: 1 of 3 are no percent',
  });
  const most = [...few, ...scores('ratio', 'acc', [12, 56, 0.5])];
  const refused = await checkRelease({ now: { leaderboard_scores: most } });
  expect(refused.of('score-range', 'leaderboard_scores')).toMatchObject({
    outcome: 'refused',
    found: 'b acc: 2 of 3 are no ratio',
  });
  expect(refused.of('score-range', 'leaderboard_scores').sample).toHaveLength(3);
});

test('an old crawl, and models that stand still, are told', async () => {
  const now = healthy(FEW);
  const old = await checkRelease({ now, time: '2026-11-30T12:00:00.000Z' });
  expect(old.wrong).toEqual(['freshness runs warned']);
  expect(old.of('freshness', 'runs').found).toContain('7.0 days ago');
  const still = withTable(now, 'core_model', (row) => ({
    ...row,
    lastModified: '2026-11-20T09:00:00.000Z',
  }));
  expect((await checkRelease({ now: still })).wrong).toEqual(['freshness core_model warned']);
});
