import { uniqueHeaders, type TableRow } from '../../../src/boards/table.ts';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import { foldSpace } from '../../../src/boards/text.ts';
import {
  column,
  model,
  score,
  tableBoard,
  type TableColumn,
} from '../../../src/boards/table-board.ts';
import { mutationsOf, type GradioMutation } from '../../replica/gradio/mutations.ts';
import { numberedTable } from '../../replica/gradio/real-tables.ts';
import {
  startGradio,
  type GradioGeneration,
  type GradioOptions,
  type GradioTable,
} from '../../replica/gradio/server.ts';
import type { PageCase } from './run-cases.ts';

const TARGET = { table: 'board', required: 'Average', identity: 'Model' };

/** Rows enough for several windows of every generation. */
const table: GradioTable = numberedTable(TARGET.table, 120);

const columns = (headers: readonly string[]): TableColumn[] =>
  headers.map((header) => {
    if (header === TARGET.identity) return model(header);
    const name = header.toLowerCase();
    return header === TARGET.required
      ? score(header, name, { unit: 'percent', range: [0, 100] })
      : column(header, name);
  });

/** Every way in which a page of a generation changes; with a definition, or found out. */
export function gradioCases(generation: GradioGeneration, described: boolean): PageCase[] {
  return mutationsOf(generation, TARGET).map((mutation) => caseOf(generation, mutation, described));
}

function caseOf(
  generation: GradioGeneration,
  mutation: GradioMutation,
  described: boolean,
): PageCase {
  const options = mutation.change({ generation, tables: [table] });
  const must = described ? mutation.expect : (mutation.generic ?? mutation.expect);
  return {
    name: `${generation} ${mutation.name}${described ? '' : ' (undescribed)'}`,
    must,
    async start() {
      const { url, spaceUrl, close } = await startGradio(options);
      return { url: mutation.throughSpace ? spaceUrl : url, close };
    },
    board: (id, url) =>
      described
        ? tableBoard({
            id,
            url,
            title: id,
            renderer: 'gradio',
            licence: 'none',
            identity: ['model'],
            minimumRows: 2,
            columns: columns(table.headers),
          })
        : { id, url },
    wrongWith: (snapshot) => wrongWith(snapshot, candidates(options, described)),
  };
}

/** The table that must be read; of an undescribed page it may be any that is like a leaderboard. */
const candidates = ({ tables }: GradioOptions, described: boolean): GradioTable[] =>
  tables.filter(({ id, visible }) =>
    described ? id === TARGET.table || id === 'copy' || id === 'hidden' : visible !== false,
  );

function wrongWith({ loaded, shown }: BoardSnapshot, tables: readonly GradioTable[]) {
  const found = tables.map(
    (it) =>
      loaded === null
        ? wrongTexts(
            shown.map(({ cells }) => cells),
            it,
          )
        : wrongValues(loaded as TableRow[], it), // of a table board
  );
  return found.includes(null) ? null : found.join('; ');
}

function wrongValues(rows: readonly TableRow[], { headers, rows: behind }: GradioTable) {
  if (rows.length !== behind.length) return `${rows.length} rows, not ${behind.length}`;
  const keys = uniqueHeaders(headers.map(foldSpace));
  for (const [y, values] of behind.entries()) {
    const row = rows[y] ?? {};
    for (const [x, value] of values.entries()) {
      const cell = row[keys[x] ?? ''];
      const isSame = cell && JSON.stringify(cell.value ?? null) === JSON.stringify(value);
      if (!isSame) return `row ${y}, ${keys[x]}: ${JSON.stringify(cell)} for ${String(value)}`;
    }
    if (Object.keys(row).length !== keys.length) return `row ${y} has other columns`;
  }
  return null;
}

/** Of a page whose values could not be had, the texts must say the same. */
function wrongTexts(
  rows: readonly Record<string, string>[],
  { headers, rows: behind }: GradioTable,
) {
  if (rows.length !== behind.length) return `${rows.length} rows, not ${behind.length}`;
  const keys = uniqueHeaders(headers.map(foldSpace));
  for (const [y, values] of behind.entries()) {
    for (const [x, value] of values.entries()) {
      const text = rows[y]?.[keys[x] ?? ''];
      const said = textOf(value);
      if (text !== said && !(value === null && text === 'null')) {
        return `row ${y}, ${keys[x]}: ${text} for ${said}`;
      }
    }
  }
  return null;
}

/** What a page shows of a value, of a link its text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return /^\[(.+)\]\(.+\)$/.exec(value)?.[1] ?? value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
