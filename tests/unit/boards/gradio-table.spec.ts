import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { drawnHtml, drawnMarkdown } from '../../../src/crawlers/renderers/gradio/cell-text.ts';
import { joinWindows, placeWindows } from '../../../src/crawlers/renderers/gradio/match.ts';
import type { RowWindow } from '../../../src/crawlers/renderers/gradio/page-tables.ts';
import { tableValue } from '../../../src/crawlers/renderers/gradio/table-value.ts';

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

      expect(cell && table.agrees(cell, { text })).toBe(expected);
    });
  }

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
          for (const cell of Object.values(row)) expect(table?.agrees(cell, cell)).toBe(true);
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

/** Windows onto the rows of a table, each from a place to another. */
const windowsOf = (rows: unknown[][], cuts: [number, number][], addressed: boolean): RowWindow[] =>
  cuts.map(([from, to]) => ({
    rows: rows.slice(from, to).map((row, place) => ({
      address: addressed ? from + place : null,
      cells: row.map(String),
      links: row.map(() => ''),
    })),
    headers: ['Model', 'Score'],
    atStart: from === 0,
    atEnd: to === rows.length,
    settled: true,
    virtualRows: null,
    contentPx: 1000,
    viewPx: 100,
    rowPx: 10,
    topPx: from * 10,
    heard: null,
  }));
const ROWS = Array.from({ length: 50 }, (_, at) => [`m${at % 7}`, at % 11]);
const expectedOf = (rows: unknown[][]) => {
  const { headers, rows: made, agrees } = tableOf({ value: valueOf(rows) });
  return { headers, rows: made(), agrees };
};
const CUTS: [number, number][] = [
  [0, 12],
  [11, 23],
  [22, 40],
  [38, 50],
];

test.describe('placeWindows', () => {
  for (const addressed of [true, false]) {
    test(`finds every row, ${addressed ? 'by address' : 'by content'}`, () => {
      const { shown, diff } = placeWindows(windowsOf(ROWS, CUTS, addressed), expectedOf(ROWS));

      expect(diff).toEqual([]);
      expect(shown.map(({ index }) => index)).toEqual(ROWS.map((_row, place) => place));
    });

    test(`refuses any one changed cell, ${addressed ? 'by address' : 'by content'}`, () => {
      fc.assert(
        fc.property(fc.nat(ROWS.length - 1), fc.nat(1), (at, cell) => {
          const changed = ROWS.map((row, place) =>
            place === at ? row.map((it, column) => (column === cell ? `${it}x` : it)) : row,
          );

          const { shown, diff } = placeWindows(
            windowsOf(changed, CUTS, addressed),
            expectedOf(ROWS),
          );

          expect(shown).toEqual([]);
          expect(diff[0]?.where).toContain(`row ${at}`);
        }),
      );
    });

    test(`refuses a row too few or too many, ${addressed ? 'by address' : 'by content'}`, () => {
      fc.assert(
        fc.property(fc.nat(ROWS.length - 1), (at) => {
          const fewer = ROWS.toSpliced(at, 1);
          const end: [number, number][] = [...CUTS.slice(0, 3), [38, 49]];

          expect(placeWindows(windowsOf(fewer, end, addressed), expectedOf(ROWS)).diff).not.toEqual(
            [],
          );
          expect(
            placeWindows(windowsOf(ROWS, CUTS, addressed), expectedOf(fewer)).diff,
          ).not.toEqual([]);
        }),
      );
    });
  }

  test('refuses windows that never reach an end', () => {
    const windows = windowsOf(ROWS, CUTS.slice(0, 3), true);

    expect(placeWindows(windows, expectedOf(ROWS)).diff).toMatchObject([
      { expected: 'the last one' },
    ]);
  });

  test('takes a row of empty cells for none when there are none', () => {
    const [window] = windowsOf([['', '']], [[0, 1]], false);
    if (!window) throw new Error('no window');

    expect(placeWindows([window], expectedOf([]))).toEqual({ shown: [], diff: [] });
    expect(placeWindows([window], expectedOf([['a', 1]])).diff).not.toEqual([]);
  });
});

test.describe('joinWindows', () => {
  test('joins overlapping windows, and refuses a gap', () => {
    const joined = joinWindows(windowsOf(ROWS, CUTS, true));
    const gap = joinWindows(
      windowsOf(
        ROWS,
        [
          [0, 12],
          [13, 50],
        ],
        true,
      ),
    );

    expect(joined).toHaveLength(50);
    expect(gap).toBeNull();
  });

  test('refuses an overlap that could be another', () => {
    const same = Array.from({ length: 20 }, () => ['same', 1]);

    expect(
      joinWindows(
        windowsOf(
          same,
          [
            [0, 12],
            [10, 20],
          ],
          false,
        ),
      ),
    ).toBeNull();
  });
});
