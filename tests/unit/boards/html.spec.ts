import { expect, test } from '@playwright/test';
import { stringify } from 'devalue';
import fc from 'fast-check';
import { searchesIn, variantOf, type ControlState } from '../../../src/boards/controls.ts';
import { gridOf } from '../../../src/crawlers/kinds/html/grid.ts';
import type { ScannedCell, ScannedRow } from '../../../src/crawlers/kinds/html/inside.ts';
import { chooseTable, tableState } from '../../../src/crawlers/pages/choose.ts';
import { hiddenRows, moreControl, rankDifferences } from '../../../src/crawlers/pages/doubts.ts';
import { entriesIn, entriesOf, jsonParts } from '../../../src/crawlers/pages/entries.ts';
import { isShortFor } from '../../../src/crawlers/pages/names.ts';
import { findPayload } from '../../../src/crawlers/pages/payload.ts';
import { wholeness } from '../../../src/crawlers/pages/whole.ts';
import { statedSize } from '../../../src/crawlers/pages/stated.ts';

const row = (section: ScannedRow['section'], cells: ScannedCell[]): ScannedRow => ({
  ...{ section, cells, group: section === 'head' ? 0 : 1, heads: section === 'head' },
});
const table = (rows: ScannedRow[]) => ({
  place: '',
  rows,
});
const ranked = (ranks: readonly (string | number)[]) => ({
  ...{ place: '', headers: ['Rank'] },
  rows: ranks.map((rank) => [{ text: String(rank) }]),
});

test('spans repeat a cell, groups stand over their columns, sections are no rows', () => {
  const grid = gridOf(
    table([
      row('head', [
        { text: 'Model', rows: 2 },
        { text: 'Rates', columns: 2 },
      ]),
      row('head', ['A', 'B']),
      row('body', [{ text: 'one', rows: 2 }, '1', '2']),
      row('body', ['3', '4']),
      row('body', [{ text: 'Closed models', columns: 3 }]),
      row('body', ['two', '5']),
    ]),
  );

  expect(grid?.columns.map(({ text, groups }) => [...groups, text].join('/'))).toEqual([
    ...['Model', 'Rates/A', 'Rates/B'],
  ]);
  const texts = grid?.rows.map((cells) => cells.map((cell) => cell.text));
  expect(texts).toEqual([
    ['one', '1', '2'],
    ['one', '3', '4'],
  ]);
  expect(grid?.oddRows).toEqual(['two 5']);
});

test('any cells and spans give rows of one cell a column', () => {
  const cell = fc.record({
    text: fc.string(),
    columns: fc.integer({ min: 0, max: 5000 }),
    rows: fc.integer({ min: 0, max: 70_000 }),
  });
  const section = fc.constantFrom('head', 'body', 'foot');
  const rows = fc.array(fc.tuple(section, fc.array(cell, { maxLength: 6 })), { maxLength: 12 });
  fc.assert(
    fc.property(rows, (given) => {
      const grid = gridOf(table(given.map(([name, cells]) => row(name, cells))));
      for (const cells of grid?.rows ?? []) expect(cells).toHaveLength(grid?.columns.length ?? -1);
    }),
  );
});

test('ranks have a gap when rows are missing, whatever the way of ranking', () => {
  for (const whole of [
    [1, 2, 3],
    [1, 1, 3],
    [1, 1, 2],
    ['#1', '#2'],
    ['🥇', '🥈', 3],
    [0, 1, 2],
  ]) {
    expect(rankDifferences(ranked(whole)), whole.join()).toEqual([]);
  }
  for (const part of [
    [2, 3, 4],
    [1, 2, 4],
    [1, 1, 4],
    ['#1', '#3'],
  ]) {
    expect(rankDifferences(ranked(part)), part.join()).toHaveLength(1);
  }
});

test('rows that a page hides by its own count are no gap', () => {
  const says = (note: string, rows: number) => ({
    around: { notes: ['7', note], controls: [], larger: [], states: [] },
    rows: Array.from({ length: rows }, () => []),
  });
  for (const [note, shown, loaded, hidden] of [
    ['3693/3700', 3693, 3700, 7],
    ['Showing 3,693 of 3,700 models', 3693, 3700, 7],
    ['3692/3700', 3693, 3700, 0],
    ['Showing 10 of 60 models', 10, 60, 0],
    ['1–57 of 60', 57, 60, 0],
  ] as const) {
    expect(hiddenRows(says(note, shown), { length: loaded, isSelection: false }), note).toBe(
      hidden,
    );
  }
  expect(rankDifferences(ranked([1, 2, 4]), 1)).toEqual([]);
  expect(rankDifferences(ranked([1, 2, 5]), 1)).toHaveLength(1);
});

test('a control that leaves all rows in hides none', () => {
  const hidden = (value: string) =>
    hiddenRows(
      {
        around: {
          ...{ notes: [], controls: [], larger: [] },
          states: [{ kind: 'select', label: 'Category', value }],
        },
        rows: Array.from({ length: 4 }, () => []),
      },
      { length: 10, isSelection: true },
    );

  expect(hidden('Chat')).toBe(6);
  expect(hidden('All categories')).toBe(0);
});

test('a control shows more rows, or something else', () => {
  const control = (label: string) => ({
    around: {
      ...{ notes: [], larger: [], states: [] },
      controls: [{ label, marks: '', group: -1, disabled: false, leaves: false as const }],
    },
  });
  for (const label of [
    'Show all',
    'View full leaderboard →',
    'Load more',
    'See all 60 models',
    'Show 25 more',
  ])
    expect(moreControl(control(label)), label).toBeDefined();
  for (const label of [
    'View Full Changelog',
    'Show more details',
    'View all papers',
    'Show Organization',
  ])
    expect(moreControl(control(label)), label).toBeUndefined();
});

test('a control may choose rows, or says which page is open and how long it is', () => {
  const choosing = (value: string, kind: ControlState['kind'] = 'choice') =>
    variantOf([{ kind, label: 'x', value }]) !== '';
  for (const value of ['Verified', '2025', 'on', 'org/model-7b'])
    expect(choosing(value)).toBe(true);
  for (const value of ['33', '100', '9.2B', '50 %', 'off']) expect(choosing(value)).toBe(false);
  expect(choosing('English', 'select')).toBe(false);
  expect(variantOf([{ kind: 'checkbox', label: 'Dark theme', value: 'on' }])).toBe('');
  const search = { kind: 'search', label: 'Search', value: 'llama' } as const;
  expect(searchesIn([search, { ...search, kind: 'field' }])).toEqual(['search=llama']);
});

test('a script of brackets that nothing closes is given up', () => {
  expect(jsonParts('[{'.repeat(2 ** 20))).toEqual([]);
});

test('a blank beside ranks is a tie with the row above', () => {
  expect(rankDifferences(ranked([1, '', 3, '', '', 6]))).toEqual([]);
  expect(rankDifferences(ranked([1, '', 4]))).toHaveLength(1);
});

test('texts state a size, and others do not', () => {
  const sizes: [string, number | null][] = [
    ['1–25 of 330', 330],
    ['Showing 1 to 25 of 1,330 entries', 1330],
    ['96 models', 96],
    ['Total: 12', 12],
    ['4569 / 4576', 4576],
    ['Updated 3 days ago', null],
    ['05/2026', null],
    ['GPT-4', null],
  ];
  for (const [text, total] of sizes) expect(statedSize([text], 25).total, text).toBe(total);
  expect(statedSize(['25 rows', '330 models'], 25).total).toBe(330);
});

test('a short header stands for its title only when it is short for it', () => {
  expect(isShortFor('Clus.', 'Clustering')).toBe(true);
  expect(isShortFor('STS', 'Semantic Textual Similarity')).toBe(true);
  expect(isShortFor('Average sco…', 'Average score')).toBe(true);
  expect(isShortFor('Rank', 'Rank by mean score')).toBe(false);
  expect(isShortFor('Model', 'Click to sort')).toBe(false);
  expect(isShortFor('Size (B)', 'Size (B): activate to sort')).toBe(false);
  expect(isShortFor('Size (B)', 'Sort Size (B) in ascending order')).toBe(false);
});

test('loaded data is found by its values, and what contradicts it', () => {
  const entries = Array.from({ length: 12 }, (_, at) => ({ name: `org/m${at}`, s: at / 40 + 0.1 }));
  const rows = entries.map(({ name, s }) => [{ text: name }, { text: (s * 100).toFixed(1) }]);
  const text = JSON.stringify({ menu: [{ name: 'other' }], rows: entries, page: { total: 60 } });
  const loaded = entriesIn({ url: 'x', text });
  const named = { place: '', headers: ['Model', 'Score'], rows };

  expect(findPayload(named, loaded)).toEqual({
    ...{ url: 'x', length: 12, stated: 60, differences: [], isSelection: false },
  });
  expect(findPayload({ ...named, rows: rows.slice(2) }, loaded)?.length).toBe(12);
  const wrong = rows.with(3, [{ text: 'org/m3' }, { text: '99.9' }]);
  expect(findPayload({ ...named, rows: wrong }, loaded)?.differences).toEqual([
    expect.objectContaining({ what: 'cell', where: 'row 3, Score', found: '99.9' }),
  ]);
  const others = rows.map(([name]) => [name ?? { text: '' }, { text: '0.01' }]);
  expect(findPayload({ ...named, rows: others }, loaded)).toBeNull();
});

test('what a page writes otherwise than it loaded is no contradiction', () => {
  const entries = Array.from({ length: 12 }, (_, at) => ({
    ...{ rank: at + 1, name: `m${at}`, score: at - 6, cost: at === 3 ? '' : `${at}.5` },
  }));
  const rows = entries.map(({ rank, name, score, cost }, at) => [
    { text: ['🥇', '🥈', ''][at] ?? `${rank}` },
    ...[name, String(score).replace('-', '−'), cost || 'N/A'].map((text) => ({ text })),
  ]);
  const loaded = entriesIn({ url: 'x', text: JSON.stringify(entries) });
  const found = (headers: string[], of = rows) =>
    findPayload({ place: '', headers, rows: of }, loaded)?.differences.length;

  expect(found(['Rank', 'Model', 'Score', 'Cost'])).toBe(0);
  expect(found(['Elo', 'Model', 'Score', 'Cost']), 'only a rank is left blank for a tie').toBe(1);
  const blank = rows.with(5, rows[5]?.with(3, { text: '' }) ?? []);
  expect(found(['Rank', 'Model', 'Score', 'Cost'], blank)).toBe(1);
});

test('a table is like a leaderboard however it writes its numbers', () => {
  const named = (headers: string[], cells: string[][]) => ({
    ...{ place: '', headers, rows: cells.map((row) => row.map((text) => ({ text }))) },
  });
  const board = named(
    ['Model', 'Params', '平均'],
    [
      ['org/a', '1.5B', '91,6 %'],
      ['org/b', '350M', '84,2 %'],
    ],
  );
  const words = named(
    ['Model', 'Licence'],
    [
      ['a', 'mit'],
      ['b', 'mit'],
      ['c', 'mit'],
    ],
  );

  expect(chooseTable([words, board], { definition: null })).toBe(board);
  const other = { ...board, rows: board.rows.toReversed() };
  expect(variantOf(tableState([words, board, other], board))).toBe('table=#2');
});

test('a table is found in whatever a page loaded, however it is written there', () => {
  const names = Array.from({ length: 8 }, (_, at) => `model-${at}`);
  const objects = names.map((name, at) => ({ name, score: at + 0.25 }));
  const rows = objects.map(({ name, score }) => [{ text: name }, { text: score.toFixed(1) }]);
  const lists = objects.map(({ name, score }) => [name, score]);
  const nuxt = { data: { rows: objects } };
  const texts: [string, string, string?][] = [
    ['deep in other lists', JSON.stringify({ a: [{ b: { c: [{ results: objects }] } }] })],
    ['a text in JSON', JSON.stringify({ body: JSON.stringify({ rows: objects }) })],
    ['rows without names', JSON.stringify({ data: lists })],
    ['rows below their heads', JSON.stringify([['name', 'score'], ...lists])],
    ['columns', JSON.stringify({ name: names, score: objects.map(({ score }) => score) })],
    ['objects by name', JSON.stringify(Object.fromEntries(objects.map((it) => [it.name, it])))],
    ['numbers as texts', JSON.stringify(objects.map((it) => ({ ...it, score: `${it.score}` })))],
    ['lines', objects.map((it) => JSON.stringify(it)).join('\n')],
    ['CSV', `name,score\n${lists.map((it) => it.join(',')).join('\n')}`, 'text/csv'],
    ['TSV', `name\tscore\n${lists.map((it) => it.join('\t')).join('\n')}`, 'x/tab-separated'],
    ['a literal', `[${names.map((name, at) => `{name:'${name}', score: ${at + 0.25},}`).join()}]`],
    ['SvelteKit', `{"nodes":[{"type":"data","data":${stringify({ rows: objects })}}]}`],
    ['Nuxt', stringify(nuxt, { ShallowReactive: (it) => it === nuxt && nuxt.data })],
  ];
  for (const [what, text, contentType = ''] of texts) {
    const found = findPayload(
      { place: '', headers: ['Model', 'Score'], rows },
      entriesIn({ url: 'x', text, contentType }),
    );
    expect(found, what).toMatchObject({ length: 8, differences: [] });
  }
});

test('documents of one form are the rows of a table', () => {
  const answers = [3, 1, 2].map((at) => ({
    ...{ url: `http://x/${at}.json`, status: 200, contentType: 'application/json' },
    text: JSON.stringify({ name: `m${at}`, score: at / 8 }),
  }));
  const rows = [1, 2, 3].map((at) => [{ text: `m${at}` }, { text: `${at / 8}` }]);
  const found = findPayload({ place: '', headers: ['Model', 'Score'], rows }, entriesOf(answers));
  expect(found).toMatchObject({ length: 3, differences: [] });
});

test('rows chosen among the loaded ones are no page of them', () => {
  const entries = Array.from({ length: 40 }, (_, at) => ({
    name: `m${at}`,
    a: 100 - at,
    b: at % 7,
  }));
  const loaded = entriesIn({ url: 'x', text: JSON.stringify(entries) });
  const shows = (of: typeof entries, mean = false) =>
    findPayload(
      {
        ...{ place: '', headers: ['Model', mean ? 'Mean' : 'A', 'B'] },
        rows: of.map(({ name, a, b }) => [
          { text: name },
          { text: mean ? `${(a + b) / 3}` : `${a}` },
          { text: `${b}` },
        ]),
      },
      loaded,
    )?.isSelection;
  const even = entries.filter((_it, at) => at % 2 === 0);
  expect(shows(even), 'every second one').toBe(true);
  expect(shows(entries.slice(0, 10)), 'the first ten').toBe(false);
  expect(shows(entries.slice(10, 20)), 'the second ten').toBe(false);
  expect(shows(entries), 'all').toBe(false);
  const byName = entries.toSorted((x, y) => (x.name < y.name ? -1 : 1));
  expect(shows(byName.slice(0, 10)), 'the first by another order').toBe(false);
  expect(shows(entries.slice(0, 2)), 'the first two, whose names are in order').toBe(false);
  const byMean = entries.toSorted((x, y) => y.a + y.b - x.a - x.b);
  expect(shows(byMean.slice(0, 10), true), 'the best by a number of the page').toBe(false);
});

test('loaded data that are a part of more by their own number prove no table', () => {
  const table = {
    ...{ place: '', headers: ['Model'], rows: Array.from({ length: 10 }, () => [{ text: 'a' }]) },
    ...{ statedRows: null, drawnRows: 11, spacePx: 0, rowPx: 30 },
    around: { notes: [], controls: [], larger: [], states: [] },
  };
  const payload = { url: 'x', length: 10, stated: 60, differences: [], isSelection: false };
  expect(wholeness(table, payload).differences).toHaveLength(1);
  expect(wholeness(table, { ...payload, stated: 10 }).differences).toEqual([]);
});

test('rows of one name are those of the loaded ones whose values they show', () => {
  const entries = Array.from({ length: 12 }, (_, at) => ({ name: `m${at % 10}`, s: at + 0.5 }));
  const loaded = entriesIn({ url: 'x', text: JSON.stringify(entries) });
  const rows = entries.map(({ name, s }) => [{ text: name }, { text: s.toFixed(1) }]);
  const named = { place: '', headers: ['Model', 'Score'], rows: rows.toReversed() };

  expect(findPayload(named, loaded)?.differences).toEqual([]);
  // One of two with its name is hidden; of the other nothing else may be shown.
  expect(findPayload({ ...named, rows: rows.slice(1) }, loaded)?.differences).toEqual([]);
  const wrong = rows.with(11, [{ text: 'm1' }, { text: '1.5' }]);
  expect(findPayload({ ...named, rows: wrong }, loaded)?.differences).toHaveLength(1);
});

test('any answer of a page is taken for what it is', () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, text) => {
      const named = { place: '', headers: ['Model'], rows: [[{ text: 'a', link: text }]] };
      findPayload(
        named,
        [json, text].flatMap((it) => entriesIn({ url: 'x', text: it })),
      );
      for (const part of jsonParts(text + json)) expect(part).toMatch(/^[[{]/);
    }),
  );
});
