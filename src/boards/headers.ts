import { differs, type Difference } from './drift.ts';
import { normalHeader } from './text.ts';
import type { BoardColumn, BoardDefinition } from './definition.ts';

/** A column of the page that the definition knows, under the header that the page gives it. */
interface FoundColumn {
  header: string;
  column: BoardColumn;
}

interface HeaderMatch {
  columns: FoundColumn[];
  diff: Difference[];
  warnings: string[];
}

const namesOf = ({ header, aliases = [] }: BoardColumn): string[] =>
  [header, ...aliases].map(normalHeader);

/** Headers that a definition does not know. */
export function newHeaders({ columns }: BoardDefinition, headers: readonly string[]): string[] {
  const known = new Set(columns.flatMap(namesOf));
  return headers.filter((header) => !known.has(normalHeader(header)));
}

/** Headers as sentences list them. */
export const inQuotes = (headers: readonly string[]): string =>
  headers.map((header) => `"${header}"`).join(', ');

/** What a page has instead of a header, beside `news` that nobody knows. */
export const noSuchHeader = (news: readonly string[]): string =>
  news.length === 0 ? 'no such header' : `no such header, but new: ${inQuotes(news)}`;

/** Required columns of a definition that stand under none of these headers, as it writes them. */
export function missingHeaders(
  { columns }: Pick<BoardDefinition, 'columns'>,
  headers: readonly string[],
): string[] {
  const found = new Set(headers.map(normalHeader));
  return columns
    .filter((column) => column.required !== false && !namesOf(column).some((it) => found.has(it)))
    .map(({ header }) => header);
}

/** Finds each column of a definition among a page's headers, by name or earlier name. */
export function matchHeaders(definition: BoardDefinition, headers: readonly string[]): HeaderMatch {
  const unknown = new Map(headers.map((header) => [normalHeader(header), header]));
  const columns: FoundColumn[] = [];
  const missing: BoardColumn[] = [];
  for (const column of definition.columns) {
    const name = namesOf(column).find((it) => unknown.has(it));
    const header = name === undefined ? undefined : unknown.get(name);
    if (name === undefined || header === undefined) {
      if (column.required !== false) missing.push(column);
      continue;
    }
    unknown.delete(name);
    columns.push({ header, column });
  }
  const news = [...unknown.values()];
  const diff = missing.map(({ header }) => differs('header', header, noSuchHeader(news)));
  diff.push(...checkRepeats(headers, columns));
  const warnings = news.length === 0 ? [] : [`The page has new columns: ${inQuotes(news)}`];
  return { columns, diff, warnings };
}

/** Two columns under one name that we know: which of them is meant cannot be told. */
function checkRepeats(headers: readonly string[], columns: readonly FoundColumn[]): Difference[] {
  const repeated = headers.length - new Set(headers.map(normalHeader)).size;
  const numbered = columns.filter(
    ({ header, column }) => column.required !== false && headers.includes(`${header} (2)`),
  );
  return [
    ...(repeated > 0 ? [differs('headers that occur twice', 0, repeated)] : []),
    ...numbered.map(({ header }) => differs('header', `"${header}" once`, 'twice')),
  ];
}
