import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { BoardDriftError } from '../../../src/boards/drift.ts';
import { identitiesSha256 } from '../../../src/boards/identities.ts';
import { reconcile } from '../../../src/crawlers/reconcile.ts';
import type { BoardReading, ShownRun } from '../../../src/boards/reading.ts';
import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import { FROZEN_ROWS, goodReading, realRows, smallBoard, someRows } from './reading.ts';

const good = goodReading();
const SHOWN = good.shown.length;
const anyRow = fc.nat({ max: SHOWN - 1 });
/** Places where windows begin and end; the first is at the start of the table, one more at its end. */
const anyWindows = fc
  .record({
    first: fc.integer({ min: 1, max: SHOWN }),
    between: fc.array(fc.tuple(anyRow, fc.integer({ min: 1, max: SHOWN }))),
    last: anyRow,
  })
  .map(({ first, between, last }): [number, number][] => [
    [0, first],
    ...between.map(([from, rows]): [number, number] => [from, Math.min(from + rows, SHOWN)]),
    [last, SHOWN],
  ]);
const sampled = (windows: readonly [number, number][]): BoardReading => ({
  ...good,
  shown: [],
  complete: false,
  runs: windows.map(([from, to]) => ({
    rows: good.shown.slice(from, to),
    isStart: from === 0,
    isEnd: to === SHOWN,
  })),
});
const anyHeader = fc.constantFrom(...openLlm.columns.map(({ header }) => header));

/** The differences of a reading that is refused; fails the test when it is not. */
function differences(reading: BoardReading, definition = smallBoard) {
  try {
    reconcile(definition, reading);
  } catch (error) {
    expect(error).toBeInstanceOf(BoardDriftError);
    if (error instanceof BoardDriftError) {
      expect(error.code).toBe('BOARD_DRIFT');
      expect(error.diff.length).toBeGreaterThan(0);
      expect(error.diff.length).toBeLessThanOrEqual(24);
      return error.diff;
    }
  }
  throw new Error('The reading was taken for good');
}

/** The reading with one shown row replaced. */
const withRow = (
  at: number,
  change: (row: BoardReading['shown'][number]) => object,
): BoardReading => ({
  ...good,
  shown: good.shown.map((row, index) => (index === at ? { ...row, ...change(row) } : row)),
});

test.describe('reconcile', () => {
  test('takes a page that agrees with its payload, and explains what its filters hide', () => {
    const { status, shown, shownChecked, hidden, warnings } = reconcile(smallBoard, good);

    expect({ status, shownChecked, hidden, warnings }).toEqual({
      status: 'verified',
      shownChecked: someRows.length - 1,
      hidden: 1,
      warnings: [],
    });
    const ids = someRows.map((row) => openLlm.identity(row));
    expect(shown.every(({ identity }) => ids.includes(identity))).toBe(true);
  });

  test('takes the whole real board, and knows it again by count and hash', () => {
    expect(FROZEN_ROWS).toBe(4576);
    expect(reconcile(openLlm, goodReading(realRows))).toMatchObject({
      status: 'verified',
      hidden: 7,
    });
    expect(identitiesSha256(realRows.map((row) => openLlm.identity(row)))).toBe(
      openLlm.frozen?.identitiesSha256,
    );
  });

  test('takes any windows that begin and end the table, and counts a row once', () => {
    fc.assert(
      fc.property(anyWindows, (windows) => {
        const { shown, shownChecked } = reconcile(smallBoard, sampled(windows));

        const seen = good.shown.filter((_row, place) =>
          windows.some(([from, to]) => from <= place && place < to),
        );
        expect(shownChecked).toBe(seen.length);
        expect(shown.map(({ index }) => index)).toEqual(seen.map(({ index }) => index));
      }),
    );
  });

  test('refuses windows without the first or the last row, and a lost or strange row in one', () => {
    fc.assert(
      fc.property(anyWindows, fc.nat(), fc.nat(), (windows, one, row) => {
        const reading = sampled(windows);
        const { runs = [] } = reading;
        const at = one % runs.length;
        const place = row % (runs[at]?.rows.length ?? 1);
        const withRows = (change: (run: ShownRun) => ShownRun['rows']): BoardReading => ({
          ...reading,
          runs: runs.map((run, index) => (index === at ? { ...run, rows: change(run) } : run)),
        });

        differences({ ...reading, runs: runs.filter(({ isStart }) => !isStart) });
        differences({ ...reading, runs: runs.filter(({ isEnd }) => !isEnd) });
        differences(
          withRows(({ rows }) => rows.toSpliced(place, 0, ...rows.slice(place, place + 1))),
        );
        const like = { identity: 'nobody/nothing', cells: good.shown[place]?.cells ?? {} };
        differences(withRows(({ rows }) => rows.toSpliced(place, 0, like)));
        const { rows, isStart, isEnd } = runs[at] ?? { rows: [], isStart: false, isEnd: false };
        const isAtEdge = (place === 0 && !isStart) || (place === rows.length - 1 && !isEnd);
        fc.pre(!isAtEdge); // a window that is a row smaller is a window too
        differences(withRows((run) => run.rows.toSpliced(place, 1)));
      }),
    );
  });

  test('refuses a page of which every row was to be read, and was not', () => {
    const [first, last] = [good.shown.slice(0, 20), good.shown.slice(21)];
    const runs = [
      { rows: first, isStart: true, isEnd: false },
      { rows: last, isStart: false, isEnd: true },
    ];

    expect(reconcile(smallBoard, { ...good, runs, complete: false }).status).toBe('verified');
    expect(differences({ ...good, runs })).toEqual([
      { what: 'rows on the page', expected: String(SHOWN), found: String(SHOWN - 1) },
    ]);
  });

  test('refuses one changed cell, and says which', () => {
    fc.assert(
      fc.property(anyRow, anyHeader, fc.string(), (at, header, text) => {
        const found = good.shown[at]?.cells[header];
        fc.pre(found !== text);
        const [difference] = differences(
          withRow(at, ({ cells }) => ({ cells: { ...cells, [header]: text } })),
        );

        if (header === 'Rank') return; // then it is another row, or none
        expect(difference).toMatchObject({ what: 'cell', expected: found, found: text });
        expect(difference?.where).toBe(`row ${at}, ${header}`);
      }),
    );
  });

  test('refuses a row that the page shows and did not load', () => {
    fc.assert(
      fc.property(anyRow, (at) => {
        const [difference] = differences(withRow(at, () => ({ identity: 'nobody/nothing' })));
        expect(difference).toMatchObject({ what: 'identity', found: 'nobody/nothing' });
      }),
    );
  });

  test('refuses two rows that changed places', () => {
    fc.assert(
      fc.property(anyRow, anyRow, (a, b) => {
        fc.pre(good.shown[a]?.identity !== good.shown[b]?.identity);
        const shown = good.shown.map((row, at) => {
          const other = at === a ? good.shown[b] : at === b ? good.shown[a] : undefined;
          return other ?? row;
        });
        differences({ ...good, shown });
      }),
    );
  });

  test('refuses a lost row, in the document or in the payload', () => {
    fc.assert(
      fc.property(anyRow, (at) => {
        const shown = good.shown.toSpliced(at, 1);
        differences({ ...good, shown });
        differences({ ...good, loaded: someRows.toSpliced(at, 1) });
      }),
    );
  });

  test('refuses a count that is not the number of rows', () => {
    fc.assert(
      fc.property(fc.option(fc.nat()), fc.constantFrom('shown', 'total'), (count, key) => {
        fc.pre(count !== good.stated[key === 'shown' ? 'shown' : 'total']);
        differences({ ...good, stated: { ...good.stated, [key]: count } });
      }),
    );
  });

  test('refuses a missing or renamed column, and names the new one', () => {
    const required = openLlm.columns.filter((it) => it.required !== false).map((it) => it.header);
    fc.assert(
      fc.property(fc.constantFrom(...required), (header) => {
        const without = good.headers.filter((it) => it !== header);
        expect(differences({ ...good, headers: without })[0]).toMatchObject({
          what: 'header',
          expected: header,
        });

        const [difference] = differences({ ...good, headers: [...without, `${header} ⬆️`] });
        expect(difference?.found).toContain(`${header} ⬆️`);
      }),
    );
  });

  test('warns of a new column, and reads the others by their headers in any order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(good.headers, { minLength: good.headers.length }),
        (headers) => {
          const { status, warnings } = reconcile(smallBoard, {
            ...good,
            headers: [...headers, 'Arena'],
          });
          expect({ status, warnings }).toEqual({
            status: 'verified',
            warnings: ['The page has new columns: "Arena"'],
          });
        },
      ),
    );
  });

  test('refuses a header that occurs twice, a filter it does not know, an identity twice or none', () => {
    differences({ ...good, headers: [...good.headers, 'Average'] });
    differences({ ...good, filters: [...good.filters, 'official=true'] });
    differences({ ...good, filters: good.filters.slice(0, 1) });
    differences({ ...good, loaded: [...someRows.slice(1), someRows[1]] });
    differences({ ...good, loaded: [...someRows.slice(1), {}] });
  });

  test('refuses a frozen board that has other rows, though as many', () => {
    const [first, ...rest] = realRows;
    const other = { ...(first as object), id: 'other' };

    expect(differences(goodReading([other, ...rest]), openLlm)[0]?.what).toContain('sha256');
    expect(differences(goodReading(rest), openLlm)[0]?.what).toContain('frozen since 2025-03-15');
  });

  test('takes the payload of a page that shows its own error, if the payload is whole', () => {
    const broken = { ...good, shown: [], headers: [], pageError: 'quota' };
    const none = { shown: null, total: null };

    expect(reconcile(smallBoard, { ...broken, stated: none, complete: false })).toMatchObject({
      status: 'loaded_only',
      shownChecked: 0,
      warnings: [expect.stringContaining('quota')],
    });
    differences({ ...broken, stated: none, loaded: someRows.slice(0, 5) });
  });

  test('takes a page that loads nothing only when every row was read', () => {
    const shownOnly = {
      ...good,
      loaded: null,
      loadedFrom: null,
      stated: { shown: SHOWN, total: SHOWN },
    };

    expect(
      reconcile(
        { ...smallBoard, minimumRows: 1 },
        {
          ...shownOnly,
          shown: good.shown.slice(0, 1),
          stated: { shown: 1, total: 1 },
        },
      ).status,
    ).toBe('verified');
    differences({ ...shownOnly, complete: false });
    differences({ ...shownOnly, shown: good.shown.slice(1) });
  });
});
