import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import { UNRESOLVED, type BoardContext } from '../../../src/boards/rows/rows.ts';
import type { BoardFacts } from '../../../src/boards/rows/facts.ts';
import { cleanBoard } from '../../../src/boards/rows/clean-board.ts';
import { columnValue, identityOf } from '../../../src/boards/table.ts';
import { booleanOf, dateOf, numberOf } from '../../../src/boards/values.ts';
import { leaderboardEntries } from '../../../src/tables/leaderboard-entries.ts';
import { leaderboardScores } from '../../../src/tables/leaderboard-scores.ts';
import { snapshotOf } from '../export/captured.ts';

const context: BoardContext = {
  run: 'r1',
  capturedAt: '2026-11-23T10:00:00.000Z',
  resolve: ({ name }) =>
    name === 'a/known' ? { modelId: name, _id: '1', method: 'exact', confidence: 1 } : UNRESOLVED,
};

const facts: BoardFacts = {
  identity: (row) => (row as { key: string }).key,
  columns: [
    {
      header: 'Model',
      name: 'model',
      kind: 'model',
      value: (row) => (row as { name: string }).name,
    },
    {
      header: 'Average WER ⬇️',
      aliases: ['Avg WER'],
      name: 'wer',
      kind: 'number',
      score: true,
      unit: 'percent',
      lowerIsBetter: true,
      value: (row) => (row as { wer: { mean: number } }).wer.mean,
    },
    {
      header: 'Votes',
      name: 'votes',
      kind: 'number',
      score: true,
      value: (row) => columnValue(row, { header: 'Votes', kind: 'number' }),
    },
  ],
};

/** The same of rows that are tables' own. */
const ofTable: BoardFacts = {
  identity: (row) => identityOf(row, [{ header: 'Model' }]),
  columns: facts.columns.map((it) => ({ ...it, value: (row) => columnValue(row, it) })),
};

const snapshot = (part: Partial<BoardSnapshot>): BoardSnapshot =>
  snapshotOf(null, { board: 'asr', renderer: 'gradio', ...part });

test('rows that are only shown are read by their headers, aliases included', () => {
  const shown = [
    {
      identity: 'k1',
      index: 0,
      cells: { Rank: '#1', Model: 'a/known', 'Avg WER': '5.4 %', Votes: '1,504' },
    },
    {
      identity: 'k2',
      index: 1,
      cells: { Rank: '2', Model: 'Baseline', 'Avg WER': 'n/a', Votes: '' },
    },
    { identity: 'k2', index: 2, cells: { Model: 'Baseline' } },
    { identity: 'k3', index: 3, cells: { Model: ' ' } },
  ];
  const rows = cleanBoard(snapshot({ shown, shownChecked: 4 }), context, ofTable);
  expect(rows).toMatchObject({ listed: 4, duplicates: 1, leaderboard: [] });
  expect(rows.rejects).toMatchObject([{ position: 3, reason: 'no_model' }]);
  expect(
    rows.entries.map((it) => [it.rank_stated, it.rank_computed, it.model_id, it.model_match]),
  ).toEqual([
    [1, 1, 'a/known', 'exact'],
    [2, 2, null, 'none'],
  ]);
  const scores = rows.scores.map((it) => [
    it.entry_id,
    it.metric,
    it.header,
    it.value,
    it.value_text,
  ]);
  expect(scores).toEqual([
    ['a/known', 'wer', 'Avg WER', 5.4, '5.4 %'],
    ['a/known', 'votes', 'Votes', 1504, '1,504'],
    ['Baseline', 'wer', 'Avg WER', null, 'n/a'],
  ]);
  expect(rows.scores[0]).toMatchObject({ unit: 'percent', lower_is_better: true });
  expect(rows.scores[1]).toMatchObject({ unit: null, lower_is_better: null });
});

test('an address of a model below its page, of the short host or as the name itself is a link', () => {
  const of = (text: string, link?: string) => ({ Model: { text, ...(link && { link }) } });
  const loaded = [
    of('A', 'https://huggingface.co/o/a/tree/main'),
    of('B', 'http://hf.co/o/b?library=x'),
    of('https://huggingface.co/o/c'),
    of('D', 'https://huggingface.co/datasets/o/d'),
    of('E', 'https://huggingface.co/spaces'),
    of('F', 'https://huggingface.co/learn/a-course'),
  ];
  const linked: (readonly string[])[] = [];
  const resolve: BoardContext['resolve'] = (named) => {
    linked.push(named.linked);
    return UNRESOLVED;
  };
  cleanBoard(snapshot({ loaded }), { ...context, resolve }, ofTable);
  expect(linked).toEqual([['o/a'], ['o/b'], ['o/c'], [], [], []]);
});

test('a value that was loaded as none is no score, also where its row was read from the page', () => {
  const loaded = ['a', 'b'].map((text) => ({
    Model: { text, value: text },
    Votes: { text: '', value: null },
  }));
  // A sample: Gradio 5 draws none as a word.
  const shown = [{ identity: 'b', index: 1, cells: { Model: 'b', Votes: 'null' } }];
  const rows = cleanBoard(snapshot({ loaded, shown, shownChecked: 1 }), context, ofTable);
  expect(rows.entries).toHaveLength(2);
  expect(rows.scores).toEqual([]);
});

test('a loaded row that its definition cannot read is a reject, not a crash', () => {
  const loaded = [
    { key: 'k', name: 'a/known', wer: { mean: 3 } },
    { key: 'l', name: 'b' },
    null,
    { name: 'c' },
  ];
  const rows = cleanBoard(snapshot({ loaded }), context, facts);
  expect(rows.entries.map(({ entry_id }) => entry_id)).toEqual(['k', 'l']);
  expect(rows.rejects.map(({ position, reason }) => [position, reason])).toEqual([
    [2, 'not_an_object'],
    [3, 'no_identity'],
  ]);
  expect(rows.scores).toHaveLength(1);
});

test('any rows give sound rows', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('5 %', '-', '1,2,3', '\ud800', '1e999'),
  );
  const shown = fc.array(
    fc.record({
      identity: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('k')),
      index: fc.nat(),
      cells: fc.dictionary(fc.constantFrom('Model', 'Votes', 'Avg WER', 'Rank', '__proto__'), cell),
    }),
    { maxLength: 6 },
  );
  const loaded = fc.option(fc.array(fc.jsonValue(), { maxLength: 6 }));
  fc.assert(
    fc.property(shown, loaded, (shownRows, loadedRows) => {
      const rows = cleanBoard(snapshot({ shown: shownRows, loaded: loadedRows }), context, facts);
      expect(rows.listed).toBe(rows.entries.length + rows.duplicates + rows.rejects.length);
      for (const row of rows.entries) leaderboardEntries.row.parse(row);
      for (const row of rows.scores) leaderboardScores.row.parse(row);
    }),
    { seed: 6, numRuns: 150 },
  );
});

test('numbers, dates and booleans as boards write them', () => {
  const numbers = ['52.08 %', '1,504 ±6', '64.44 kg', '#3', '-1', '.5', '1e-3', '≈7', '77.965B'];
  expect(numbers.map(numberOf)).toEqual([52.08, 1504, 64.44, 3, -1, 0.5, 0.001, 7, null]);
  expect(['', '-', 'n/a', '1,2,3', '1e999', '12-3', null, true, NaN].map(numberOf)).toEqual(
    Array(9).fill(null),
  );
  expect(['2024-08-05', '2024-08-05T10:00:00Z', '2024-02-30', '05/08/2024', 7].map(dateOf)).toEqual(
    ['2024-08-05', '2024-08-05', null, null, null],
  );
  expect(['Yes', 'no', true, 'TRUE', '-', 1, 'constructor'].map(booleanOf)).toEqual([
    ...[true, false, true, true, null, null, null],
  ]);
});
