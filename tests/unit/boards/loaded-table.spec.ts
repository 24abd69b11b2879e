import { expect, test } from '@playwright/test';
import { entriesIn } from '../../../src/crawlers/pages/entries.ts';
import type { ViewCell, Window } from '../../../src/crawlers/pages/inside/walk.ts';
import { loadedTable, showsLoaded } from '../../../src/crawlers/pages/loaded-table.ts';

type Entry = Record<string, string | number | null>;

/** What a table shows of a row under a column. */
type Show = (text: string, place: number, id: string) => ViewCell;

interface Given {
  ids?: string[];
  headers?: string[];
  show?: Show;
  /** @default the first three places and the last two */
  places?: number[];
}

const entriesOf = (count: number): Entry[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ name: `org/m ${at}`, s: at / 8, none: at % 2 ? null : 'x' },
  }));

const asShown: Show = (text, _place, id) =>
  id === 'name' ? { text, link: `https://h/${encodeURI(text)}?tab` } : text;

function windowOf(entries: readonly Entry[], given: Given): Window {
  const { ids = ['name', 's', 'none'], headers = ids, show = asShown } = given;
  const last = entries.length - 1;
  const { places = [0, 1, 2, last - 1, last] } = given;
  return {
    heads: ids.map((id, place) => ({
      ...{ id, place, text: headers[place] ?? '', names: [], groups: [] },
    })),
    rows: places.map((place) => ({
      place,
      cells: Object.fromEntries(
        ids.map((id) => [id, show(String(entries[place]?.[id] ?? ''), place, id)]),
      ),
    })),
    ...{ statedRows: entries.length, statedColumns: ids.length, filtered: [], otherRows: 0 },
    ...{ atStart: true, atEnd: true, settled: true, spacePx: 0 },
  };
}

const tableOf = (entries: readonly Entry[], given: Given = {}, loaded = entries) =>
  loadedTable(
    [windowOf(entries, given)],
    entriesIn({ url: 'x', text: JSON.stringify({ rows: loaded }) }),
    null,
  );

test('rows that a page loaded are those of its table, with the links that it makes of them', () => {
  const entries = entriesOf(120);
  const headers = ['Model', 'Score', '__proto__'];
  const table = tableOf(entries, { headers });

  expect(table?.shown.map(({ index }) => index)).toEqual([0, 1, 2, 118, 119]);
  expect(table?.loaded.map((row) => Object.keys(row))[7]).toEqual(headers);
  expect(table?.loaded.map(({ Model, Score }) => ({ Model, Score }))).toEqual(
    entries.map(({ name, s }) => ({
      Model: { text: name, value: name, link: `https://h/${encodeURI(String(name))}?tab` },
      Score: { text: String(s), value: s },
    })),
  );
});

test('a column that does not say whose value it has is found by its values, if that is clear', () => {
  const entries = entriesOf(120);
  // Only rows that were not read tell these apart.
  const twice = entries.map((it, at) => ({ ...it, t: at === 60 ? -1 : (it['s'] ?? null) }));
  const ids = ['1', '2'];
  const show: Show = (_text, place, id) => {
    const { name, s } = entries[place] ?? {};
    return String(id === '1' ? name : s);
  };
  const cells = tableOf(entries, { ids, show })?.rows[60];

  expect(cells?.map(({ text }) => text)).toEqual(['org/m 60', '7.5']);
  expect(tableOf(entries, { ids, show }, twice)).toBeNull();
});

test('a link is only taken from what was loaded when every one that was read is made of it', () => {
  const entries = entriesOf(120);
  const linked = (linkOf: (place: number) => string) =>
    tableOf(entries, { show: (text, place) => ({ text, link: linkOf(place) }) });

  expect(linked((place) => `https://h/org/m%20${place}`)?.rows[60]?.[1]).toEqual({
    ...{ text: '7.5', value: 7.5, link: 'https://h/org/m%2060' },
  });
  expect(linked((place) => `https://h/${place}`)).toBeNull();
});

test('a table that shows anything else than was loaded is not taken', () => {
  const entries = entriesOf(120);
  const odd =
    (at: number, of: string, text: string): Show =>
    (it, place, id) =>
      place === at && id === of ? text : it;

  expect(tableOf(entries, { show: odd(119, 's', '9') })).toBeNull();
  expect(tableOf(entries, { show: odd(1, 'none', '—') })).toBeNull();
  expect(tableOf(entries, { show: odd(2, 's', '') })).toBeNull();
  expect(tableOf(entries, { show: (text, _, id) => (id === 's' ? `${text} %` : text) })).toBeNull();
  expect(tableOf(entries, {}, entriesOf(121))).toBeNull();
  expect(
    tableOf(entries, { ids: ['name', 's', 'none', 'more'], show: (it) => it || '?' }),
  ).toBeNull();
  expect(tableOf(entries, { places: [0, 1, 2, 60] }), 'without its end').toBeNull();
});

test('a window that is filtered, unfinished or changes while it is read proves nothing', () => {
  const entries = entriesOf(120);
  const whole = windowOf(entries, {});
  const loaded = entriesIn({ url: 'x', text: JSON.stringify(entries) });
  const other = {
    ...whole,
    rows: whole.rows.map((it) => ({ ...it, cells: { ...it.cells, s: '3' } })),
  };

  expect(loadedTable([whole, whole], loaded, null)).not.toBeNull();
  for (const [what, odd] of Object.entries({
    filtered: { ...whole, filtered: ['name'] },
    unsettled: { ...whole, settled: false },
    'with other rows': { ...whole, otherRows: 1 },
    'with other columns': { ...whole, statedColumns: 4 },
    'of another size': { ...whole, statedRows: 119 },
    changed: other,
  })) {
    expect(loadedTable([whole, odd], loaded, null), what).toBeNull();
  }
});

test('a number is shown as it is or rounded, without a unit', () => {
  for (const text of ['12.345', '12.3', '12.35', '12']) {
    expect(showsLoaded(text, 12.345), text).toBe(true);
  }
  for (const text of ['12.3 %', '14', '', 'x']) expect(showsLoaded(text, 12.345), text).toBe(false);
  expect(showsLoaded('', null)).toBe(true);
  expect(showsLoaded('null', null)).toBe(false);
});
