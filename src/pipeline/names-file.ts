import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { formatOf } from '../boards/file-source.ts';
import { field, isObject, textOf } from '../boards/values.ts';
import { dataOf, FormatError } from '../crawlers/file-formats.ts';
import { EtlError, systemCode } from '../errors.ts';
import type { NamesFile } from '../export/export-session.ts';
import { repoName } from '../tables/repo-names.ts';

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
  const format = formatOf(file);
  if (format === null || format === 'zip' || format === 'html') {
    throw refused(file, 'is no CSV, TSV, JSON, JSONL or Parquet, by its name');
  }
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw refused(file, `cannot be read: ${systemCode(cause) ?? String(cause)}`, cause);
  });
  const rows = await dataOf(format, bytes).catch((cause: unknown) => {
    if (!(cause instanceof FormatError)) throw cause;
    throw refused(file, cause.message, cause);
  });
  const pairs = (Array.isArray(rows) ? rows : []).flatMap(pairOf);
  if (pairs.length === 0) throw refused(file, 'has no rows with alias and hub_id');
  const ids = Map.groupBy(pairs, ([alias]) => alias);
  const registry = new Map(
    [...ids].flatMap(([alias, own]): [string, string][] => {
      const [id, ...others] = new Set(own.map(([, it]) => it));
      return id === undefined || others.length > 0 ? [] : [[alias, id]];
    }),
  );
  return { registry, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const refused = (file: string, why: string, cause?: unknown): EtlError =>
  new EtlError('CONFIG_INVALID', `--names: ${file} ${why}`, { cause });

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
