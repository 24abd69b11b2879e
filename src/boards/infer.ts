import { BoardDriftError, differs, unreachable } from './drift.ts';
import { formOf, rankOf, type ColumnForm, type FormCell } from './form.ts';
import { cellOf, compactDate, identityOf, tableRow, uniqueKeys, type TableRow } from './table.ts';
import { booleanOf, dateOf, isMissing } from './values.ts';
import { headerName, HUB_ORIGIN, MODEL_HEADER } from './text.ts';
import type { BoardDefinition } from './definition.ts';
import { transposed } from './transposed.ts';
import { tableBoard, type TableBoard, type TableColumn } from './table-board.ts';
import type { BoardReading } from './reading.ts';

/** What is asked of a board that nobody described. */
export interface UndescribedBoard {
  id: string;
  url: string;
  /** @default found out */
  renderer?: string | undefined;
  /** Label of the table that is meant, or its place from 1. @default the one most like a leaderboard */
  table?: string | undefined;
}

/** So much of a column must be of a kind before the column is. */
const MOST = 0.9;
const RANK_HEADER = /^(#|№|no\.|rank\b.*|place|pos(ition)?|排名|名次|順位|순위)$/i;
const DATE_HEADER = /\b(date|day|released?|updated|added|created)\b|日期/i;
/** Directions that are known by name. An arrow may be the state of sorting, and says nothing. */
const LOWER_HEADER =
  /\b(wer|cer|mer|errors?|perplexity|ppl|latency|ttft|loss|hallucination rate|costs?|prices?|mse|mae|rmse|brier|(mean|avg|average) rank)\b/i;
const HIGHER_HEADER =
  /\b(acc(uracy)?|elo|arena score|rating|resolved|solved|pass [0-9]+|win rate|success rate|f1|exact match|bleu|rouge|chrf|ndcg|mrr|recall|precision)\b/i;
/** Numbers that say what a model is, or how it is liked: nobody measured them in a benchmark. */
const FACT_HEADER =
  /❤|♥|\b(hearts?|likes?|votes?|downloads?|stars|(num )?params?|parameters|(model|file|disk) size|size b|timestamp|co2|memory (usage|mb|gb)|embedding dim(ension)?s?|max tokens|(context|sequence) (length|window|size)|vocab(ulary)? size)\b|^(context|size|unnamed \d+)$|^(date|created|updated|released)( at)?$|\byears?$|^((num(ber)?|total|no|n) )?(of )?(samples?|examples?|questions?|instances?)$/i;

/** What was found out of a page, and what a person should know of it. */
export interface InferredBoard extends TableBoard {
  /** Sentences: columns that could not be decided, cells that were not read. */
  notes: string[];
  /** Names of columns that stay text, though they have numbers: these may mean two things. */
  undecided: string[];
}

/**
 * Describes a board by what its table shows: kinds of columns by their cells, the model by its header
 * or by links to the Hub, the identity as the fewest columns that tell the rows apart.
 *
 * @throws {EtlError} BOARD_UNREACHABLE when the table is transposed, or has no rows or no column that could name a model;
 * BOARD_DRIFT when a column shows other numbers than were loaded
 */
export function inferBoard(
  board: UndescribedBoard,
  renderer: string,
  reading: BoardReading,
): InferredBoard {
  const rows = reading.loaded ?? reading.shown.map(tableRow);
  const headers = Object.keys(rows[0] ?? {});
  const notes: string[] = [];
  const undecided = new Set<string>();
  const turned = transposed(
    headers,
    headers.map((header) => cellsOf(rows, header)),
  );
  if (turned !== null) throw unreachable(`The table is transposed: ${turned}`);
  const found = headers.map((header) => {
    const cells = rows.map((row) => cellOf(row, { header }) ?? { text: '' });
    const form = formOf(header, cells);
    if (form.kind === 'contradicted') {
      const { text, value } = form;
      throw new BoardDriftError(board.id, [
        { ...differs('loaded value', text, value), where: header },
      ]);
    }
    const column = columnOf(header, cells, form);
    const note = noteOf(column, form);
    if (note !== null) notes.push(note);
    if (form.kind === 'undecided') undecided.add(header);
    return column;
  });
  const alike = (reading.controls ?? []).find(({ label }) => label === 'table');
  if (alike)
    notes.push(`Several tables have these columns; ${alike.value} was read, --table names another`);
  const withModel = markModel(nameColumns(found), rows);
  const { identity, repeats } = identityColumns(withModel, rows);
  return {
    id: board.id,
    title: board.id,
    url: board.url,
    renderer,
    licence: 'not stated',
    identity,
    ...(repeats && { repeats }),
    columns: withModel,
    minimumRows: 1,
    notes,
    undecided: withModel
      .filter(({ header, kind }) => undecided.has(header) && kind === 'text')
      .map(({ name }) => name),
  };
}

/**
 * The same as a definition that the crawl can use at once. Nothing is required of its columns: they
 * are what was found.
 */
export const asFound = ({ columns, ...board }: TableBoard): BoardDefinition =>
  tableBoard({ ...board, columns: columns.map((it) => ({ ...it, required: false })) });

const cellsOf = (rows: readonly TableRow[], header: string): string[] =>
  rows.map((row) => row[header]?.text ?? '');

function columnOf(header: string, cells: readonly FormCell[], form: ColumnForm): TableColumn {
  const given = cells.map(({ text }) => text).filter((text) => !isMissing(text));
  const are = (test: (text: string) => boolean): boolean =>
    given.length > 0 && given.filter(test).length >= MOST * given.length;
  const named = headerName(header).trim();
  const base = { header, name: snakeCase(named) };
  if (RANK_HEADER.test(named) || (!/[\p{L}\p{N}]/u.test(named) && isCounted(given))) {
    return { ...base, name: 'rank', kind: 'number' };
  }
  if (are((text) => booleanOf(text) !== null)) return { ...base, kind: 'boolean' };
  const isCompact = DATE_HEADER.test(named) && are((text) => compactDate(text) !== null);
  if (isCompact || are((text) => dateOf(text) !== null)) return { ...base, kind: 'date' };
  if (form.kind !== 'number') return { ...base, kind: 'text' };
  return { ...base, ...numberColumn(header, form) };
}

function numberColumn(
  header: string,
  { unit, form }: Extract<ColumnForm, { kind: 'number' }>,
): Omit<TableColumn, 'header' | 'name'> {
  const column = {
    kind: unit === 'percent' ? ('percent' as const) : ('number' as const),
    ...(form && { form }),
  };
  const name = words(header);
  // Without a head it is the index of whoever wrote the table.
  if (header === '' || FACT_HEADER.test(name)) {
    return { ...column, ...(unit !== null && unit !== 'percent' && { unit }) };
  }
  const isLower = LOWER_HEADER.test(name);
  return {
    ...{ ...column, score: true },
    ...(unit !== null && { unit }),
    ...((isLower || HIGHER_HEADER.test(name)) && { lowerIsBetter: isLower }),
  };
}

/** Whether cells count from one, which is what a column without a name does where it ranks. */
const isCounted = (texts: readonly string[]): boolean =>
  texts.length > 1 && texts.every((text, at) => rankOf(text) === at + 1);

function noteOf({ header, kind }: TableColumn, form: ColumnForm): string | null {
  if (form.kind === 'undecided' && kind === 'text') {
    return `"${header}" is kept as text: ${form.why}`;
  }
  if (form.kind !== 'number' || (kind !== 'number' && kind !== 'percent')) return null;
  const [first, ...more] = new Set(form.unread);
  if (first === undefined) return null;
  const others = more.length > 0 ? ` and ${more.length} other texts` : '';
  return `"${header}" has ${form.unread.length} cells without a number: "${first}"${others}`;
}

/** A header as words: `hub_hearts` and `#Params (B)` alike. */
const words = (header: string): string =>
  header
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}❤♥]+/gu, ' ')
    .trim();

/** Names of columns are keys: the second `score` becomes `score_2`. */
function nameColumns(columns: readonly TableColumn[]): TableColumn[] {
  const given = columns.map(({ name }) => name);
  const names = uniqueKeys(given, (name, place) => `${name}_${place}`);
  return columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
}

/** A name of letters and digits of any script: `HumanEval+` is another than `HumanEval`. */
const snakeCase = (header: string): string =>
  header
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('+', ' plus ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_|_$/g, '') || 'column';

function markModel(columns: readonly TableColumn[], rows: readonly TableRow[]): TableColumn[] {
  const texts = columns.filter(({ kind }) => kind === 'text');
  const linked = (header: string): number =>
    rows.filter((row) => row[header]?.link?.startsWith(HUB_ORIGIN) === true).length;
  const distinct = (header: string): number => new Set(cellsOf(rows, header)).size;
  const ranked = texts
    .map((column) => ({
      column,
      points: [
        linked(column.header) >= rows.length / 2 ? 1 : 0,
        MODEL_HEADER.test(column.header) ? 1 : 0,
        distinct(column.header),
      ],
    }))
    .sort(({ points: a }, { points: b }) => {
      const at = a.findIndex((point, place) => point !== b[place]);
      return at < 0 ? 0 : (b[at] ?? 0) - (a[at] ?? 0);
    });
  const best = ranked[0]?.column;
  if (!best || rows.length === 0) {
    throw unreachable('The page has no table with names and numbers');
  }
  const others = nameColumns([
    { ...best, kind: 'model', name: 'model' },
    ...columns.filter((it) => it !== best),
  ]);
  const named = new Map(others.map((column) => [column.header, column]));
  return columns.map(({ header, ...rest }) => named.get(header) ?? { header, ...rest });
}

/** The model's column, and then texts one by one, until the rows differ; else the rows are numbered. */
function identityColumns(
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
): { identity: string[]; repeats: boolean } {
  const model = columns.filter(({ kind }) => kind === 'model');
  const texts = columns.filter(({ kind }) => kind === 'text');
  let chosen = model;
  const distinct = (of: readonly TableColumn[]): number =>
    new Set(rows.map((row) => identityOf(row, of))).size;
  for (const next of texts) {
    if (distinct(chosen) === rows.length) break;
    if (distinct([...chosen, next]) > distinct(chosen)) chosen = [...chosen, next];
  }
  const repeats = distinct(chosen) !== rows.length;
  return { identity: (repeats ? model : chosen).map(({ name }) => name), repeats };
}
