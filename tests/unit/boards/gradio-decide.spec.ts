import { expect, test } from '@playwright/test';
import { column, tableBoard } from '../../../src/boards/table-board.ts';
import { readConfig } from '../../../src/crawlers/renderers/gradio/config.ts';
import { decide, type PageState } from '../../../src/crawlers/renderers/gradio/decide.ts';
import { replayWire } from '../../../src/crawlers/renderers/gradio/replay.ts';
import { tableValue } from '../../../src/crawlers/renderers/gradio/table-value.ts';

interface Given {
  label: string;
  headers: string[];
  rows?: unknown[][];
  /** @default true */
  drawn?: boolean;
}

const ROWS = [['a', 1, true, 'x']];

/** A page that has come to rest, with these tables. */
function pageOf(given: readonly Given[]): PageState {
  const config = readConfig({
    version: '5.49.1',
    components: given.map(({ label, headers, rows = ROWS }, id) => {
      const value = { headers, data: rows.map((row) => row.slice(0, headers.length)) };
      return { id, type: 'dataframe', props: { label, value } };
    }),
    dependencies: [],
  });
  if (!config) throw new Error('no config');
  const { components } = config;
  const tables = [...components.values()].flatMap((it) => tableValue(it) ?? []);
  const shown = given.filter(({ drawn = true }) => drawn);
  const drawnTables = shown.map(({ label, headers, rows = ROWS }) => ({
    ids: [],
    label,
    headers,
    drawn: rows.length,
    visible: true,
    busy: false,
    error: null,
    stated: null,
  }));
  const survey = { tables: drawnTables, tabs: [], text: '' };
  return { config, components, tables, survey, replay: replayWire(), quiet: true };
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
function decided(state: PageState, definition: ReturnType<typeof definitionOf> | null): string {
  const decision = decide(state, definition);
  return decision.kind === 'read' ? (decision.source?.label ?? 'unknown') : decision.kind;
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
