import { syntaxError } from './problem.ts';

export interface Query {
  /** `project.dataset.table`, each once. */
  tables: string[];
  /** The same text for DuckDB, with tables by the names that `nameOf` gives. */
  translate: (nameOf: (table: string) => string) => string;
}

const PATTERN =
  /(?<space>\s+)|`(?<quoted>[^`\n]+)`|(?<text>'[^'\\\n]*')|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Z][A-Z_]*)\b(?![a-z0-9])|(?<alias>[a-z][a-z0-9_]*)|(?<sign><=|>=|<>|[(),.*=<>])/y;

/** The part of GoogleSQL that the checks and views are written in. Both engines mean the same by these words. */
const WORDS = new Set(
  'SELECT DISTINCT AS FROM WHERE GROUP BY HAVING ORDER DESC LIMIT UNION ALL LEFT JOIN ON IN IS NOT NULL AND OR TRUE WITH CASE WHEN THEN END COALESCE COUNT COUNTIF LOWER MAX MIN ARRAY_LENGTH'.split(
    ' ',
  ),
);

/** Words that GoogleSQL keeps for itself, as far as one might call a column by them. */
const RESERVED = new Set(
  'all and any array as at by case cast collate create cross cube current default define desc distinct else end enum escape except exists extract false fetch following for from full group grouping groups hash having if ignore in inner intersect interval into is join lateral left like limit lookup merge natural new no not null nulls of on or order outer over partition preceding proto qualify range recursive respect right rollup rows select set some struct tablesample then to treat true unbounded union unnest using when where window with within'.split(
    ' ',
  ),
);

/** Whether a text is a query, by its first word. */
export const isQuery = (sql: string): boolean => /^(?:SELECT|WITH) /.test(sql);

/**
 * One SELECT in the words that the checks use; anything else is refused.
 *
 * @throws {Problem} 400 `invalidQuery`
 */
export function parseQuery(sql: string): Query {
  if (!isQuery(sql)) throw syntaxError(sql.slice(0, 40));
  const parts: { kind: 'table' | 'column' | 'plain'; value: string }[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < sql.length) {
    const at = PATTERN.lastIndex;
    const match = PATTERN.exec(sql);
    const { quoted, word, alias } = match?.groups ?? {};
    const near = sql.slice(at, at + 40);
    if (match === null) throw syntaxError(near);
    if (word !== undefined && !WORDS.has(word)) throw syntaxError(near);
    if (alias !== undefined && RESERVED.has(alias)) throw syntaxError(near);
    if (quoted === undefined) parts.push({ kind: 'plain', value: match[0] });
    else parts.push({ kind: kindOf(quoted, near), value: quoted });
  }
  const tables = parts.flatMap(({ kind, value }) => (kind === 'table' ? [value] : []));
  return {
    tables: [...new Set(tables)],
    translate: (nameOf) =>
      parts
        .map(({ kind, value }) => {
          if (kind === 'plain') return value;
          return kind === 'table' ? nameOf(value) : `"${value}"`;
        })
        .join(''),
  };
}

/** Columns have no dots; a table is named in full. */
function kindOf(name: string, near: string): 'table' | 'column' {
  const dots = name.split('.').length - 1;
  if (dots === 0) return 'column';
  if (dots === 2) return 'table';
  throw syntaxError(near);
}
