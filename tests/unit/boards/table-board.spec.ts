import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  cellOf,
  columnValue,
  identityOf,
  numbered,
  uniqueHeaders,
  type TableRow,
} from '../../../src/boards/table.ts';
import { BoardDriftError } from '../../../src/boards/drift.ts';
import { identitiesSha256 } from '../../../src/boards/identities.ts';
import {
  column,
  model,
  score,
  tableBoard,
  type TableBoard,
} from '../../../src/boards/table-board.ts';
import { reconcile } from '../../../src/crawlers/reconcile.ts';
import type { BoardReading } from '../../../src/boards/reading.ts';
import { loadedRows } from './table-reading.ts';

const given: TableBoard = {
  id: 'asr',
  title: 'ASR',
  url: 'https://example.org/',
  renderer: 'html',
  licence: 'none',
  identity: ['model'],
  minimumRows: 10,
  columns: [
    model('Model'),
    score('WER ⬇️', 'wer', { aliases: ['Avg. WER'], range: [0, 100], missing: [-1] }),
    column('License', 'license', { required: false }),
  ],
};
const board = tableBoard(given);

const rowsOf = (count: number): TableRow[] =>
  Array.from({ length: count }, (_, place) => ({
    Model: { text: `org/model-${place}`, link: `https://huggingface.co/org/model-${place}` },
    'WER ⬇️': { text: String(place + 1), value: place + 1 },
    License: { text: place % 2 === 0 ? 'Open' : '' },
  }));

/** A page that is all right: all rows loaded, all read. */
const good = (rows: readonly TableRow[] = rowsOf(12)): BoardReading => loadedRows(rows);

/** What a reading is refused for; fails the test when it is taken. */
function refusal(reading: BoardReading, definition = board): string {
  try {
    reconcile(definition, reading);
  } catch (error) {
    if (!(error instanceof BoardDriftError)) throw error;
    return error.diff
      .map(({ what, where, expected, found }) => `${where ?? ''} ${what} ${expected} ${found}`)
      .join('\n');
  }
  throw new Error('it was taken');
}

test('a table that shows what it loaded is taken, each row with its identity', () => {
  const { status, shown, shownChecked, hidden, warnings } = reconcile(board, good());
  expect({ status, shownChecked, hidden, warnings }).toEqual({
    status: 'verified',
    shownChecked: 12,
    hidden: 0,
    warnings: [],
  });
  expect(shown[3]?.identity).toBe('org/model-3');
});

test('a sample of rows is enough where rows were loaded, and not where none were', () => {
  const sample = { ...good(), shown: good().shown.slice(4, 8), complete: false };
  expect(reconcile(board, sample).shownChecked).toBe(4);
  expect(refusal({ ...sample, loaded: null })).toContain('rows read');
});

test('rows that were only shown keep their places and links', () => {
  const shown = good().shown.map((row) => ({ ...row, links: { Model: 'https://x.org' } }));
  const result = reconcile(board, { ...good(), loaded: null, shown });
  expect(result.shown.map(({ identity }) => identity)).toEqual(
    rowsOf(12).map((row) => row['Model']?.text),
  );
});

test('any one cell that differs is refused, and named', () => {
  fc.assert(
    fc.property(fc.nat({ max: 11 }), fc.constantFrom(...good().headers), (place, header) => {
      const reading = good();
      const shown = reading.shown.map((row) =>
        row.index === place ? { ...row, cells: { ...row.cells, [header]: 'else' } } : row,
      );
      expect(refusal({ ...reading, shown })).toContain(`row ${place}, ${header} cell`);
    }),
  );
});

test('a renderer may say when two texts are the same', () => {
  const reading = good();
  const shown = reading.shown.map((row) => ({ ...row, cells: { ...row.cells, License: '…' } }));
  expect(refusal({ ...reading, shown })).toContain('cell');
  const agrees = (_loaded: unknown, cell: { text: string }): boolean => cell.text !== 'else';
  expect(reconcile(board, { ...reading, shown, agrees }).status).toBe('verified');
});

test('counts that are not the number of rows are refused', () => {
  const reading = good();
  for (const stated of [
    { shown: 11, total: null },
    { shown: null, total: 13 },
  ]) {
    expect(refusal({ ...reading, stated })).toContain('stated');
  }
  expect(refusal({ ...reading, shown: reading.shown.slice(1) })).toContain('rows on the page');
  const doubled = reading.shown.map((row, place) => (place === 5 ? { ...row, index: 4 } : row));
  expect(refusal({ ...reading, shown: doubled })).toContain('places of rows read');
  expect(refusal({ ...reading, shown: [] })).toContain('rows on the page');
});

test('a filter hides rows only as the renderer knows it', () => {
  const reading = good();
  const kept = [0, 2, 4];
  const shown = good(rowsOf(12).filter((_row, place) => kept.includes(place))).shown;
  const filtered = { ...reading, filters: ['Hide models=Flagged'], shown };
  expect(reconcile(board, { ...filtered, kept }).hidden).toBe(9);
  expect(refusal(filtered)).toContain('filter in force');
});

test('columns are found by header or earlier header, in any order; a missing one is named', () => {
  const renamed = rowsOf(12).map(({ 'WER ⬇️': wer, ...rest }) => ({
    'Avg. WER': wer ?? { text: '' },
    ...rest,
  }));
  expect(reconcile(board, good(renamed)).warnings).toEqual([]);
  const unknown = rowsOf(12).map(({ 'WER ⬇️': wer, ...rest }) => ({
    ...rest,
    Speed: wer ?? { text: '' },
  }));
  expect(refusal(good(unknown))).toBe(' header WER ⬇️ no such header, but new: "Speed"');
  const more = rowsOf(12).map((row) => ({ ...row, New: { text: 'x' } }));
  expect(reconcile(board, good(more)).warnings).toEqual(['The page has new columns: "New"']);
});

test('a column that we know and that stands there twice is refused', () => {
  const twice = rowsOf(12).map((row) => ({ ...row, 'WER ⬇️ (2)': { text: '1' } }));
  expect(refusal(good(twice))).toContain('twice');
});

test('a column that says something else under its old header is refused', () => {
  const withScores = (text: (place: number) => string) =>
    good(rowsOf(12).map((row, place) => ({ ...row, 'WER ⬇️': { text: text(place) } })));
  expect(refusal(withScores(() => 'Open'))).toContain('numbers');
  expect(refusal(withScores(() => '5.0'))).toContain('in every row');
  expect(refusal(withScores(() => '-'))).toContain('some none');
  expect(refusal(withScores((place) => String(place * 100)))).toContain('0 to 100');
  // A remark here and there, and -1 for what was not measured, are no other column.
  const remarks = withScores((place) => (place === 0 ? 'n/a' : place === 1 ? '-1' : String(place)));
  expect(reconcile(board, remarks).status).toBe('verified');
});

test('an entry listed twice is refused, unless the board means it', () => {
  const rows = rowsOf(12).map((row, place) => ({
    ...row,
    Model: { text: place < 2 ? 'org/same' : `m${place}` },
  }));
  expect(refusal(good(rows))).toContain('distinct identities');
  const { shown } = reconcile(tableBoard({ ...given, repeats: true }), good(rows));
  expect(shown.slice(0, 3).map(({ identity }) => identity)).toEqual([
    'org/same',
    'org/same #2',
    'm2',
  ]);
});

test('a frozen board is known again by count and hash', () => {
  const identities = rowsOf(12).map((row) => row['Model']?.text ?? '');
  const frozen = { rows: 12, since: '2024-07-13', identitiesSha256: identitiesSha256(identities) };
  const archive = tableBoard({ ...given, frozen });
  expect(reconcile(archive, good()).status).toBe('verified');
  expect(refusal(good(rowsOf(13)), archive)).toContain('frozen since 2024-07-13');
  const changed = rowsOf(12).map((row, place) =>
    place === 7 ? { ...row, Model: { text: 'org/other' } } : row,
  );
  expect(refusal(good(changed), archive)).toContain('sha256');
});

const anyCell = fc.oneof(
  fc.anything(),
  fc.record({ text: fc.string(), value: fc.anything() }, { requiredKeys: ['text'] }),
);

test('any row has a value, an identity and a text, and never an exception', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom('Model', 'WER ⬇️', 'x'), anyCell)),
      fc.constantFrom('number', 'percent', 'boolean', 'date', 'model', 'text', '__proto__'),
      (row, kind) => {
        expect(typeof identityOf(row, [{ header: 'Model' }])).toBe('string');
        const value = columnValue(row, { header: 'Model', kind, missing: [-1] });
        if (kind === 'number') expect(value ?? 0).toEqual(expect.any(Number));
        expect(cellOf(row, { header: 'toString' })).toBeUndefined();
      },
    ),
  );
});

test('headers and identities are made unique, the first of each unchanged', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'a (2)', 'b', '')), (headers) => {
      const unique = uniqueHeaders(headers);
      expect(new Set(unique).size).toBe(headers.length);
      headers.forEach((header, place) => {
        if (headers.indexOf(header) === place && !header.endsWith(')'))
          expect(unique[place]).toBe(header);
      });
    }),
  );
  expect(uniqueHeaders(['Score', 'Score', 'Score (2)'])).toEqual([
    'Score',
    'Score (2)',
    'Score (2) (2)',
  ]);
  expect(numbered(['a', 'b', 'a', '', ''])).toEqual(['a', 'b', 'a #2', '', '']);
});

test('a flag whose header means the contrary is turned', () => {
  const row = { Merged: { text: 'true', value: true } };
  expect(columnValue(row, { header: 'Merged', kind: 'boolean', inverted: true })).toBe(false);
  expect(columnValue(row, { header: 'Merged', kind: 'boolean' })).toBe(true);
});
