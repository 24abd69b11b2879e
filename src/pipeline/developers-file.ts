import { field, textOf } from '../boards/values.ts';
import type { Developer, DevelopersFile } from '../export/export-session.ts';
import { sameName } from '../tables/repo-names.ts';
import { readTable, refused } from './table-file.ts';

/** Headers of an owner, its developer and country: ours, and those of Epoch AI's list of models. */
const COLUMNS = [
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
  COLUMNS.flatMap(([ownerColumn, developerColumn, countryColumn]) => {
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
