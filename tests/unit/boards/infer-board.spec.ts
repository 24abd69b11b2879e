import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { TableRow } from '../../../src/boards/table.ts';
import { asFound, inferBoard } from '../../../src/boards/infer.ts';
import { EtlError } from '../../../src/errors.ts';
import { reconcile } from '../../../src/crawlers/reconcile.ts';
import { loadedRows } from './table-reading.ts';

const infer = (rows: readonly TableRow[]) =>
  inferBoard({ id: 'b', url: 'https://example.org/' }, 'html', loadedRows(rows));

const table = (headers: string[], ...rows: string[][]): TableRow[] =>
  rows.map((cells) =>
    Object.fromEntries(headers.map((header, at) => [header, { text: cells[at] ?? '' }])),
  );

test('kinds, units, directions, names and the model are told from the cells', () => {
  const rows = table(
    ['Rank', 'Organization', 'Model', 'Avg. WER ⬇', 'Accuracy', 'Open?', 'Added', 'Note'],
    ['1', 'a', 'a/one', '5.42', '98.2 %', 'Yes', '2026-01-02', 'x'],
    ['2', 'a', 'a/two', '6.1', '97.0 %', 'No', '2026-01-03', ''],
    ['3', 'b', 'b/one', '-', '91.5 %', 'Yes', '2026-01-03', 'y'],
  );
  const { columns, identity, repeats } = infer(rows);
  expect(columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'rank number',
    'organization text',
    'model model',
    'avg_wer number',
    'accuracy percent',
    'open boolean',
    'added date',
    'note text',
  ]);
  expect(columns[3]).toMatchObject({ score: true, lowerIsBetter: true });
  expect(columns[4]).toMatchObject({ score: true, unit: 'percent' });
  expect(identity).toEqual(['model']);
  expect(repeats).toBeUndefined();
});

test('numbers that nobody measured are facts of the model, and no scores', () => {
  const facts = [
    ...['Hub ❤️', 'hub_hearts', 'votes', 'Downloads', '#Params (B)', 'params_b', 'Model size (B)'],
    ...['Number of Parameters', 'CO₂ cost (kg)', 'Memory Usage (MB)', 'Embedding Dimensions'],
    ...['Max Tokens', 'Context length', 'Size', 'created_at', 'timestamp', '', 'Unnamed: 0', 'No.'],
  ];
  const scores = [
    ...['Average ⬆️', 'Avg. WER', 'RTFx', 'MMLU-PRO', 'Score', 'arena_score', 'Win rate', 'Elo'],
    ...['MATH Lvl 5 Raw', 'Hallucination Rate', 'Classification', 'Long context', 'Dimensionality'],
    // Benchmarks whose names hold such a word.
    ...['SEED', 'SEED-Bench', 'Memory', 'Multi-dimensional', 'Year 2025'],
  ];
  const headers = ['Model', ...facts, ...scores];
  const row = (name: string, from: number) => [
    name,
    ...headers.slice(1).map((_, at) => `${from + at}`),
  ];
  const { columns } = infer(table(headers, row('a/one', 1), row('a/two', 70)));
  const scored = columns.filter(({ score }) => score === true).map(({ header }) => header);
  expect(scored).toEqual(scores);
  expect(columns.filter(({ kind }) => kind === 'number')).toHaveLength(
    facts.length + scores.length,
  );
});

test('years, counts of samples and ranks without a name are no scores', () => {
  const rows = table(
    [
      '',
      'Model',
      'Year',
      'Release year',
      'Samples',
      '# of samples',
      'num_examples',
      'N questions',
      'Acc',
    ],
    ['🥇', 'one', '2023', '2024', '100', '900', '12', '250', '71.5'],
    ['2', 'two', '2024', '2024', '100', '800', '12', '250', '70.5'],
    ['3', 'three', '2025', '2025', '90', '850', '11', '240', '69.5'],
  );
  const { columns } = infer(rows);

  expect(columns.filter(({ score }) => score).map(({ header }) => header)).toEqual(['Acc']);
  expect(columns[0]).toMatchObject({ name: 'rank', kind: 'number' });
});

const TRANSPOSED: [string, string[], string[][]][] = [
  [
    'models over metrics',
    ['Benchmark', 'GPT-4o', 'Claude 3.5 Sonnet', 'Baseline'],
    [
      ['Knowledge', '88.7', '88.3', '60'],
      ['Reasoning', '53.6', '59.4', '30'],
    ],
  ],
  [
    'a corner that names the models',
    ['Model', 'Llama3-8B', 'Qwen2.5-7B-Instruct'],
    [
      ['MMLU (5-shot)', '68.4', '74.2'],
      ['GSM8K', '79.6', '85.4'],
      ['Safety', '70', '80'],
    ],
  ],
  [
    'numbers before the names of metrics',
    ['#', 'Task', 'o3', 'gpt-4.1'],
    [
      ['1', 'AIME', '88.9', '48.1'],
      ['2', 'Robotics', '83.3', '66.3'],
    ],
  ],
];
for (const [what, headers, rows] of TRANSPOSED) {
  test(`a transposed table is refused by that name: ${what}`, () => {
    expect(() => infer(table(headers, ...rows))).toThrow(
      /^The table is transposed: its columns are models \(.*\), its rows what was measured \(/,
    );
  });
}

test('a table of models whose metrics are called after models is not transposed', () => {
  const judged = table(
    ['Model', 'GPT-4 judge', 'Claude judge'],
    ['ours-large', '8.1', '7.9'],
    ['ours-small', '7.1', '6.9'],
  );
  const methods = table(
    ['Base', 'GPT-4 win rate', 'Length'],
    ['Llama-2-7b', '71', '100'],
    ['Mistral-7B', '75', '120'],
  );

  expect(infer(judged).identity).toEqual(['model']);
  expect(infer(methods).identity).toEqual(['model']);
});

test('a fact in percent stays one in percent', () => {
  const rows = table(['Model', 'Memory usage', 'Score'], ['a', '40 %', '1'], ['b', '55 %', '2']);
  expect(infer(rows).columns[1]).toEqual({
    header: 'Memory usage',
    name: 'memory_usage',
    kind: 'percent',
  });
});

test('the model is the column that links to the Hub, whatever its header says', () => {
  const rows: TableRow[] = ['x', 'y', 'z'].map((name, place) => ({
    Name: { text: 'same' },
    Entry: { text: name, link: `https://huggingface.co/org/${name}` },
    Score: { text: String(place) },
  }));
  const { columns } = infer(rows);
  expect(columns.find(({ kind }) => kind === 'model')?.header).toBe('Entry');
});

test('the identity is the model and what else it takes, or the rows are numbered', () => {
  const headers = ['Model', 'Precision', 'Score'];
  const two = table(headers, ['m', 'int8', '1'], ['m', 'fp16', '2'], ['n', 'fp16', '3']);
  expect(infer(two).identity).toEqual(['model', 'precision']);
  const same = table(headers, ['m', 'int8', '1'], ['m', 'int8', '2']);
  expect(infer(same)).toMatchObject({ identity: ['model'], repeats: true });
});

test('a table without any text names no model', () => {
  expect(() => infer(table(['A', 'B'], ['1', '2'], ['3', '4']))).toThrow(EtlError);
  expect(() => infer([])).toThrow(EtlError);
});

test('what was found out of any table is a board that takes this table', () => {
  const cell = fc.oneof(
    fc.constantFrom('', '-', '1', '2.5', '97 %', 'yes', 'org/m', 'Score', '#3', '2026-01-01'),
    fc.string({ maxLength: 6 }),
  );
  const header = fc.oneof(
    fc.constantFrom('Model', 'Rank', 'Score', 'score', 'model', 'Name', '__proto__', ''),
    fc.string({ maxLength: 5 }),
  );
  const anyTable = fc.uniqueArray(header, { minLength: 1, maxLength: 5 }).chain((headers) =>
    fc
      .array(fc.array(cell, { minLength: headers.length, maxLength: headers.length }), {
        minLength: 1,
        maxLength: 8,
      })
      .map((rows) => table(headers, ...rows)),
  );
  let taken = 0;
  fc.assert(
    fc.property(anyTable, (rows) => {
      let board;
      try {
        board = infer(rows);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BOARD_UNREACHABLE' });
        return;
      }
      expect(new Set(board.columns.map(({ name }) => name)).size).toBe(board.columns.length);
      expect(board.columns.filter(({ kind }) => kind === 'model')).toHaveLength(1);
      const definition = asFound(board);
      const identities = rows.map((row) => definition.identity(row));
      if (identities.includes('')) return; // refused: a row that nothing names
      const { shown } = reconcile(definition, loadedRows(rows));
      expect(new Set(shown.map(({ identity }) => identity)).size).toBe(rows.length);
      taken += 1;
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(100);
});
