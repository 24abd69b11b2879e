import { expect, test } from '@playwright/test';
import { EtlError } from '../../../src/errors.ts';
import { column, tableBoard } from '../../../src/boards/table-board.ts';
import { readConfig } from '../../../src/crawlers/kinds/gradio/config.ts';
import { nextStep } from '../../../src/crawlers/kinds/gradio/choose.ts';
import { Replay } from '../../../src/crawlers/kinds/gradio/replay.ts';
import { tableValue } from '../../../src/crawlers/kinds/gradio/table-value.ts';
import type { AppState } from '../../../src/crawlers/kinds/gradio/watch.ts';

interface Given {
  label: string;
  headers: string[];
  rows?: unknown[][];
  /** @default true */
  drawn?: boolean;
}

const ROWS = [['a', 1, true, 'x']];

/** A page that has come to rest, with these tables. */
function pageOf(given: readonly Given[]): AppState {
  const config = readConfig({
    version: '5.49.1',
    components: given.map(({ label, headers, rows = ROWS }, id) => {
      const value = { headers, data: rows.map((row) => row.slice(0, headers.length)) };
      return { id, type: 'dataframe', props: { label, value, datatype: 'markdown' } };
    }),
    dependencies: [],
  });
  if (!config) throw new Error('no config');
  const { components } = config;
  const tables = [...components.values()].flatMap((it) => tableValue(it) ?? []);
  const shown = given.filter(({ drawn = true }) => drawn);
  const drawnTables = shown.map(({ label, headers, rows = ROWS }) => ({
    ...{ ids: [], label, headers, drawn: rows.length, overlay: '', stated: null },
  }));
  const look = { tables: drawnTables, tabs: [], config: null, text: '' };
  return { config, components, tables, look, replay: new Replay(), quiet: true };
}

const definitionOf = (...headers: string[]) =>
  tableBoard({
    id: 'test',
    title: 'test',
    url: 'http://localhost/',
    renderer: 'gradio',
    licence: 'none',
    identity: ['column-0'],
    columns: headers.map((header, place) => column(header, `column-${place}`)),
    minimumRows: 0,
  });

/** The label of the table that is read, or what is done instead. */
function decided(shown: AppState, definition: ReturnType<typeof definitionOf> | null): string {
  try {
    const step = nextStep(shown, { definition });
    return step.kind === 'read' ? step.table.label : step.kind;
  } catch (error) {
    if (error instanceof EtlError) return 'refuse';
    throw error;
  }
}

const wide = { label: 'wide', headers: ['Model', 'Score', 'Open', 'Notes'] };
const narrow = { label: 'narrow', headers: ['Model', 'Score'] };

test.describe('of tables that have the columns of a definition', () => {
  for (const tables of [
    [wide, narrow],
    [narrow, wide],
  ]) {
    const order = tables.map(({ label }) => label).join(' before ');
    test(`the one without other columns is meant, ${order}`, () => {
      expect(decided(pageOf(tables), definitionOf('Model', 'Score'))).toBe('narrow');
      expect(decided(pageOf(tables), definitionOf(...wide.headers))).toBe('wide');
    });
  }

  test('an empty one without other columns is meant', () => {
    const state = pageOf([wide, { ...narrow, rows: [] }]);

    expect(decided(state, definitionOf('Model', 'Score'))).toBe('narrow');
  });

  test('the only one is read with the columns that are new', () => {
    expect(decided(pageOf([wide]), definitionOf('Model', 'Score'))).toBe('wide');
  });

  test('one with more Markdown than is read is refused', () => {
    const row = ['x'.repeat(4000), 1];
    const of = (count: number) =>
      pageOf([{ ...narrow, rows: Array.from({ length: count }, () => row) }]);

    expect(decided(of(2000), definitionOf('Model', 'Score'))).toBe('narrow');
    expect(decided(of(2001), definitionOf('Model', 'Score'))).toBe('refuse');
  });

  test('two that fit equally well are refused, unless they are equal', () => {
    const other = { ...narrow, label: 'other', rows: [['b', 2]] };
    const wider = { ...wide, label: 'wider', rows: [['b', 2, true, 'x']] };
    const definition = definitionOf('Model', 'Score');

    expect(decided(pageOf([narrow, other, wide]), definition)).toBe('refuse');
    expect(decided(pageOf([wide, wider]), definition)).toBe('refuse');
    expect(decided(pageOf([narrow, { ...other, rows: ROWS }]), definition)).toBe('narrow');
  });
});

test.describe('of a page that has drawn nothing yet', () => {
  test('its tables are waited for', () => {
    const state = pageOf([{ ...wide, drawn: false }]);

    expect(decided(state, null)).toBe('wait');
    expect(decided(state, definitionOf('Model', 'Score'))).toBe('wait');
  });

  test('one without tables is refused', () => {
    expect(decided(pageOf([]), null)).toBe('refuse');
    expect(decided(pageOf([]), definitionOf('Model'))).toBe('refuse');
  });
});
