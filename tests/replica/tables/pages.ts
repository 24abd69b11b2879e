import type { ReplicaBoard, ReplicaCell } from './board-data.ts';
import { addRowsLater, drawTable, type DrawOptions } from './draw-table.ts';
import { drawGrid, type GridOptions } from './draw-grid.ts';
import type { TableMutation } from './mutations.ts';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const SR_ONLY = 'position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)';

/** A table for what a server writes into a document. */
export interface HtmlTable {
  board: ReplicaBoard;
  mutation: TableMutation | undefined;
  /** Rows in the document. @default all */
  rows?: number;
  className: string;
  /** A head of groups, a nested table, a foot and what else a hand writes. */
  byHand?: boolean;
}

function cellHtml({ text, link }: ReplicaCell, byHand: boolean): string {
  // What a page adds to a name stands in a block of its own.
  const [name = '', ...rest] = text.split(' ');
  const inner = link === undefined ? escape(text) : `<a href="${escape(link)}">${escape(text)}</a>`;
  if (!byHand) return `<td>${inner}</td>`;
  if (rest[0] === '%') return `<td>\n  ${escape(name)}\n  <table><tr><td>%</td></tr></table></td>`;
  return `<td>${inner}<span style="${SR_ONLY}">sortable value</span></td>`;
}

export function rowsHtml(
  { board, mutation, byHand = false }: HtmlTable,
  from: number,
  to: number,
): string {
  const lines = board.rows.slice(from, to).map((row, step) => {
    const at = from + step;
    const cells = row.map((cell) => cellHtml(cell, byHand));
    if (mutation === 'row-torn' && at === 5) cells.pop();
    const isHidden = mutation === 'rows-hidden' && at > 10;
    const section =
      mutation === 'sections-added' && at % 10 === 9
        ? `<tr><td colspan="${row.length}">Tier ${at}</td></tr>`
        : '';
    return `<tr${isHidden ? ' style="display:none"' : ''}>${cells.join('')}</tr>${section}`;
  });
  return lines.join('\n');
}

export function tableHtml(table: HtmlTable): string {
  const { board, byHand = false, className } = table;
  const { columns } = board;
  const groups = columns.flatMap(({ group }, at) => {
    const before = columns[at - 1]?.group;
    if (!byHand || group === undefined)
      return [`<th rowspan="2">${escape(columns[at]?.header ?? '')}</th>`];
    if (group === before) return [];
    const width = columns.slice(at).findIndex((it) => it.group !== group);
    return [`<th colspan="${width < 0 ? columns.length - at : width}">${escape(group)}</th>`];
  });
  const grouped = columns.filter(({ group }) => group !== undefined);
  const heads = (list: typeof columns): string =>
    list.map(({ header }) => `<th>${escape(header)}</th>`).join('');
  const head = byHand
    ? `<tr>${groups.join('')}</tr><tr>${heads(grouped)}</tr>`
    : `<tr>${heads(columns)}</tr>`;
  const foot = byHand
    ? `<tfoot><tr><td colspan="${columns.length}">Last words</td></tr></tfoot>`
    : '';
  return `<table class="${className}"><caption style="${SR_ONLY}">All of them</caption>
<thead>${head}</thead><tbody>${rowsHtml(table, 0, table.rows ?? board.rows.length)}</tbody>${foot}</table>`;
}

/** A function of ours as a script of the page, with one argument. */
const script = (call: unknown, argument: unknown): string =>
  `<script type="module">(${String(call)})(${JSON.stringify(argument).replaceAll('<', '\\u003c')})</script>`;

export const drawScript = (options: DrawOptions): string => script(drawTable, options);
export const gridScript = (options: GridOptions): string => script(drawGrid, options);
export const lateScript = (html: string, lateMs: number): string =>
  script(addRowsLater, { html, lateMs });

const DECOY = `<table><thead><tr><th>Tag</th><th>Meaning</th></tr></thead>
<tbody><tr><td>A</td><td>audio</td></tr><tr><td>B</td><td>both</td></tr></tbody></table>`;

export interface PageParts {
  title: string;
  /** The table, or what stands for it until a script draws it. */
  board: string;
  scripts?: string;
  mutation: TableMutation | undefined;
  rows: number;
}

/** A page with the board in it, and another table beside. */
export function pageHtml({ title, board, scripts = '', mutation, rows }: PageParts): string {
  const told = { 'count-lies': rows + 5, 'count-told': rows }[mutation as string]; // others: none
  const search =
    mutation === 'filter-on' ? '<input type="search" value="llama">' : '<input type="search">';
  const notes = told === undefined ? '' : `<p>Showing <b>${told}</b> models</p>`;
  const [before, after] = mutation === 'tables-reordered' ? [DECOY, ''] : ['', DECOY];
  const section = `<section class="${mutation === 'classes-changed' ? 'x9f' : 'board-card'}">${search}${notes}<div id="board">${board}</div></section>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<title>${title}</title></head><body><main><h1>${title}</h1><p>Updated 3 days ago. 1,234 votes.</p>
${before}${section}<section>${after}</section></main>${scripts}</body></html>`;
}

export const LOGIN_PAGE = `<!doctype html><title>Log in</title><form><h1>Log in</h1><input name="user">
<button>Go on</button></form>`;
export const CHALLENGE_PAGE = `<!doctype html><title>Just a moment...</title><p>Checking your browser</p>`;
