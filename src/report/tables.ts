import path from 'node:path';
import type { TableEntry, TableFile } from '../export/manifest.ts';
import { columnsOf, type Column } from '../tables/columns.ts';
import { tables as allTables } from '../tables/index.ts';
import type { Table } from '../tables/table.ts';
import { hrefOf } from './evidence.ts';
import { bytes, plural } from './format.ts';
import { html, type Markup } from './html.ts';
import type { ReportInput } from './input.ts';
import { fold, long, named, note, prose, table, text, type Section } from './parts.ts';

/** Files of a table that are linked one by one. */
const MOST_FILES = 50;

/** Every table: what a row is, how many there are, its files, what each column means. */
export function tables({ release, page }: ReportInput): Section | null {
  if (release === null) return null;
  const folds = allTables.flatMap((it) => {
    const entry = release.manifest.tables[it.name];
    if (entry === undefined) return [];
    const link = (file: TableFile): Markup =>
      html`<a href="${hrefOf(page, path.join(release.folder, file.path))}">${file.path}</a>
        <small>${bytes(file.bytes)}</small> `;
    return [tableFold(it, entry, link)];
  });
  const body = [
    note(`${plural(folds.length, 'table')}; each opens to its files and columns.`),
    folds,
  ];
  return { id: 'tables', title: 'Tables', body };
}

function tableFold(
  it: Table,
  { rows, files, parquet, csv }: TableEntry,
  link: (file: TableFile) => Markup,
): Markup {
  const { name, description, key } = it;
  const all = [...files, parquet, csv].filter((file) => file !== undefined);
  const [about = ''] = /^.*?\.(?= |$)/s.exec(description) ?? [];
  return fold(
    html`<code>${name}</code> <span class="note">${plural(rows, 'row')}. ${prose(about)}</span>`,
    [
      html`<p>${prose(description)}</p>`,
      html`<p>
        ${key.length === 0 ? 'Rows may repeat.' : html`Unique: <code>${key.join(', ')}</code>.`}
        Files: ${all.slice(0, MOST_FILES).map(link)}
      </p>`,
      table<FlatColumn>(
        `Columns of ${name}`,
        [
          named('Column', ({ column }) => html`<code>${column}</code>`),
          text('Type', ({ type }) => type),
          long('Meaning', (column) => prose(column.description)),
        ],
        columnsOf(it).flatMap((column) => flat(column, '')),
      ),
    ],
  );
}

interface FlatColumn {
  column: string;
  type: string;
  description: string;
}

/** A column and, below it, the fields of its records. */
function flat({ name, type, mode, description, fields = [] }: Column, above: string): FlatColumn[] {
  const isList = mode === 'REPEATED';
  const own = { column: above + name, type: isList ? `${type} list` : type, description };
  return [own, ...fields.flatMap((it) => flat(it, `${above}${name}${isList ? '[].' : '.'}`))];
}
