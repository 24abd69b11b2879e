import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { BoardDriftError } from '../../../src/boards/drift.ts';
import { identitiesSha256 } from '../../../src/boards/identities.ts';
import { reconcile } from '../../../src/crawlers/reconcile.ts';
import type { BoardReading } from '../../../src/boards/reading.ts';
import { openLlm } from '../../../src/boards/definitions/open-llm.ts';
import {
  FROZEN_ROWS,
  goodReading,
  openLlmRecords,
  realRows,
  smallBoard,
  someRows,
} from './reading.ts';

const good = goodReading();
const SHOWN = good.shown.length;
const anyRow = fc.nat({ max: SHOWN - 1 });
const anyHeader = fc.constantFrom(...good.headers);

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
    const ids = someRows.map((row) => openLlmRecords.identity(row));
    expect(shown.every(({ identity }) => ids.includes(identity))).toBe(true);
  });

  test('takes the whole real board, and knows it again by count and hash', () => {
    expect(FROZEN_ROWS).toBe(4576);
    expect(reconcile(openLlm, goodReading(realRows))).toMatchObject({
      status: 'verified',
      hidden: 7,
    });
    expect(identitiesSha256(realRows.map((row) => openLlmRecords.identity(row)))).toBe(
      openLlm.frozen?.identitiesSha256,
    );
  });

  test('takes any sample of the shown rows', () => {
    fc.assert(
      fc.property(fc.subarray(good.shown, { minLength: 1 }), (shown) => {
        const { shownChecked } = reconcile(smallBoard, { ...good, shown, complete: false });
        expect(shownChecked).toBe(shown.length);
      }),
    );
  });

  test('refuses one changed cell, and says which', () => {
    fc.assert(
      fc.property(anyRow, anyHeader, fc.string(), (at, header, text) => {
        const found = good.shown[at]?.cells[header];
        fc.pre(found !== text);
        const [difference] = differences(
          withRow(at, ({ cells }) => ({ cells: { ...cells, [header]: text } })),
        );

        expect(difference).toMatchObject({ what: 'cell', expected: found, found: text });
        expect(difference?.where).toBe(`row ${at}, ${header}`);
      }),
    );
  });

  test('refuses two rows that changed places', () => {
    fc.assert(
      fc.property(anyRow, anyRow, (a, b) => {
        fc.pre(a !== b);
        const shown = good.shown.map((row, at) => {
          const other = at === a ? good.shown[b] : at === b ? good.shown[a] : undefined;
          return { ...(other ?? row), index: row.index };
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
        differences({ ...good, shown: shown.map((row, index) => ({ ...row, index })) });
        differences({ ...good, loaded: good.loaded?.toSpliced(at, 1) ?? null });
      }),
    );
  });

  test('refuses a count that is not the number of rows', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('shown', 'total'), (count, key) => {
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

        const [difference] = differences({ ...good, headers: [...without, `${header} now`] });
        expect(difference?.found).toContain(`${header} now`);
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
    const unfiltered = structuredClone({ ...good, filters: [...good.filters, 'official=true'] });
    delete unfiltered.kept;
    differences(unfiltered);
    const [, second = {}, ...rest] = good.loaded ?? [];
    differences({ ...good, loaded: [second, second, ...rest] });
    differences({ ...good, loaded: [{}, second, ...rest] });
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
    differences({ ...broken, stated: none, loaded: good.loaded?.slice(0, 5) ?? null });
  });
});
