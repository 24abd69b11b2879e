import { field, isObject, textOf } from '../boards/values.ts';
import type { NamesFile } from '../export/export-session.ts';
import { repoName } from '../tables/repo-names.ts';
import { readTable, refused } from './table-file.ts';

/** Headers of a name and of the id that it stands for: ours, and those of the public registry. */
const COLUMNS = [
  ['alias', 'hub_id'],
  ['raw_value', 'canonical_id'],
] as const;

/**
 * What a file says of the names of models: a table (CSV, TSV, JSON, JSONL, Parquet) with the columns `alias` and
 * `hub_id`, or the aliases of the public registry of evaluation names as they are. A name with two ids has none.
 *
 * @throws {EtlError} CONFIG_INVALID for a file that is none
 * @see docs/boards.md
 */
export async function readNames(file: string): Promise<NamesFile> {
  const { rows, sha256 } = await readTable(file, '--names');
  const pairs = rows.flatMap(pairOf);
  if (pairs.length === 0) throw refused('--names', `${file} has no rows with alias and hub_id`);
  const ids = Map.groupBy(pairs, ([alias]) => alias);
  const registry = new Map(
    [...ids].flatMap(([alias, own]): [string, string][] => {
      const [id, ...others] = new Set(own.map(([, it]) => it));
      return id === undefined || others.length > 0 ? [] : [[alias, id]];
    }),
  );
  return { registry, sha256 };
}

/** Name and id of a row; none of one that is of something else than a model, or that its makers doubt. */
function pairOf(row: unknown): [string, string][] {
  const type = field(row, 'entity_type') ?? 'model';
  if (!isObject(row) || type !== 'model' || row['status'] === 'uncertain') return [];
  return COLUMNS.flatMap(([nameColumn, idColumn]): [string, string][] => {
    const alias = textOf(field(row, nameColumn));
    const id = repoName(textOf(field(row, idColumn)) ?? '');
    return alias === null || id === null ? [] : [[alias, id]];
  });
}
