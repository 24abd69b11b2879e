import { cleanBoard } from '../../../src/boards/rows/clean-board.ts';
import type { BoardRows, EntryRow } from '../../../src/boards/rows/rows.ts';
import type { BoardSnapshot } from '../../../src/boards/snapshot.ts';
import { isObject } from '../../../src/boards/values.ts';
import type { BoardOutcome } from '../../../src/crawlers/board-crawl.ts';
import type { Cell, Column } from './columns.ts';
import { isFetched, isPreview, type DrawnPage, type View } from './page.ts';

/**
 * `exact`: the whole board, each cell as it is shown, each number what it means or kept as text with a
 * warning. `said`: other rows of the page, which the capture names. `refused`: nothing was taken.
 * Anything else is `wrong`.
 */
export type Verdict = 'exact' | 'said' | 'refused' | 'wrong';

export interface Judgement {
  verdict: Verdict;
  /** Of a refusal its reason, of a wrong board what is wrong. */
  why: string;
}

const wrong = (why: string): Judgement => ({ verdict: 'wrong', why });

/** Compares what came of a page with what is true of it; values are read by nobody but the generator. */
export function judge(
  page: DrawnPage,
  outcome: BoardOutcome,
  snapshot: BoardSnapshot | undefined,
): Judgement {
  if (!snapshot) return { verdict: 'refused', why: outcome.error?.message ?? outcome.status };
  const headers = headersOf(page, snapshot.headers);
  if (typeof headers === 'string') return wrong(headers);
  const faults = page.views.map(({ rows }) => rowFault(rows, { headers, snapshot }));
  const fitting = page.views.filter((_view, at) => faults[at] === '');
  const view = fitting.find(({ name }) => isNamed(name, snapshot)) ?? fitting[0];
  if (!view) return wrong(faults.join('; '));
  const read = { headers, snapshot, outcome };
  const fault = proofFault(page, snapshot) || valueFault(view.rows, read);
  return fault === '' ? wholeness(page, view, snapshot) : wrong(fault);
}

/** Whether right rows are all, or are named. */
function wholeness({ views: [whole] }: DrawnPage, view: View, snapshot: BoardSnapshot): Judgement {
  const { variant, hidden } = snapshot;
  const missing = (whole?.rows.length ?? 0) - view.rows.length;
  if (view.name === null && missing === 0 && hidden === 0) return { verdict: 'exact', why: '' };
  const isSaid = isNamed(view.name, snapshot) || (missing > 0 && hidden === missing);
  return isSaid
    ? { verdict: 'said', why: variant }
    : wrong(`${missing} rows are missing, variant "${variant}"`);
}

const isNamed = (name: string | null, { variant }: BoardSnapshot): boolean =>
  name === null || variant.includes(name);

/** What a person calls a column: letters, digits and `+` of it. */
const called = (header: string): string =>
  header
    .replace(/\(\d+\)$/, '')
    .replaceAll(/[^\p{L}\p{N}+#%]/gu, '')
    .toLowerCase();

type Headers = ReadonlyMap<Column, string>;

/** The header of each column in the capture; what is wrong with them, in words. */
function headersOf({ columns, hidden }: DrawnPage, headers: readonly string[]): Headers | string {
  const left = [...headers];
  const found = new Map<Column, string>();
  for (const column of columns) {
    if (hidden.has(column)) continue;
    const names = [`${column.group ?? ''}${column.header}`, column.header].map(called);
    const header = names.flatMap((name) => left.filter((it) => called(it) === name))[0];
    if (header === undefined) return `no column "${column.header}" in ${headers.join(' | ')}`;
    left.splice(left.indexOf(header), 1);
    found.set(column, header);
  }
  return found;
}

interface Read {
  headers: Headers;
  snapshot: BoardSnapshot;
}

/** The first thing in which rows are not those that are shown; '' for nothing. */
function rowFault(rows: readonly number[], { headers, snapshot }: Read): string {
  const { shown } = snapshot;
  if (shown.length !== rows.length) return `${shown.length} rows, not ${rows.length}`;
  for (const [place, row] of rows.entries()) {
    for (const [column, header] of headers) {
      const [expected, found] = [column.cells[row]?.text ?? '', shown[place]?.cells[header] ?? ''];
      if (expected !== found)
        return `row ${place}, ${column.header}: "${found}", not "${expected}"`;
    }
  }
  return '';
}

/** A proof that there cannot be. */
function proofFault(page: DrawnPage, { proof }: BoardSnapshot): string {
  const { payload, relation, beside } = page.ways;
  if (proof !== 'payload') return isPreview(page) ? `a preview, ${proof}` : '';
  const isLoaded = payload !== 'none' && relation === 'same' && beside !== 'equal';
  return isLoaded || isFetched(page) ? '' : 'proof of a payload that there is none';
}

interface Typed extends Read {
  outcome: BoardOutcome;
}

/** The first value that is not what its cell means; '' for none. */
function valueFault(rows: readonly number[], typed: Typed): string {
  const read = cleanBoard(typed.snapshot, {
    run: 'test',
    capturedAt: '2026-01-01T00:00:00Z',
    resolve: () => ({ modelId: null, _id: null, method: 'none', confidence: 0 }),
  });
  if (read.entries.length !== rows.length) {
    return `${read.entries.length} entries of ${rows.length} rows, ${read.duplicates} taken for doubles`;
  }
  for (const [column, header] of typed.headers) {
    const fault = columnFault(column, rows, { ...typed, read, header });
    if (fault !== '') return `${column.header}: ${fault}`;
  }
  return '';
}

interface TypedColumn extends Typed {
  read: BoardRows;
  header: string;
}

function columnFault(column: Column, rows: readonly number[], typed: TypedColumn): string {
  const { read, outcome, header } = typed;
  const given = outcome.inferred?.columns.find((it) => it.header === header);
  const cells = rows.map((row) => column.cells[row]);
  const faultOf = (check: (cell: Cell, entry: EntryRow, at: number) => string): string =>
    read.entries
      .map((entry, at) => (cells[at] ? check(cells[at], entry, at) : 'no such row'))
      .find((it) => it !== '') ?? '';
  switch (column.kind) {
    case 'model':
      return faultOf((cell, entry) =>
        differs(cell.text, entry.model_name, [cell.meant, cell.text]),
      );
    case 'rank':
      return faultOf((cell, entry) =>
        differs(cell.text, entry.rank_stated, [cell.meant, ...(cell.text === '' ? [null] : [])]),
      );
    case 'text':
    case 'date':
      return faultOf((cell, entry) => {
        const value = attributeOf(entry, given?.name);
        const isBoolean = { '✓': true, '✗': false }[cell.text];
        return differs(cell.text, value ?? '', [cell.text, isBoolean]);
      });
    case 'number':
      return numberFault(column, cells, {
        ...typed,
        faultOf,
        name: given?.name ?? '',
        kind: given?.kind ?? 'text',
      });
  }
}

const attributeOf = ({ attributes }: EntryRow, name = ''): unknown =>
  isObject(attributes) ? attributes[name] : undefined;

const differs = (text: string, found: unknown, allowed: readonly unknown[]): string =>
  allowed.includes(found) ? '' : `"${text}" was read as ${JSON.stringify(found)}`;

interface TypedNumbers extends TypedColumn {
  faultOf: (check: (cell: Cell, entry: EntryRow, at: number) => string) => string;
  name: string;
  kind: string;
}

function numberFault(
  column: Column,
  cells: readonly (Cell | undefined)[],
  { read, outcome, header, faultOf, name, kind }: TypedNumbers,
): string {
  if (kind === 'text') {
    const isEmpty = cells.every((cell) => cell?.meant === null);
    const isTold = outcome.warnings.some((it) => it.includes(`"${header}"`));
    return isTold || isEmpty ? '' : 'kept as text without a warning';
  }
  const inferred = outcome.inferred?.columns.find((it) => it.header === header);
  const { lowerIsBetter: lower = column.lower, unit = '' } = inferred ?? {};
  if (lower !== column.lower) return `lower is better: ${lower}`;
  const factor = column.units?.[unit];
  if (factor === undefined) return `the unit "${unit}"`;
  const scores = read.scores.filter((it) => it.header === header);
  const byEntry = new Map(scores.map((it) => [it.entry_id, it.value]));
  return faultOf((cell, entry) => {
    const found = byEntry.get(entry.entry_id) ?? attributeOf(entry, name) ?? null;
    if (cell.meant === null) return differs(cell.text, found, [null]);
    const isRight =
      typeof found === 'number' && isAlmost(found * factor, Number(cell.meant), cell.text);
    return isRight ? '' : `"${cell.text}" was read as ${JSON.stringify(found)} ${unit}`;
  });
}

/** Whether two numbers are one, where a text has so many decimals of it. */
function isAlmost(found: number, wanted: number, text: string): boolean {
  const decimals = /[.,](\d+)/.exec(text)?.[1]?.length ?? 0;
  const isSmall = Math.abs(wanted) < 1000 && !/[kMB]/.test(text);
  const slack = isSmall ? 0.51 * 10 ** -decimals : 1e-9 * Math.abs(wanted);
  return Math.abs(found - wanted) <= slack;
}
