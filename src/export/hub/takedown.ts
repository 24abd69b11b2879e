import type { DuckDBConnection } from '@duckdb/node-api';
import { columnsOf, type Column } from '../../tables/columns.ts';
import { identifier, literal } from '../../tables/duckdb.ts';
import type { Table } from '../../tables/table.ts';
import { nameOf } from '../duckdb/session.ts';

/** Columns that say whose a row is, or what it leads to: with such a value the row is left out. */
const OF_ROWS = new Set([
  ...['id', '_id', 'author', 'from_id', 'to_id', 'example_id'],
  ...['model', 'model_id', 'model_name', 'model_url', 'base_model', 'base_model_id'],
  ...['dataset', 'dataset_id', 'dataset_type', 'benchmark'],
]);

/** Which name a board of the Hub's own benchmarks; other boards are words that are somebody's name too. */
const OF_BOARDS = new Set(['board', 'source']);

/** Several in one text, with commas: of events. */
const OF_EVENTS = new Set(['before', 'after']);

/** Lists of names; of records, the field that has the name. */
const OF_LISTS: Partial<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [
      ...['base_model', 'stated_as', 'card_models', 'card_datasets', 'card_tags'],
      ...['source_datasets', 'spaces'],
    ].map((name) => [name, []]),
  ),
  tags: ['id'],
  models: ['id'],
  datasets: ['type'],
  organizations: ['name'],
  evalResults: ['data', 'dataset', 'id'],
};

/** Tags that name a repository; others may be words that are somebody's name too. */
const OF_TAGS = /^(?:card_)?tags$/;
const IS_EDGE = `regexp_matches(lower(x), '^(?:dataset|base_model):')`;

/** What stands before a name: an address, a kind, the relation of a tag. */
const BEFORE_NAME =
  '^(?:https?://[^/]+/)?(?:boards/)?(?:hub-benchmarks/)?(?:(?:models|datasets|spaces)/)?(?:(?:dataset|base_model(?::[a-z_]+)?):)?';

const MACROS = [
  `CREATE TEMP MACRO bare(x) AS regexp_replace(lower(x), ${literal(BEFORE_NAME)}, '')`,
  `CREATE TEMP MACRO names_taken(x) AS list_contains(getvariable('takedown'), bare(x))
    OR list_contains(getvariable('takedown'), split_part(bare(x), '/', 1))`,
  `CREATE TEMP MACRO tags_taken(x) AS ${IS_EDGE} AND names_taken(x)`,
];

/**
 * Makes a session know who is to be left out: `ids` as `readTakedown` has them, each with the ids that survive
 * renames, and with the names that it had before and has now, as far as the release knows them.
 */
export async function prepareTakedown(
  connection: DuckDBConnection,
  ids: readonly string[],
): Promise<void> {
  await connection.run(`SET VARIABLE takedown = [${ids.map(literal).join(', ')}]::VARCHAR[]`);
  for (const macro of MACROS) await connection.run(macro);
  const repos = ['raw_model', 'hub_datasets', 'hub_spaces']
    .map((it) => `SELECT _id, lower(id) AS id FROM ${nameOf(it)}`)
    .join(' UNION ALL ');
  const renamed = `SELECT lower(from_id) AS was, lower(to_id) AS id FROM ${nameOf('aliases')}`;
  await connection.run(`CREATE TEMP TABLE taken AS
    WITH repos AS (${repos}), renamed AS (${renamed}), hit AS (
      SELECT * FROM repos WHERE names_taken(id) OR list_contains(getvariable('takedown'), _id)
        OR id IN (SELECT id FROM renamed WHERE names_taken(was)))
    SELECT _id AS value FROM hit UNION SELECT id FROM hit
    UNION SELECT was FROM renamed WHERE id IN (SELECT id FROM hit)`);
  // Names alone, for lists; what an owner has is told by the owner's name.
  await connection.run(`SET VARIABLE takedown = list_concat(getvariable('takedown'), (
    SELECT coalesce(list(value), []) FROM taken
    WHERE NOT names_taken(value) AND NOT regexp_full_match(value, '[0-9a-f]{24}')))`);
}

/** Whether a row is of, or leads to, what is to be left out, as SQL; never null. */
export function isTakenSql(table: Table): string {
  const parts = columnsOf(table).flatMap(({ name, type, mode }) => {
    if (type !== 'STRING' || mode === 'REPEATED') return [];
    const column = identifier(name);
    if (OF_EVENTS.has(name)) return [`(${eventSql(column)})`];
    if (OF_BOARDS.has(name))
      return [`(contains(${column}, 'hub-benchmarks/') AND names_taken(${column}))`];
    if (table.name === 'tags' && name === 'id') return [`tags_taken(${column})`];
    if (!OF_ROWS.has(name) && !(table.name === 'authors' && name === 'name')) return [];
    return [`names_taken(${column})`, `lower(${column}) IN (SELECT value FROM taken)`];
  });
  // The scores of an entry that is left out by its name alone.
  if (table.name === 'leaderboard_scores') {
    parts.push(`(board, entry_id) IN (SELECT (board, entry_id) FROM ${nameOf('leaderboard_entries')}
      WHERE names_taken(model_name) OR names_taken(model_url))`);
  }
  return parts.length === 0 ? 'false' : `coalesce(${parts.join(' OR ')}, false)`;
}

const eventSql = (column: string): string => {
  const names = `string_split(lower(${column}), ', ')`;
  return `len(list_filter(${names}, lambda x: names_taken(x))) > 0
    OR list_has_any(${names}, (SELECT coalesce(list(value), []) FROM taken))`;
};

/** The elements of a list that may stay, as SQL; undefined for a list that names nobody. */
export function keptElementsSql({ name, type }: Column, list: string): string | undefined {
  const field = OF_LISTS[name];
  if (field === undefined || (type !== 'STRING' && type !== 'RECORD')) return undefined;
  const element = type === 'STRING' ? 'x' : ['x', ...field.map(identifier)].join('.');
  const macro = OF_TAGS.test(name) ? 'tags_taken' : 'names_taken';
  return `list_filter(${list}, lambda x: NOT coalesce(${macro}(${element}), false))`;
}
