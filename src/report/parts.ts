import type { PlainRow } from '../export/duckdb/values.ts';
import { REPO_OR_NAME } from '../tables/repo-names.ts';
import { bar } from './chart.ts';
import { count, numberIn, textIn } from './format.ts';
import { clip, html, link, type Content, type Markup } from './html.ts';

/** A column of a table on the page. */
export interface Column<Row> {
  head: string;
  cell: (row: Row) => Content;
  /** Numbers stand at the right; a bar takes what room is left; a long text may wrap. */
  kind?: 'number' | 'bar' | 'long';
  /** The cell names its row. */
  isName?: boolean;
}

type Cell<Row> = (row: Row) => Content;
/** The value of a query's row by its name, as text. */
export const at =
  (key: string, longest = 300): Cell<PlainRow> =>
  (row) =>
    clip(textIn(row[key]), longest);

export const named = <Row>(head: string, cell: Cell<Row>): Column<Row> => ({
  ...{ head, cell, isName: true },
});
export const text = <Row>(head: string, cell: Cell<Row>): Column<Row> => ({ head, cell });
export const long = <Row>(head: string, cell: Cell<Row>): Column<Row> => ({
  ...{ head, cell, kind: 'long' },
});
export const number = <Row>(
  head: string,
  value: (row: Row) => number | string | null,
): Column<Row> => ({
  ...{ head, kind: 'number' },
  cell: (row) => {
    const it = value(row);
    return typeof it === 'string' ? it : count(it);
  },
});
/** Numbers of a query, and a bar beside each. */
export const bars = (rows: readonly PlainRow[], key: string): Column<PlainRow> => {
  const most = Math.max(...rows.map((it) => numberIn(it[key]) ?? 0));
  return { head: '', cell: (it) => bar(numberIn(it[key]), most), kind: 'bar' };
};

/** A table in a box of its own, which scrolls where the page is too narrow, by keyboard too. */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Markup {
  const heads = columns.map(({ head, kind }) =>
    head === '' ? html`<td></td>` : html`<th scope="col" class="${kind}">${head}</th>`,
  );
  const cells = (row: Row): Markup[] =>
    columns.map(({ cell, kind, isName }) =>
      isName === true
        ? html`<th scope="row">${cell(row)}</th>`
        : html`<td class="${kind}">${cell(row)}</td>`,
    );
  return html`<h3>${caption}</h3>
    <div class="scroll" role="region" aria-label="${caption}" tabindex="0">
      <table aria-label="${caption}">
        <thead>
          <tr>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${cells(row)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

export interface Section {
  id: string;
  title: string;
  body: Content;
}

/** What opens when it is asked for. */
export const fold = (summary: Content, body: Content, isOpen = false): Markup =>
  html`<details ${isOpen ? 'open' : ''}>
    <summary>${summary}</summary>
    ${body}
  </details>`;

/** The query that gave what stands above, for who wants more of it. */
export const query = (sql: string): Markup =>
  fold(html`<span class="note">Query</span>`, html`<pre tabindex="0"><code>${sql}</code></pre>`);

export type Tone = 'good' | 'warn' | 'bad' | 'none';

/** A word for a state; its colour only says it once more. */
export const chip = (tone: Tone, word: string): Markup =>
  html`<span class="chip ${tone}">${word}</span>`;

/** A name whose lines may end after its slashes, rather than within a word. */
export const breakable = (name: string): Content =>
  name.split(/(?<=\/)/).map((part, at) => (at === 0 ? part : html`<wbr />${part}`));

/** A text of our own: what stands in backquotes is code. */
export const prose = (text: string): Content =>
  text.split('`').map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`));

export const note = (words: Content): Markup => html`<p class="note">${words}</p>`;

/** A name of the Hub, with its address where it looks like one. */
export const repo = (endpoint: string | undefined, id: string): Markup =>
  link(endpoint !== undefined && REPO_OR_NAME.test(id) ? `${endpoint}/${id}` : null, id);
