import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { prepareCells } from '../../../src/crawlers/renderers/ag-grid/grid-cells.ts';
import type { GridView } from '../../../src/crawlers/renderers/ag-grid/grid-page.ts';
import { provenGrid, rowsLoaded } from '../../../src/crawlers/renderers/ag-grid/grid-payload.ts';
import { sampleTops, windowsFor } from '../../../src/crawlers/renderers/ag-grid/grid-sample.ts';

const samples = fc.record({
  total: fc.integer({ min: 1_001, max: 20_000 }),
  sampleRows: fc.integer({ min: 20, max: 400 }),
  spare: fc.integer({ min: 0, max: 30 }),
  random: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 5 }),
});

test('windows of a sample hold enough rows, the first and the last, none of them twice', () => {
  fc.assert(
    fc.property(samples, ({ total, sampleRows, spare, random }) => {
      const windows = windowsFor(sampleRows, { spare, most: 100 });
      const rows = sampleTops(total, windows, random).flatMap((top) => {
        const from = Math.max(0, top - spare);
        const to = Math.min(total, top + windows.rows + spare);
        return Array.from({ length: to - from }, (_, at) => from + at);
      });
      expect(rows.length).toBeGreaterThanOrEqual(sampleRows);
      expect(new Set(rows).size).toBe(rows.length);
      expect([rows[0], rows.at(-1)]).toEqual([0, total - 1]);
    }),
  );
});

test('random windows are at other places for other numbers', () => {
  const windows = windowsFor(200, { spare: 10, most: 100 });
  const places = [0, 0.25, 0.5, 0.999].map((it) => sampleTops(10_000, windows, [it])[1]);

  expect(places).toEqual(places.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  expect(new Set(places).size).toBe(places.length);
});

interface Given {
  /** Entries that the page loaded. */
  entries: Record<string, string | number | null>[];
  ids?: string[];
  headers?: string[];
  /** What the grid shows of a row under a column. */
  shown?: (text: string, place: number, id: string) => string;
}

const entriesOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `org/m ${at}`, s: at / 8, 'a.b': null }));

/** A grid that shows the first three and the last two of the entries, with links of names. */
function gridOf({ entries, ids = ['name', 's', 'a.b'], headers = ids, shown }: Given) {
  const cell = (place: number, id: string): string => {
    const text = String(entries[place]?.[id] ?? '');
    return shown?.(text, place, id) ?? text;
  };
  const views = [
    [0, 1, 2],
    [entries.length - 2, entries.length - 1],
  ].map((places): GridView => ({
    heads: ids.map((id, at) => ({
      ...{ id, place: at + 1, text: headers[at] ?? '', names: [], groups: [] },
    })),
    rows: places.map((place) => [
      place,
      Object.fromEntries(
        ids.map((id) => {
          const text = cell(place, id);
          return [id, id === 'name' ? { text, link: `https://h/${encodeURI(text)}` } : text];
        }),
      ),
    ]),
    ...{ headRows: 2, statedRows: entries.length + 2, statedColumns: ids.length },
    ...{ filtered: [], otherRows: 0 },
  }));
  return { views, answers: [{ url: 'x', text: JSON.stringify({ rows: entries }) }] };
}

test('rows that a page loaded are those of its grid, prepared or not', () => {
  const entries = entriesOf(1_200);
  const expected = entries.map(({ name, s }) => ({
    Model: { text: name, value: name, link: `https://h/${encodeURI(name)}` },
    Score: { text: String(s), value: s },
  }));
  for (const isPrepared of [true, false]) {
    const headers = ['Model', 'Score', '__proto__'];
    const { views, answers } = gridOf({ entries, headers });
    if (isPrepared) expect(prepareCells(answers)).toBe(true);
    const grid = provenGrid(views, rowsLoaded(views.slice(0, 1), answers, null));

    expect(grid?.shown.map(([place]) => place)).toEqual([0, 1, 2, 1_198, 1_199]);
    expect(grid?.loaded.map((row) => Object.keys(row))[7]).toEqual(headers);
    expect(grid?.loaded.map(({ Model, Score }) => ({ Model, Score }))).toEqual(expected);
  }
});

test('a link is that of its own cell, though another shows the same number', () => {
  const entries = Array.from({ length: 1_200 }, (_, at) => ({ s: (at % 5) + 0.5, t: 1.5, at }));
  for (const isPrepared of [true, false]) {
    const { views, answers } = gridOf({ entries, ids: ['s', 't', 'at'] });
    for (const { rows } of views) {
      for (const [place, cells] of rows) cells['at'] = { text: String(place), link: `/${place}` };
    }
    if (isPrepared) prepareCells(answers);
    const grid = provenGrid(views, rowsLoaded(views.slice(0, 1), answers, null));

    // Links by numbers are not told from what was loaded: the grid is read in another way.
    expect(grid).toBeNull();
  }
  const named = entries.map((it) => ({ ...it, name: `m${it.at}` }));
  const { views, answers } = gridOf({ entries: named, ids: ['s', 't', 'name'] });
  for (const { rows } of views) {
    for (const [place, cells] of rows) {
      cells['s'] = { text: String((place % 5) + 0.5), link: `https://h/m${place}` };
    }
  }
  const grid = provenGrid(views, rowsLoaded(views, answers, null));

  const cell = (place: number) => ({ text: '1.5', value: 1.5, link: `https://h/m${place}` });
  expect(grid?.loaded[1]).toMatchObject({ s: cell(1) });
  expect(grid?.loaded[1_196]).toMatchObject({ s: cell(1_196) });
  expect(grid?.rows[6]?.slice(0, 2)).toEqual([cell(6), { text: '1.5', value: 1.5 }]);
  expect(grid?.loaded[6]).toMatchObject({ s: cell(6), t: { text: '1.5', value: 1.5 } });
});

test('columns in another order than keys, and only some of them', () => {
  const entries = entriesOf(1_001);
  const { views, answers } = gridOf({ entries, ids: ['s', 'name'] });
  prepareCells(answers);
  const grid = provenGrid(views, rowsLoaded(views, answers, null));

  expect(grid?.rows[9]?.map(({ text }) => text)).toEqual(['1.125', 'org/m 9']);
});

test('a grid that shows anything else than was loaded is not taken', () => {
  const entries = entriesOf(1_001);
  const proven = (given: Omit<Given, 'entries'>, loaded = entries) => {
    const { views } = gridOf({ entries, ...given });
    const { answers } = gridOf({ entries: loaded });
    prepareCells(answers);
    return provenGrid(views, rowsLoaded(views.slice(0, 1), answers, null));
  };
  expect(proven({})).not.toBeNull();
  const odd = (at: number, of: string, text: string) => (it: string, place: number, id: string) =>
    place === at && id === of ? text : it;
  expect(proven({ shown: odd(1_000, 's', '9') })).toBeNull();
  expect(proven({ shown: odd(2, 'a.b', '—') })).toBeNull();
  expect(proven({ shown: odd(2, 's', '') })).toBeNull();
  expect(proven({}, entriesOf(1_002))).toBeNull();
  expect(proven({ ids: ['name', 's', 'a.b', 'more'] })).toBeNull();
});
