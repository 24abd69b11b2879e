import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import type { ShownRow } from '../../../src/boards/snapshot.ts';
import { UNRESOLVED, type BoardContext, type BoardRows } from '../../../src/boards/rows/rows.ts';
import { cleanBoard } from '../../../src/boards/rows/clean-board.ts';
import { leaderboardEntries } from '../../../src/tables/leaderboard-entries.ts';
import { leaderboardScores } from '../../../src/tables/leaderboard-scores.ts';
import { leaderboard } from '../../../src/tables/leaderboard.ts';
import { realBoardRows, snapshotOf } from '../export/captured.ts';

const context: BoardContext = {
  run: 'r1',
  capturedAt: '2026-11-23T10:00:00.000Z',
  resolve: ({ linked: [id] }) =>
    id === undefined ? UNRESOLVED : { modelId: id, _id: null, method: 'link', confidence: 1 },
};

// Each of them is an object.
const realRows = () => realBoardRows() as Promise<Record<string, unknown>[]>;

/** Every row satisfies its table, and no count is lost. */
function expectSound(rows: BoardRows): void {
  expect(rows.listed).toBe(rows.entries.length + rows.duplicates + rows.rejects.length);
  for (const row of rows.leaderboard) leaderboard.row.parse(row);
  for (const row of rows.entries) leaderboardEntries.row.parse(row);
  for (const row of rows.scores) leaderboardScores.row.parse(row);
}

test('all real rows become rows, with the meaning of the React page', async () => {
  const loaded = await realRows();
  const rows = cleanBoard(snapshotOf(loaded), context, openLlm);
  expectSound(rows);
  expect(rows).toMatchObject({ listed: 4576, duplicates: 0, rejects: [] });
  expect(rows.leaderboard).toHaveLength(4576);
  expect(rows.scores).toHaveLength(4576 * 14);
  const count = (is: (row: BoardRows['leaderboard'][number]) => boolean) =>
    rows.leaderboard.filter(is).length;
  // The numbers of merged, flagged, MoE and available rows that the board's maintainers publish.
  expect(count((row) => row.not_merged === false)).toBe(715);
  expect(count((row) => row.flagged === true)).toBe(1);
  expect(count((row) => row.mixture_of_experts === true)).toBe(76);
  expect(count((row) => row.available_on_hub === true)).toBe(2893);
  // Three have -1 and seven have 0, large models among them: both mean unknown.
  expect(count((row) => row.params === null)).toBe(10);
  expect(count((row) => row.submission_date === null)).toBe(12);
  expect(count((row) => row.sha === null)).toBe(16);
  expect(count((row) => row.architecture === null)).toBe(55);
  expect(count((row) => row.type_indicator === null)).toBe(0);
  // The page links every name, that of gpt2 without an owner too.
  expect(count((row) => row.model_website === null)).toBe(0);
});

test('a row, column by column', async () => {
  const [first] = await realRows();
  const { leaderboard: wide, entries } = cleanBoard(snapshotOf([first]), context, openLlm);
  const file = new URL('fixtures/open-llm-row.json', import.meta.url);
  expect(wide).toEqual([JSON.parse(readFileSync(file, 'utf8'))]);
  expect(entries[0]?.raw).toEqual(first);
});

const row = (id: string, score: number) => ({
  id,
  model: { name: `a/${id}` },
  evaluations: Object.fromEntries(
    ['ifeval', 'bbh', 'math', 'gpqa', 'musr', 'mmlu_pro'].map((key) => [
      key,
      { normalized_score: score, value: score / 100 },
    ]),
  ),
});

test('ranks follow the average over all rows, ties in the payload’s order', () => {
  const loaded = [
    row('low', 1),
    row('tie-a', 5),
    row('tie-b', 5),
    row('top', 9),
    { id: 'none', model: { name: 'a/none' } },
  ];
  const { entries } = cleanBoard(snapshotOf(loaded), context, openLlm);
  expect(entries.map(({ entry_id, rank_computed }) => [entry_id, rank_computed])).toEqual([
    ['low', 4],
    ['tie-a', 2],
    ['tie-b', 3],
    ['top', 1],
    ['none', 5],
  ]);
});

test('a row that was read from the page says so, with its rank and texts as shown', () => {
  const shown: ShownRow[] = [
    { identity: 'x', index: 0, cells: { Rank: '7', IFEval: '5.00 %', 'CO₂ Cost': '0 kg' } },
  ];
  const rows = cleanBoard(
    snapshotOf([row('x', 5), row('y', 6)], { shown, shownChecked: 1 }),
    context,
    openLlm,
  );
  expect(rows.entries.map((it) => [it.rank_stated, it.row_checked, it.shown_checked])).toEqual([
    [7, true, 1],
    [null, false, 1],
  ]);
  const texts = rows.scores
    .filter(({ metric }) => metric === 'ifeval')
    .map((it) => [it.value, it.value_text]);
  expect(texts).toEqual([
    [5, '5.00 %'],
    [6, '6'],
  ]);
});

/** Real rows with parts replaced, removed or doubled, and rows that are none. */
test('any payload gives sound rows', async () => {
  const real = (await realRows()).slice(0, 50);
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(
      -1,
      0,
      1e308,
      '',
      '?',
      'Yes',
      '\ud800',
      '2024-02-31',
      '2024-08-05',
      null,
      true,
      [[]],
    ),
  );
  const mutated = fc
    .tuple(
      fc.nat({ max: 49 }),
      fc.constantFrom('id', 'model', 'evaluations', 'features', 'metadata'),
      fc.nat(),
      junk,
    )
    .map(([index, group, key, value]) => {
      const copy = structuredClone(real[index] ?? {});
      const part = copy[group];
      if (typeof part !== 'object' || part === null) return { ...copy, [group]: value };
      const keys = Object.keys(part);
      Reflect.set(part, keys[key % keys.length] ?? 'x', value);
      return copy;
    });
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: junk }), {
        maxLength: 8,
      }),
      (loaded) => {
        expectSound(cleanBoard(snapshotOf(loaded), context, openLlm));
      },
    ),
    { seed: 5, numRuns: 150 },
  );
});
