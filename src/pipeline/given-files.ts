import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isDatasetId } from '../boards/benchmark-source.ts';
import { formatOf } from '../boards/file-source.ts';
import { field, isObject, textOf } from '../boards/values.ts';
import { dataOf, FormatError } from '../crawlers/file-formats.ts';
import { EtlError, systemCode } from '../errors.ts';
import type { Developer, DevelopersFile, NamesFile } from '../export/export-session.ts';
import { repoName, sameName } from '../tables/repo-names.ts';

/** Headers of a name and of the id that it stands for: ours, and those of the public registry. */
const NAME_COLUMNS = [
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
  const registry = [...ids].flatMap(([alias, own]): [string, string][] => {
    const id = oneOf(own.map(([, it]) => it));
    return id === null ? [] : [[alias, id]];
  });
  return { registry: new Map(registry), sha256 };
}

/** Name and id of a row; none of one that is of something else than a model, or that its makers doubt. */
function pairOf(row: unknown): [string, string][] {
  const type = field(row, 'entity_type') ?? 'model';
  if (!isObject(row) || type !== 'model' || row['status'] === 'uncertain') return [];
  return NAME_COLUMNS.flatMap(([nameColumn, idColumn]): [string, string][] => {
    const alias = textOf(field(row, nameColumn));
    const id = repoName(textOf(field(row, idColumn)) ?? '');
    return alias === null || id === null ? [] : [[alias, id]];
  });
}

/** Headers of an owner, its developer and country: ours, and those of Epoch AI's list of models. */
const OWNER_COLUMNS = [
  ['owner', 'developer', 'country'],
  ['Hugging Face developer id', 'Organization', 'Country (of organization)'],
] as const;

/**
 * What a file says of owners: a table (CSV, TSV, JSON, JSONL, Parquet) with the columns `owner`,
 * `developer` and `country`, or Epoch AI's list of models as it is.
 *
 * @throws {EtlError} CONFIG_INVALID for a file that is none
 * @see docs/sources.md
 */
export async function readDevelopers(file: string): Promise<DevelopersFile> {
  const { rows, sha256 } = await readTable(file, '--developers');
  const said = Map.groupBy(rows.flatMap(saidOf), ({ owner }) => owner);
  if (said.size === 0)
    throw refused('--developers', `${file} has no rows with owner and developer`);
  const owners = [...said].map(([owner, own]): [string, Developer] => [
    owner,
    {
      developer: oneOf(own.map(({ developer }) => developer)),
      country: oneOf(own.map(({ country }) => country)),
    },
  ]);
  return { owners: new Map(owners), sha256 };
}

const saidOf = (row: unknown): (Developer & { owner: string })[] =>
  OWNER_COLUMNS.flatMap(([ownerColumn, developerColumn, countryColumn]) => {
    const owner = textOf(field(row, ownerColumn));
    const developer = textOf(field(row, developerColumn));
    const country = textOf(field(row, countryColumn));
    const isNothing = owner === null || (developer === null && country === null);
    return isNothing ? [] : [{ owner: sameName(owner), developer, country }];
  });

/** The one thing that is said; null where nothing is, or two things. */
function oneOf(values: readonly (string | null)[]): string | null {
  const [value = null, ...others] = new Set(values.filter((it) => it !== null));
  return others.length > 0 ? null : value;
}

/**
 * Names of models, one a line, each once.
 *
 * @throws {EtlError} CONFIG_INVALID for a file that names none, or something else
 */
export async function readIds(file: string): Promise<string[]> {
  const text = String(await readGiven(file, '--details'));
  const ids = [...new Set(text.split('\n').map((it) => it.trim()))].filter((it) => it !== '');
  const wrong = ids.find((it) => !isDatasetId(it));
  if (wrong !== undefined)
    throw refused('--details', `${JSON.stringify(wrong.slice(0, 100))} in ${file} names no model`);
  if (ids.length === 0) throw refused('--details', `${file} names no model`);
  return ids;
}

/** Where the Hub shows data sets and Spaces. */
const FOLDER = /^(?:https?:\/\/[^/]+\/)?(?:datasets|spaces)\//;

/**
 * Who asked to be left out: a repository (`owner/name`, its address, or its `_id`) or an owner a line; what
 * follows `#` is a remark. Names are of models, data sets and Spaces alike.
 *
 * @throws {EtlError} CONFIG_INVALID for a line that is no name: nobody is left in by a slip of the pen
 */
export async function readTakedown(file: string): Promise<string[]> {
  const text = String(await readGiven(file, '--takedown'));
  const ids = text.split('\n').flatMap((line, at) => {
    const said = (line.split('#')[0] ?? '').trim();
    if (said === '') return [];
    const name = repoName(said.replace(FOLDER, ''));
    if (name === null)
      throw refused('--takedown', `${file}, line ${at + 1}, is no id and no owner`);
    return [sameName(name)];
  });
  return [...new Set(ids)];
}

/** The rows of a table: CSV, TSV, JSON, JSONL or Parquet, by its name. */
async function readTable(file: string, flag: string): Promise<{ rows: unknown[]; sha256: string }> {
  const format = formatOf(file);
  if (format === null || format === 'zip' || format === 'html') {
    throw refused(flag, `${file} is no CSV, TSV, JSON, JSONL or Parquet, by its name`);
  }
  const bytes = await readGiven(file, flag);
  const rows = await dataOf(format, bytes).catch((cause: unknown) => {
    if (!(cause instanceof FormatError)) throw cause;
    throw refused(flag, `${file} ${cause.message}`, cause);
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { rows: Array.isArray(rows) ? rows : [], sha256 };
}

const readGiven = (file: string, flag: string): Promise<Buffer> =>
  readFile(file).catch((cause: unknown) => {
    throw refused(flag, `${file} cannot be read: ${systemCode(cause) ?? String(cause)}`, cause);
  });

/** That a file which a flag names is not what the flag is for. */
const refused = (flag: string, why: string, cause?: unknown): EtlError =>
  new EtlError('CONFIG_INVALID', `${flag}: ${why}`, { cause });
