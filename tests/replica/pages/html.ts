import { escaped, type Column } from './columns.ts';
import { CATEGORY, type DrawnPage } from './page.ts';
import { inlineScript } from './payload.ts';
import { drawBoard, type BoardScript } from './script.ts';

const STYLE = `<style>
body { font: 14px sans-serif } table { border-collapse: collapse } td, th, [role=gridcell], [role=columnheader] { padding: 2px 6px; height: 24px }
[role=row] { display: flex } [role=gridcell], [role=columnheader], .cell { width: 180px; overflow: hidden; white-space: nowrap }
.scroll { height: 400px; overflow: auto } .scroll td { white-space: nowrap } .scroll thead { position: sticky; top: 0; background: #fff }
.off { display: none } .pinned { position: sticky; left: 0; background: #fff } .blur { filter: blur(6px) }
.skeleton { background: #ddd; height: 12px }
</style>`;

const classOf = (page: DrawnPage, column: Column): string => {
  const names = [
    ...(page.hidden.has(column) ? ['off'] : []),
    ...(page.ways.layout === 'sticky' && column.kind === 'model' ? ['pinned'] : []),
  ];
  return names.length > 0 ? ` class="${names.join(' ')}"` : '';
};

/** A row of the table; `place` is its place among those shown, from 0. */
export function lineOf(page: DrawnPage, row: number, place: number): string {
  const cells = page.columns.map((column) => {
    const { html = '' } = column.cells[row] ?? {};
    if (page.ways.element === 'table') return `<td${classOf(page, column)}>${html}</td>`;
    const role =
      page.ways.element === 'div' ? 'class="cell"' : `role="gridcell"${classOf(page, column)}`;
    return `<div ${role}>${html}</div>`;
  });
  if (page.ways.element === 'table') return `<tr>${cells.join('')}</tr>`;
  // Rows of a window say their places, but for some.
  const index =
    page.ways.paging === 'virtual' && page.seed % 4 > 0 ? ` aria-rowindex="${place + 2}"` : '';
  return page.ways.element === 'div'
    ? `<div class="line">${cells.join('')}</div>`
    : `<div role="row"${index}>${cells.join('')}</div>`;
}

/** What stands in a head beside its name. */
function markOf(page: DrawnPage, column: Column): string {
  const [first] = page.columns.filter(({ kind }) => kind === 'number');
  if (page.ways.control === 'sort') return column === first ? ' ↓' : ' ↕';
  return page.seed % 9 === 0 && column.kind === 'number'
    ? ' <span title="What it means">ⓘ</span>'
    : '';
}

function headCell(page: DrawnPage, column: Column, attributes = ''): string {
  const [first] = page.columns.filter(({ kind }) => kind === 'number');
  const sort = page.ways.control === 'sort' && column === first ? ' aria-sort="descending"' : '';
  const inside = `${escaped(column.header)}${markOf(page, column)}`;
  if (page.ways.element === 'table')
    return `<th${classOf(page, column)}${sort}${attributes}>${inside}</th>`;
  const role =
    page.ways.element === 'div' ? 'class="cell"' : `role="columnheader"${classOf(page, column)}`;
  return `<div ${role}${sort}>${inside}</div>`;
}

function headOf(page: DrawnPage): string {
  const { columns, ways } = page;
  const heads = columns.map((it) => headCell(page, it)).join('');
  if (ways.element === 'div') return `<div class="line">${heads}</div>`;
  if (ways.element === 'role-grid') return `<div role="row" aria-rowindex="1">${heads}</div>`;
  const fields = columns
    .map((it) => `<th${classOf(page, it)}><input aria-label="Filter"></th>`)
    .join('');
  if (ways.heads !== 'groups')
    return `<tr>${heads}</tr>${ways.heads === 'fields' ? `<tr>${fields}</tr>` : ''}`;
  const above = columns.map((it, at) => {
    if (it.group === undefined) return headCell(page, it, ' rowspan="2"');
    if (columns[at - 1]?.group === it.group) return '';
    const over = columns.filter(({ group }) => group === it.group).length;
    return `<th colspan="${over}">${it.group}</th>`;
  });
  const below = columns.filter(({ group }) => group !== undefined).map((it) => headCell(page, it));
  return `<tr>${above.join('')}</tr><tr>${below.join('')}</tr>`;
}

/** The table with rows in it, and what scrolls it. */
function tableOf(page: DrawnPage, lines: readonly string[]): string {
  const { ways } = page;
  const head = headOf(page);
  const isVirtual = ways.paging === 'virtual';
  const count = isVirtual && page.seed % 4 > 0 ? ` aria-rowcount="${page.shown.length + 1}"` : '';
  if (ways.element === 'table') {
    const copy = ways.heads === 'copy' ? `<table class="copy"><thead>${head}</thead></table>` : '';
    const table = `<table class="board"><thead>${head}</thead><tbody class="rows">${lines.join('')}</tbody></table>`;
    return isVirtual ? `<div class="scroll">${table}</div>` : `${copy}${table}`;
  }
  const body = `<div class="rows">${lines.join('')}</div>`;
  if (ways.element === 'div') return `<div class="board">${head}${body}</div>`;
  const scrolled = isVirtual ? `<div class="scroll">${body}</div>` : body;
  return `<div role="grid"${count} class="board">${head}${scrolled}</div>`;
}

/** Models as columns. */
function transposed({ columns, shown }: DrawnPage): string {
  const model = columns.find(({ kind }) => kind === 'model');
  const others = columns.filter((it) => it !== model);
  const cell = (column: Column | undefined, row: number): string => column?.cells[row]?.html ?? '';
  const head = shown.map((row) => `<th>${cell(model, row)}</th>`).join('');
  const body = others.map(
    (it) =>
      `<tr><td>${escaped(it.header)}</td>${shown.map((row) => `<td>${cell(it, row)}</td>`).join('')}</tr>`,
  );
  return `<table class="board"><thead><tr><th>Metric</th>${head}</tr></thead><tbody class="rows">${body.join('')}</tbody></table>`;
}

const small = (
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string =>
  `<section><h3>${caption}</h3><table><thead><tr>${heads.map((it) => `<th>${it}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((it) => `<td>${it}</td>`).join('')}</tr>`)
    .join('')}</tbody></table></section>`;

/** Another table of the page. */
function besideOf(page: DrawnPage): string {
  const { columns, shown, others, ways } = page;
  const model = columns.find(({ kind }) => kind === 'model');
  const number = columns.find(({ kind }) => kind === 'number');
  const htmlOf = (column: Column | undefined, row: number): string =>
    column?.cells[row]?.html ?? '';
  switch (ways.beside) {
    case 'nothing':
      return '';
    case 'teaser': {
      const top = shown.slice(0, 3).map((row) => [htmlOf(model, row), htmlOf(number, row)]);
      return small('Leaders', [model?.header ?? '', number?.header ?? ''], top);
    }
    case 'benchmarks': {
      const names = ['GPQA', 'MMLU-Pro', 'AIME', 'SWE-bench', 'IFEval', 'MATH'];
      return small(
        'Tasks',
        ['Benchmark', 'Samples', 'Year'],
        names.map((it, at) => [it, `${(at + 1) * 137}`, `${2020 + at}`]),
      );
    }
    case 'prices': {
      const few = shown.slice(0, Math.ceil(shown.length / 2));
      return small(
        'Prices',
        ['Model', 'Input', 'Output'],
        few.map((row) => [htmlOf(model, row), `$${row + 1}.20`, `$${row + 3}.40`]),
      );
    }
    case 'equal': {
      const lines = others.map((row, place) =>
        lineOf({ ...page, ways: { ...ways, paging: 'all' } }, row, place),
      );
      return `<section><h3>Other systems</h3>${tableOf({ ...page, ways: { ...ways, heads: ways.heads === 'copy' ? 'one' : ways.heads, paging: 'all' } }, lines)}</section>`;
    }
  }
}

const options = (chosen: string, others: readonly string[]): string =>
  `<option selected>${chosen}</option>${others.map((it) => `<option>${it}</option>`).join('')}`;

function controlsOf({ ways, columns, hidden }: DrawnPage): string {
  const boxes = columns.map(
    (it) =>
      `<label><input type="checkbox"${hidden.has(it) ? '' : ' checked'}>${escaped(it.header)}</label>`,
  );
  const controls: Record<DrawnPage['ways']['control'], string> = {
    ...{ none: '', search: '<input type="search" placeholder="Search models…">' },
    all: `<label>Category <select>${options('All', [CATEGORY, 'Code'])}</select></label>`,
    radios: ['All', 'Open', 'Closed']
      .map(
        (it) =>
          `<label><input type="radio" name="access"${it === 'All' ? ' checked' : ''}>${it}</label>`,
      )
      .join(''),
    theme: `<label>Theme <select>${options('Light', ['Dark'])}</select></label>`,
    length: `<label>Show <select>${options('100', ['10', '25'])}</select> entries</label>`,
    sort: '',
    columns: boxes.join(' '),
    'hide-select': `<label>Category <select>${options(CATEGORY, ['All', 'Code'])}</select></label>`,
    'hide-checkbox': '<label><input type="checkbox" checked>Open weights only</label>',
    'hide-button': `<button aria-pressed="false">Code</button><button aria-pressed="true">${CATEGORY}</button>`,
    'hide-search': '<input type="search" aria-label="Search" value="model">',
  };
  const chooser =
    ways.layout === 'hidden-column' && ways.control !== 'columns' ? boxes.join(' ') : '';
  return `<div class="controls">${controls[ways.control]}${chooser}</div>`;
}

/** Texts and links under the table. */
function underneath({ ways, shown, views }: DrawnPage): string {
  const [rows, all] = [shown.length, views[0]?.rows.length ?? 0];
  const says: Partial<Record<DrawnPage['ways']['state'], string>> = {
    counted: ways.paging === 'all' ? `Showing ${rows} of ${rows} models` : `${all} models`,
    prose: `Showing ${rows} of ${all} models`,
    link: '<a href="https://example.org/full">View full leaderboard</a>',
    login:
      all % 2 === 0
        ? `Sign in to see all ${all} models <button>Sign in</button>`
        : '<button>Log in to view the full leaderboard</button>',
  };
  const said = says[ways.state];
  return said === undefined ? '' : `<p>${said}</p>`;
}

function blurredLines(page: DrawnPage): string[] {
  if (page.ways.state !== 'blurred') return [];
  const line = (at: number): string => lineOf(page, page.shown[at] ?? 0, at);
  const made = line(0).replace(/<(tr|div)/, '<$1 class="blur"');
  return Array.from({ length: 8 }, () => made);
}

/** What the script of a page gets, and the table that it fills. */
function boardOf(page: DrawnPage, at: number): { table: string; lines: string[] } {
  if (page.ways.layout === 'transposed') {
    const table = transposed(page);
    const lines = /<tbody class="rows">(.*)<\/tbody>/s.exec(table)?.[1]?.split(/(?=<tr>)/) ?? [];
    return page.isStatic ? { table, lines } : { table: table.replace(lines.join(''), ''), lines };
  }
  const lines = [
    ...page.shown.map((row, place) => lineOf(page, row, place)),
    ...blurredLines(page),
  ];
  const isPaged = page.ways.paging === 'links';
  const now = isPaged ? lines.slice(at * page.size, (at + 1) * page.size) : lines;
  return { table: tableOf(page, page.isStatic ? now : []), lines };
}

/** Links to the pages of a table that the server makes. */
function linksOf({ ways, shown, size }: DrawnPage, at: number): string {
  if (ways.paging !== 'links') return '';
  const pages = Math.ceil(shown.length / size);
  const back = at > 0 ? `<a rel="prev" href="?page=${at - 1}">Previous</a> ` : '';
  const next = at < pages - 1 ? `<a rel="next" href="?page=${at + 1}">Next</a>` : '';
  return `<nav class="pagination">${back}<span>${at + 1} / ${pages}</span> ${next}</nav>`;
}

function placed(page: DrawnPage, board: string): string {
  const { place } = page.ways;
  const other = page.others.map((row, at) => lineOf(page, row, at));
  const tab = (name: string, chosen: boolean, more = ''): string =>
    `<button role="tab" aria-selected="${chosen}"${more}>${name}</button>`;
  const opens = ` aria-controls="panel" onclick="document.querySelector('#panel').hidden=false"`;
  if (place === 'details') return `<details><summary>All results</summary>${board}</details>`;
  if (place === 'tab') {
    return `${tab('About', true)}${tab('Results', false, opens)}<div id="panel" hidden>${board}</div>`;
  }
  if (place === 'views') {
    const tabs = tab('Overall', true) + tab('Coding', false, ' aria-controls="panel"');
    return `${tabs}${board}<div id="panel" hidden>${tableOf(page, other)}</div>`;
  }
  return place === 'fold' ? `<div style="height:4000px">Scroll down</div>${board}` : board;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

function scriptOf(page: DrawnPage, { table, lines }: ReturnType<typeof boardOf>): string {
  if (page.isStatic) return '';
  const { ways, size, isRemote, seed } = page;
  const { paging, place, state, payload } = ways;
  const base = `/${seed}/`;
  const isTable = ways.element === 'table';
  const given: BoardScript = {
    ...{ table, lines, paging, place, state, size, isRemote, base, isTable },
    isFixed: seed % 3 === 0,
    fetches: !['none', 'inline', 'next', 'rsc'].includes(payload),
  };
  // What the page shows is no data of the page's: it stands here in a form that nobody looks into.
  return `<script>(${drawBoard.toString()})("${encoded(given)}")</script>`;
}

/** The document of a page; `at` is the page of its rows. */
export function documentOf(page: DrawnPage, at = 0): string {
  const { ways, isStatic } = page;
  const board = boardOf(page, at);
  const inside = isStatic ? board.table : '';
  const intro =
    ways.layout === 'intro'
      ? '<p>We evaluate language models on 7 tasks with 3 seeds each, as of 2026.</p>'.repeat(30)
      : '';
  const main = placed(page, `<div id="board">${inside}</div>${linksOf(page, at)}`);
  const beside = besideOf(page);
  const before = page.seed % 2 === 0;
  const body = `<h1>Leaderboard ${page.seed}</h1>${intro}${before ? beside : ''}<section class="main"><h2>Results</h2>${controlsOf(page)}${main}${underneath(page)}</section>${before ? '' : beside}`;
  const html = `<!doctype html><html lang="en"${ways.layout === 'rtl' ? ' dir="rtl"' : ''}><head><meta charset="utf-8"><title>Board</title>${STYLE}</head><body>`;
  return `${html}${inlineScript(page)}${body}${scriptOf(page, board)}</body></html>`;
}
