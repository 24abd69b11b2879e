import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { BoardDriftError } from '../../../src/boards/drift.ts';
import { formOf, rankOf, type NumberForm } from '../../../src/boards/form.ts';
import { inferBoard } from '../../../src/boards/infer.ts';
import { cleanBoard } from '../../../src/boards/rows/clean-board.ts';
import { UNRESOLVED } from '../../../src/boards/rows/rows.ts';
import { model, score, tableBoard } from '../../../src/boards/table-board.ts';
import { columnValue, type TableRow } from '../../../src/boards/table.ts';
import { reconcile } from '../../../src/crawlers/reconcile.ts';
import { loadedRows, tableSnapshot } from './table-reading.ts';

/** A column as a page shows it, what it loaded, and what that means. */
interface Case {
  header: string;
  cells: string[];
  loaded?: unknown[];
  means: {
    kind: string;
    values?: unknown[];
    unit?: string;
    metric?: string;
    header?: string;
    lower_is_better?: boolean;
    score?: boolean;
  };
}

/** Columns as real leaderboards show them, and what they mean: facts that were noted of their pages. */
const cases = readFileSync(new URL('fixtures/column-values.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case); // our own file

/** A table of the column beside one of names. */
function tableOf({ header, cells, loaded }: Case): TableRow[] {
  return cells.map((text, at) => ({
    ...(!/model/i.test(header) && { Model: { text: `org/m-${at}` } }),
    [header]: { text, ...(loaded && { value: loaded[at] }) },
    Note: { text: `note ${at}` },
  }));
}

const KINDS: Partial<Record<string, string[]>> = {
  number: ['number', 'percent'],
  text_or_number: ['number', 'text'],
  attribute: ['number'],
  rank: ['number'],
};

for (const it of cases) {
  test(`${it.header}: ${it.cells.join(' · ')}`, () => {
    const { header, means } = it;
    const rows = tableOf(it);
    const infer = () =>
      inferBoard({ id: 'b', url: 'https://example.org/' }, 'html', loadedRows(rows));
    if (means.kind === 'refuse') return expect(infer).toThrow(BoardDriftError);
    const { columns, notes } = infer();
    const column = columns.find((own) => own.header === header);
    if (!column) throw new Error(`no column ${header}`);
    expect(KINDS[means.kind] ?? [means.kind]).toContain(column.kind);
    if (means.kind === 'text') {
      expect(notes.join()).toContain(header);
      expect(column.score).toBeUndefined();
    }
    if (means.kind === 'rank') expect(column.name).toBe('rank');
    if (means.unit !== undefined) expect(column.unit).toBe(means.unit);
    if (means.metric !== undefined) expect(column.name).toBe(means.metric);
    if (means.lower_is_better !== undefined)
      expect(column.lowerIsBetter).toBe(means.lower_is_better);
    if (means.score === false) expect(column.score).toBeUndefined();
    const read = rows.map((row) =>
      means.kind === 'rank' ? rankOf(row[header]?.text ?? '') : columnValue(row, column),
    );
    if (means.values) expect(read).toEqual(means.values);
  });
}

const named = (header: string, cells: string[], names = cells.map((_, at) => `org/m-${at}`)) =>
  cells.map((text, at): TableRow => ({ Model: { text: names[at] ?? '' }, [header]: { text } }));

test('a loaded number may be written with a unit; months are no shares; a rank may say how it moved', () => {
  const sizes = [7, 1.5].map((value) => ({ text: `${value}B`, value }));
  expect(formOf('Params', sizes)).toMatchObject({ kind: 'number', form: { loaded: 1e9 } });
  const wrong = [...sizes, { text: '8B', value: 11 }];
  expect(formOf('Params', wrong)).toMatchObject({ kind: 'contradicted', text: '8B', value: 11 });
  expect(formOf('Added', [{ text: '05/2024' }, { text: '12/2024' }]).kind).toBe('undecided');
  expect(['1 ▲2', '#3', '2nd', '🥇', '🥈 2nd', '—'].map(rankOf)).toEqual([1, 3, 2, 1, 2, null]);
});

test('a scale in a header is the unit of numbers that have none themselves', () => {
  const unitOf = (...texts: string[]) =>
    formOf(
      '#Params (B)',
      texts.map((text) => ({ text })),
    );

  expect(unitOf('7', '0.5')).toMatchObject({ kind: 'number', unit: 'B', form: null });
  expect(unitOf('7B', '500M')).toMatchObject({ unit: 'parameters', form: { factors: { B: 1e9 } } });
});

test('what the crawl found out of numbers is what the tables are made with', () => {
  const rows = named('Fehler', ['0,521', '1,4'], ['🥇 org/a', 'org/b 🆕']);
  const inferred = inferBoard({ id: 'b', url: 'https://example.org/' }, 'html', loadedRows(rows));
  const { entries, scores } = cleanBoard(
    { ...tableSnapshot('b', []), loaded: rows, inferred },
    {
      run: 'r',
      capturedAt: '2026-11-29T00:00:00Z',
      resolve: () => UNRESOLVED,
    },
  );
  expect(scores.map(({ value, value_text }) => [value, value_text])).toEqual([
    [0.521, '0,521'],
    [1.4, '1,4'],
  ]);
  expect(entries.map((it) => [it.entry_id, it.model_name])).toEqual([
    ['org/a', 'org/a'],
    ['org/b', 'org/b'],
  ]);
});

test('a board that is described is refused where its numbers are not written as it says', () => {
  const columns = [model(), score('Score', 'score')];
  const board = { id: 'b', title: 'b', url: 'https://example.org/', renderer: 'html' };
  const described = (form?: NumberForm) =>
    tableBoard({
      ...{ ...board, licence: 'none', identity: ['model'], minimumRows: 1 },
      columns: columns.map((it) => (it.name === 'score' && form ? { ...it, form } : it)),
    });
  const reading = loadedRows(named('Score', ['0,521', '0,498', '1,000']));
  expect(() => reconcile(described(), reading)).toThrow(/plain numbers/);
  const { status } = reconcile(described({ decimal: ',', factors: { '': 1 } }), reading);
  expect(status).toBe('verified');
  const points = loadedRows(named('Score', ['52.1', '49.8', '100']));
  expect(() => reconcile(described({ decimal: ',', factors: { '': 1 } }), points)).toThrow(/52\.1/);
});

test('numbers of every plain form are read as before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
      (numbers) => {
        const found = formOf(
          'Score',
          numbers.map((it) => ({ text: String(it) })),
        );
        expect(found).toMatchObject({ kind: 'number', form: null, unread: [] });
      },
    ),
  );
});
