import { uniqueHeaders } from '../../boards/table.ts';
import { normalHeader } from '../../boards/text.ts';
import type { BoardDefinition } from '../../boards/definition.ts';

/** A column of a table: what its head says, and what else it may be called. */
export interface Head {
  text: string;
  /** Heads of groups above it, the outermost first. */
  groups: string[];
  /** What `title`, `abbr` and the like say. */
  names: string[];
}

const letters = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Whether `name` is what `text` stands for: `Clus.` for `Clustering`, `STS` for the words it is of. */
export function isShortFor(text: string, name: string): boolean {
  const [short, long] = [letters(text), letters(name)];
  if (short === '' || long.length <= short.length || name.length > 60 || long[0] !== short[0]) {
    return false;
  }
  if (/(…|\.\.\.)$/.test(text)) return long.startsWith(short);
  // `Score (B): activate to sort` and `Sort Score (B)` say what a press does.
  if (name.includes(text)) return name.startsWith(text) && /^\p{L}/u.test(name.slice(text.length));
  const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  // `Rank` with the title `Rank by mean score` is not short for it: that explains, and changes.
  if (words.includes(short) || words.length > 8) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
}

/** Headers of a definition, as it writes them, by what they are compared as. */
const headersOf = (definition: BoardDefinition | null): Map<string, string> =>
  new Map(
    (definition?.columns ?? []).flatMap(({ header, aliases = [] }) =>
      [...aliases, header].map((name) => [normalHeader(name), name]),
    ),
  );

/**
 * Names columns as a definition does, where it knows one of their names; else by their text, by what
 * a cut text stands for, and with the heads of its groups before it.
 */
export function nameColumns(
  columns: readonly Head[],
  definition: BoardDefinition | null,
): string[] {
  const known = headersOf(definition);
  const grouped = ({ text, groups }: Head): string =>
    [...groups.filter((it) => it !== text), text].join(' / ');
  const longOf = ({ text, names }: Head): string | undefined =>
    names.find((name) => isShortFor(text, name));
  const counts = new Map<string, number>();
  for (const { text } of columns) counts.set(text, (counts.get(text) ?? 0) + 1);
  const named = columns.map((column) => {
    const repeats = (counts.get(column.text) ?? 0) > 1;
    const names = [grouped(column), ...(repeats ? [] : [column.text]), longOf(column)];
    const told = names.filter((name) => name !== undefined);
    const [match] = told.flatMap((name) => known.get(normalHeader(name)) ?? []);
    if (match !== undefined) return match;
    if (column.text === '') return column.names[0] ?? '';
    return column.groups.length > 0 || repeats ? grouped(column) : (longOf(column) ?? column.text);
  });
  return uniqueHeaders(named);
}
