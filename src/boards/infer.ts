import { identityOf, tableRow, type TableRow } from './table.ts';
import { booleanOf, dateOf, isMissing, numberOf } from './values.ts';
import { EtlError } from '../errors.ts';
import { HUB_ORIGIN, MODEL_HEADER } from './text.ts';
import type { BoardDefinition } from './definition.ts';
import { tableBoard, type TableBoard, type TableColumn } from './table-board.ts';
import type { BoardReading } from './reading.ts';

/** What is asked of a board that nobody described. */
export interface UndescribedBoard {
  id: string;
  url: string;
  /** @default found out */
  renderer?: string;
}

/** So much of a column must be of a kind before the column is. */
const MOST = 0.9;
const RANK_HEADER = /^(#|rank\b.*|place|pos(ition)?)$/i;
const LOWER_HEADER = /⬇|↓|\b(wer|cer|error|perplexity|ppl|latency|loss|hallucination rate)\b/i;
/** Numbers that say what a model is, or how it is liked: nobody measured them in a benchmark. */
const FACT_HEADER =
  /❤|♥|\b(hearts?|likes?|votes?|downloads?|stars|(num )?params?|parameters|(model|file|disk) size|size b|co2|memory (usage|mb|gb)|embedding dim(ension)?s?|max tokens|(context|sequence) (length|window|size)|vocab(ulary)? size)\b/i;

/**
 * Describes a board by what its table shows: kinds of columns by their cells, the model by its header
 * or by links to the Hub, the identity as the fewest columns that tell the rows apart.
 *
 * @throws {EtlError} BOARD_UNREACHABLE when the table has no rows or no column that could name a model
 */
export function inferBoard(
  board: UndescribedBoard,
  renderer: string,
  reading: BoardReading,
): TableBoard {
  const rows = reading.loaded ?? reading.shown.map(tableRow);
  const headers = Object.keys(rows[0] ?? {});
  const columns = nameColumns(headers.map((header) => columnOf(header, cellsOf(rows, header))));
  const withModel = markModel(columns, rows);
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

function columnOf(header: string, texts: readonly string[]): TableColumn {
  const given = texts.filter((text) => !isMissing(text));
  const are = (test: (text: string) => boolean): boolean =>
    given.length > 0 && given.filter(test).length >= MOST * given.length;
  const base = { header, name: snakeCase(header) };
  if (RANK_HEADER.test(header.trim())) return { ...base, name: 'rank', kind: 'number' };
  if (are((text) => booleanOf(text) !== null)) return { ...base, kind: 'boolean' };
  if (are((text) => dateOf(text) !== null)) return { ...base, kind: 'date' };
  if (are((text) => numberOf(text) !== null)) {
    const isPercent = given.every((text) => text.endsWith('%'));
    const kind = isPercent ? 'percent' : 'number';
    if (FACT_HEADER.test(words(header))) return { ...base, kind };
    return {
      ...base,
      kind,
      score: true,
      ...(isPercent && { unit: 'percent' }),
      ...(LOWER_HEADER.test(header) && { lowerIsBetter: true }),
    };
  }
  return { ...base, kind: 'text' };
}

/** A header as words: `hub_hearts` and `#Params (B)` alike. */
const words = (header: string): string =>
  header
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}❤♥]+/gu, ' ')
    .trim();

/** Names of columns are keys: the second `score` becomes `score_2`. */
function nameColumns(columns: readonly TableColumn[]): TableColumn[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column.name;
    for (let place = 2; taken.has(name); place += 1) name = `${column.name}_${place}`;
    taken.add(name);
    return { ...column, name };
  });
}

export const snakeCase = (header: string): string =>
  header
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
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
    throw new EtlError('BOARD_UNREACHABLE', 'The page has no table with names and numbers', {
      context: { again: false },
    });
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
