import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { TableRow } from '../../../src/boards/table.ts';
import type { Window } from '../../../src/crawlers/pages/inside/walk.ts';
import { placeWindows } from '../../../src/crawlers/pages/place.ts';
import { walkedTable } from '../../../src/crawlers/pages/walked-table.ts';
import { roomIn, samplePlaces } from '../../../src/crawlers/pages/windows.ts';

const ROWS = 60;
const headers = ['Model', 'Score'];
const rowsOf = (length: number): TableRow[] =>
  Array.from({ length }, (_, at) => ({
    Model: { text: `org/m${at}` },
    // Two rows in three look like others.
    Score: { text: String(at % 20) },
  }));
const rows = rowsOf(ROWS);
const agrees = (a: { text: string }, b: { text: string }): boolean => a.text === b.text;
const expected = { headers, rows, agrees };

/** What a page shows of these rows from one place to another; with places, where it says them. */
function windowOf(
  from: number,
  to: number,
  given: { of?: TableRow[]; says?: boolean } = {},
): Window {
  const { of = rows, says = false } = given;
  return {
    heads: headers.map((text, place) => ({
      ...{ id: String(place), text, names: [], groups: [], place },
    })),
    rows: of.slice(from, to).map((row, at) => ({
      place: says ? from + at : null,
      cells: { 0: row['Model']?.text ?? '', 1: row['Score']?.text ?? '' },
    })),
    ...{ statedRows: null, statedColumns: null, filtered: [], otherRows: 0, settled: true },
    ...{ atStart: from === 0, atEnd: to === of.length, spacePx: (of.length - (to - from)) * 45 },
  };
}

test.describe('windows of a table', () => {
  const ends = [windowOf(0, 10), windowOf(50, ROWS)];

  test('are joined by their places, also where heads and rows are each counted from one', () => {
    const all = [windowOf(0, 20, { says: true }), windowOf(40, ROWS, { says: true })];
    const shifted = [...all.slice(0, 1), windowOf(15, 45, { says: true }), ...all.slice(1)].map(
      (it): Window => ({
        ...it,
        statedRows: ROWS - 1,
        rows: it.rows.map((row) => ({ ...row, place: (row.place ?? 0) - 1 })),
      }),
    );
    const table = walkedTable(shifted, null, 'table 1');

    expect(table).toMatchObject({ differences: [], statedRows: ROWS });
    expect(table.rows.map(([cell]) => cell?.text)).toEqual(rows.map((it) => it['Model']?.text));
  });

  test('are placed as runs of the loaded rows, wherever they are', () => {
    const starts = fc.array(fc.nat({ max: 48 }), { maxLength: 5 });
    fc.assert(
      fc.property(starts, fc.boolean(), (from, says) => {
        const middle = from.map((it) => windowOf(it, it + 12, { says }));
        const { shown, diff } = placeWindows([...ends, ...middle], expected);

        expect(diff).toEqual([]);
        for (const { index, cells } of shown) expect(cells['Model']).toBe(`org/m${index}`);
      }),
    );
  });

  test('are not taken when a row was lost, added, changed or moved within one', () => {
    const without = rows.toSpliced(25, 1);
    const changes: [string, TableRow[]][] = [
      ['lost', without],
      ['added', rows.toSpliced(25, 0, { Model: { text: 'x' }, Score: { text: '1' } })],
      ['changed', rows.with(25, { Model: { text: 'org/m25' }, Score: { text: '99' } })],
      ['moved', without.toSpliced(28, 0, rows[25] ?? {})],
    ];
    for (const [what, of] of changes) {
      const { shown, diff } = placeWindows([...ends, windowOf(20, 32, { of })], expected);
      expect(diff.length, what).toBeGreaterThan(0);
      expect(shown, what).toEqual([]);
    }
    const [wrong] = placeWindows(
      [...ends, windowOf(20, 32, { of: changes[2]?.[1] ?? [] })],
      expected,
    ).diff;
    expect(wrong).toMatchObject({ what: 'cell', where: 'row 25, Score', found: '99' });
  });

  test('must reach both ends, and those must be the ends', () => {
    expect(placeWindows(ends.slice(0, 1), expected).diff).toMatchObject([
      { expected: 'the last one', found: 'not reached' },
    ]);
    const early = { ...windowOf(50, 58), atEnd: true };
    expect(placeWindows([windowOf(0, 10), early], expected).diff).not.toEqual([]);
    const late = { ...windowOf(3, 13), atStart: true };
    expect(placeWindows([late, windowOf(50, ROWS)], expected).diff).not.toEqual([]);
  });

  test('must have the places that they say', () => {
    const moved = windowOf(20, 32, { says: true });
    const rowsMoved = moved.rows.map((row) => ({ ...row, place: (row.place ?? 0) + 20 }));
    expect(placeWindows([...ends, { ...moved, rows: rowsMoved }], expected).diff).not.toEqual([]);
  });

  test('with columns that were not loaded are a difference, or keep them', () => {
    const more = [windowOf(0, ROWS)].map((it) => ({
      ...it,
      heads: [...it.heads, { id: 'x', text: 'New', names: [], groups: [], place: 2 }],
      rows: it.rows.map((row) => ({ ...row, cells: { ...row.cells, x: 'some' } })),
    }));
    expect(placeWindows(more, expected).diff).toMatchObject([{ what: 'header', found: 'New' }]);
    const kept = placeWindows(more, { ...expected, takesMore: true });
    expect(kept.headers).toEqual([...headers, 'New']);
    expect(kept.shown[7]?.cells).toEqual({ Model: 'org/m7', Score: '7', New: 'some' });
  });
});

test('the room of a table says how many rows there seem to be, where windows differ', () => {
  expect(roomIn([windowOf(0, 10), windowOf(20, 35)])).toBe(ROWS);
  expect(roomIn([windowOf(0, 10, { of: rowsOf(59) }), windowOf(20, 35, { of: rowsOf(59) })])).toBe(
    59,
  );
  expect(roomIn([windowOf(0, ROWS)])).toBe(ROWS);
  expect(roomIn([windowOf(0, 10), windowOf(20, 30)])).toBeNull();
});

test('places of a sample are both ends and random ones between, the same for a seed only', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 400 }),
      fc.nat({ max: 100 }),
      (seed, sampleRows, drawn) => {
        const places = samplePlaces({ seed, sampleRows }, drawn);
        const [first, last, ...random] = places;

        expect([first, last]).toEqual(['first', 'last']);
        expect(places).toEqual(samplePlaces({ seed, sampleRows }, drawn));
        expect(random.every((it) => typeof it === 'number' && it >= 0 && it <= 1)).toBe(true);
      },
    ),
  );
  const given = { sampleRows: 200 };
  expect(samplePlaces({ ...given, seed: 1 }, 30)).not.toEqual(
    samplePlaces({ ...given, seed: 2 }, 30),
  );
});
