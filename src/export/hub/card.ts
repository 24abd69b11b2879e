import { stringify } from 'yaml';
import { cell, markdown } from '../../tables/markdown.ts';
import type { Table } from '../../tables/table.ts';
import type { CompletenessRow, Manifest } from '../manifest.ts';
import type { PublishedTable } from './shards.ts';

/** What a board's rows may be used for, as its definition says. */
export interface BoardLicenceRow {
  board: string;
  licence: string | null;
  publish: string | null;
  citation: string | null;
}

/** Where it is read: a data set, or the folder of a release in that of a bucket. */
export type PublicPlace =
  { kind: 'dataset'; name: string } | { kind: 'bucket'; address: string; release: string };

export interface Publication {
  place: PublicPlace;
  manifest: Pick<Manifest, 'run' | 'startedAt' | 'finishedAt' | 'version' | 'endpoint'>;
  withText: boolean;
  tables: readonly { table: Table; published: PublishedTable }[];
  completeness: readonly CompletenessRow[];
  boards: readonly BoardLicenceRow[];
}

/** The table that the viewer shows first. */
const FIRST = 'core_model';

/** README.md: for the Hub's viewer of a data set its metadata, then all that a reader must know. */
export function cardOf(publication: Publication): string {
  const { place, manifest, tables } = publication;
  const { run, startedAt, version, endpoint } = manifest;
  return `${place.kind === 'dataset' ? metadataOf(place.name, tables) : ''}# Models, data sets, Spaces and leaderboards of the Hugging Face Hub

What ${endpoint} lists in public, who is behind it, how it descends from each other, and what leaderboards say of it,
as typed tables that join on \`_id\` and \`id\`. Read by run \`${run}\` of huggingface-etl ${version}, which began at
${startedAt} and ended at ${manifest.finishedAt}. \`manifest.json\` has every file with its rows and SHA-256. ${REPLACED[place.kind]}

## How to query

${queriesOf(place)}
${completenessChapter(publication.completeness)}
${licenceChapter(publication)}
${leftOutChapter(publication)}
## Tables

| table | rows | files | MB |
| --- | ---: | ---: | ---: |
${tables.map(tableLine).join('\n')}

${tables.map(({ table, published }) => chapter(table, published)).join('\n')}`;
}

const REPLACED = {
  dataset: `One
commit is one release; README.md, manifest.json and the files that it lists are replaced by the next.`,
  bucket: `This
folder is one release and never changes; it goes when two later ones are there, or one that leaves somebody out.`,
};

function metadataOf(name: string, tables: Publication['tables']): string {
  const withRows = tables.filter(({ published }) => published.rows > 0);
  const front = {
    pretty_name: 'Models, data sets, Spaces and leaderboards of the Hugging Face Hub',
    license: 'other',
    license_name: 'by-source',
    license_link: `https://huggingface.co/datasets/${name}#licences`,
    tags: ['huggingface-hub', 'metadata', 'leaderboards'],
    configs: withRows.map(({ table }) => ({
      config_name: table.name,
      data_files: `data/${table.name}/*.parquet`,
      ...(table.name === FIRST ? { default: true } : {}),
    })),
  };
  return `---\n${stringify(front)}---\n\n`;
}

function queriesOf(place: PublicPlace): string {
  if (place.kind === 'bucket')
    return `\`\`\`python
${howToRead(place.address)}
\`\`\`

This one is \`${place.release}\`.
`;
  const address = `hf://datasets/${place.name}/data/${FIRST}/`;
  return `\`\`\`sql
-- DuckDB
SELECT pipeline_tag, count(*) AS models
FROM '${address}*.parquet' GROUP BY ALL ORDER BY models DESC;
\`\`\`

\`\`\`python
# pandas, with huggingface_hub for the address
import pandas as pd
models = pd.read_parquet("${address}")
\`\`\`
`;
}

/** Of a bucket: `release.json` is the only object that changes, so what it names is whole. */
export const howToRead = (
  address: string,
): string => `# pandas, with huggingface_hub for the address
import json
import pandas as pd
from huggingface_hub import HfFileSystem
place = "${address}"
newest = json.loads(HfFileSystem().cat(f"{place}/release.json"))["manifest"]["name"]
models = pd.read_parquet(f"{place}/{newest.removesuffix('manifest.json')}data/${FIRST}/")`;

function tableLine({ table, published: { rows, files } }: Publication['tables'][number]): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `| [${table.name}](#${table.name}) | ${count(rows)} | ${files.length} | ${(bytes / 1e6).toFixed(1)} |`;
}

function chapter(table: Table, { columnsLeftOut }: PublishedTable): string {
  const text = markdown(table, (path) => columnsLeftOut.includes(path));
  return `#${text}`;
}

function completenessChapter(rows: readonly CompletenessRow[]): string {
  const lines = rows.map(({ source, stated, exported, missed, is_complete, why_not, proof }) =>
    line([
      ...[source, count(exported), stated === null ? '' : count(stated), count(missed)],
      ...[is_complete ? 'yes' : 'no', why_not ?? '', proof ?? ''],
    ]),
  );
  return `## Is anything missing?

| source | records | it states | not to be had | whole | why not | proof |
| --- | ---: | ---: | ---: | --- | --- | --- |
${lines.join('\n')}

What the columns mean: table [completeness](#completeness); what could not be had: table [missed](#missed).
`;
}

function licenceChapter({ boards }: Publication): string {
  const lines = boards.map(({ board, licence, publish, citation }) =>
    line([board, licence ?? '', publish ?? '', citation ?? '']),
  );
  return `## Licences

There is no licence for all of it. Facts about repositories (ids, counts, tags, edges) are as the Hub lists them for
everybody; the Hub states no licence of its own for them. Names and texts are their authors'. A repository's own licence is
in \`model_licenses\`, \`hub_datasets.license\` and \`hub_spaces.license\`. Rows of leaderboards have the
licence of their board, which each row repeats:

| board | licence | what anybody may do | to be cited as |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}

function leftOutChapter({ withText, tables }: Publication): string {
  const columns = tables.flatMap(({ table, published: { columnsLeftOut } }) =>
    columnsLeftOut.map((it) => `\`${table.name}.${it}\``),
  );
  const text = withText
    ? 'Texts of cards and chat templates are in here (`--with-text`): they are strangers’ text. Never run a template.'
    : `Texts of cards and chat templates are their authors' and are not in here: ${columns.join(', ')}.`;
  const lines = tables.flatMap(({ table, published: { takenDown, withheld } }) =>
    takenDown + withheld === 0 ? [] : [line([table.name, count(takenDown), count(withheld)])],
  );
  const rows =
    lines.length === 0
      ? 'No row was left out.'
      : `Rows were left out: those of a takedown list with what leads to them, and those of boards that not everybody may publish.

| table | rows taken down | rows not for everybody |
| --- | ---: | ---: |
${lines.join('\n')}`;
  return `## What is left out

${text}

${rows}
`;
}

const count = (value: number): string => value.toLocaleString('en');
const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
