import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { drawnHtml, drawnMarkdown } from '../../../src/boards/cell-text.ts';
import { columnsOfZeros, tableValue } from '../../../src/crawlers/kinds/gradio/table-value.ts';

const tableOf = (props: Record<string, unknown>) => {
  const table = tableValue({ id: 1, type: 'dataframe', props });
  if (!table) throw new Error('no table');
  return table;
};
const valueOf = (rows: unknown[][], headers = ['Model', 'Score']) => ({ headers, data: rows });

test.describe('tableValue', () => {
  test('draws cells by the kind of their column', () => {
    const value = valueOf([
      ['[a](https://huggingface.co/o/a)', 1.5],
      ['b', null],
    ]);

    const rows = tableOf({ value, datatype: ['markdown', 'number'] }).rows();

    expect(rows[0]).toEqual({
      Model: {
        text: 'a',
        link: 'https://huggingface.co/o/a',
        value: '[a](https://huggingface.co/o/a)',
      },
      Score: { text: '1.5', value: 1.5 },
    });
    expect(rows[1]?.['Score']).toEqual({ text: '', value: null });
  });

  test('shows what a Styler formatted, and keeps the value', () => {
    const value = { ...valueOf([['a', 0.5]]), metadata: { display_value: [['a', '50.0 %']] } };

    expect(tableOf({ value }).rows()[0]?.['Score']).toEqual({ text: '50.0 %', value: 0.5 });
  });

  test('takes one row without cells for none, as Gradio 4 sends an empty table', () => {
    expect(tableOf({ value: valueOf([[]]) }).count).toBe(0);
    expect(tableOf({ value: valueOf([['']]) }).count).toBe(1);
  });

  const pairs: [string, unknown, string, boolean][] = [
    ['nothing drawn as null', null, 'null', true],
    ['nothing drawn as zero', null, '0', false],
    ['a text cut after so many characters', 'a note that is long', 'a note tha...', true],
    ['a text cut earlier', 'a note that is long', 'a note...', false],
    ['a number that lost its sign', -1, '1', false],
    ['a text that lost its sign', '-1', '1', false],
    ['a number of a Markdown column', 1234.5, '1,234.5', true],
    ['marks that Markdown took', 'a_b_c *d*', 'a_b_c d', true],
    ['a date that the page printed in full', '2026-02-11', '2026-02-11T00:00:00.000Z', true],
    ['another date', '2026-02-11', '2026-02-12T00:00:00.000Z', false],
    ['another text', 'abc', 'abd', false],
  ];
  for (const [what, value, text, expected] of pairs) {
    test(`${expected ? 'takes' : 'refuses'} ${what}`, () => {
      const table = tableOf({ value: valueOf([[value, 1]]), max_chars: 10 });
      const cell = table.rows()[0]?.['Model'];

      expect(cell && table.agrees(cell, { text }, 'Model')).toBe(expected);
    });
  }

  test('takes zero for nothing in a column of numbers, which Gradio 5 draws so', () => {
    const table = tableOf({ value: valueOf([['a', null]]), datatype: ['str', 'number'] });
    const { Model, Score } = table.rows()[0] ?? {};

    expect(Score && table.agrees(Score, { text: '0' }, 'Score')).toBe(true);
    expect(Score && table.agrees(Score, { text: '1' }, 'Score')).toBe(false);
    expect(Model && table.agrees(Model, { text: '0' }, 'Model')).toBe(false);

    const rowOf = (score: string) => [
      { identity: '', index: 0, cells: { Model: 'a', Score: score } },
    ];
    const zerosIn = (score: string) =>
      columnsOfZeros(table.rows(), { shown: rowOf(score), kept: null });
    expect([zerosIn('0'), zerosIn('')]).toEqual([['Score'], []]);
  });

  test('reads the marks of cells up to a length, and of a table up to another', () => {
    const marked = (length: number) => `**a**${' '.repeat(length - 6)}b`;
    const few = [[marked(4000)], [marked(4001)]];
    const many = Array.from({ length: 2001 }, () => [marked(4000)]);
    const [short, long] = [few, many].map((rows) =>
      tableOf({ value: valueOf(rows, ['Model']), datatype: 'markdown' }),
    );

    expect(short?.rows().map((row) => row['Model']?.text)).toEqual(['a b', '**a** b']);
    expect(long?.rows().at(-2)?.['Model']?.text).toBe('a b');
    expect(long?.rows().at(-1)?.['Model']?.text).toBe('**a** b');
    expect([short?.isTooLong(), long?.isTooLong()]).toEqual([false, true]);
  });

  test('takes any JSON without throwing, and a cell agrees with its own text', () => {
    const component = fc.record({
      value: fc.jsonValue(),
      headers: fc.jsonValue(),
      datatype: fc.jsonValue(),
    });
    fc.assert(
      fc.property(component, fc.array(fc.array(fc.jsonValue())), (props, data) => {
        tableValue({
          id: 1,
          type: 'leaderboard',
          props: { ...props, filter_columns: props.value },
        });
        const table = tableValue({
          id: 1,
          type: 'dataframe',
          props: { ...props, value: { headers: ['a', 'b', 'c', 'd'], data } },
        });
        for (const row of table?.rows() ?? []) {
          for (const cell of Object.values(row)) expect(table?.agrees(cell, cell, '')).toBe(true);
        }
      }),
    );
  });
});

test.describe('the text of a cell', () => {
  test('is that of its HTML, without what is not drawn', () => {
    const html =
      '<style>a{}</style><a target="_blank" href="https://x.org/?a=1&amp;b=2">A &amp; B</a> <a href="y">📑</a>';

    expect(drawnHtml(html)).toEqual({ text: 'A & B 📑', link: 'https://x.org/?a=1&b=2' });
  });

  test('is that of its Markdown', () => {
    expect(drawnMarkdown('**[o/m_1](https://x.org/o/m_1)** ![i](j) `c`')).toEqual({
      text: 'o/m_1 c',
      link: 'https://x.org/o/m_1',
    });
    expect(drawnMarkdown('snake_case_name and 2*3*4')).toEqual({
      text: 'snake_case_name and 2*3*4',
    });
  });

  test('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        drawnHtml(text);
        drawnMarkdown(text);
      }),
    );
  });
});
