/** How a page draws its table, sent to it as JSON. */
export interface DrawOptions {
  columns: { header: string; title?: string; key: string; format: string; linkBase?: string }[];
  /** Rows in the document, if the page does not ask for them. */
  entries: Record<string, unknown>[] | null;
  /** Where the page asks for them, and under which key they are. */
  source: { url: string; key: string } | null;
  /** Rows drawn at first, and more of them in each idle step. */
  first: number;
  more: number;
  /** Rows shown until the button is pressed; all without it. */
  collapsed: number | null;
  button: string;
  tableClass: string;
  mutation: string;
  /** Column, and the row in it, that mutations of the page change. */
  at: { column: number; row: number | null };
  lateMs: number;
}

/** The page's own script: gets its data and draws it. Runs in the page, complete in itself. */
// eslint-disable-next-line complexity -- one function, because only its text goes to the page
export async function drawTable(options: DrawOptions): Promise<void> {
  const { columns, mutation, at } = options;
  const host = document.querySelector('#board');
  if (!host) return;
  const make = (tag: string, text = '', attributes: Record<string, string> = {}): HTMLElement => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const valueAt = (entry: unknown, key: string): unknown =>
    key
      .split('.')
      .reduce<unknown>((value, part) => (value as Record<string, unknown> | null)?.[part], entry);
  type Plain = string | number | boolean | null | undefined;
  const formats: Record<string, (value: Plain) => string> = {
    plain: (value) => (value === null || value === undefined ? '' : String(value)),
    rank: (value) => `#${String(value)}`,
    billions: (value) => (typeof value === 'number' ? `${value}B` : '—'),
    percent: (value) => `${String(value)}%`,
    hundredfold: (value) =>
      typeof value === 'number' ? (value * 100).toFixed(2) : String(value ?? ''),
    fixed: (value) => (typeof value === 'number' ? value.toFixed(1) : String(value)),
    verified: (value) => (value === true ? 'Verified' : 'Community'),
  };
  const load = async (): Promise<Record<string, unknown>[]> => {
    if (options.entries) return options.entries;
    const response = await fetch(options.source?.url ?? '');
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const answer: unknown = await response.json();
    return valueAt(answer, options.source?.key ?? '') as Record<string, unknown>[]; // our own server's
  };
  const cellOf = (entry: Record<string, unknown>, place: number, row: number): HTMLElement => {
    const { key, format, linkBase } = columns[place] ?? { key: '', format: 'plain' };
    let text = formats[format]?.(valueAt(entry, key) as Plain) ?? '';
    if (row === at.row && place === at.column) text = '12.34';
    if (linkBase === undefined) return make('td', format === 'rank' ? '' : text);
    const cell = make('th', '', { scope: 'row', class: 'sticky-model' });
    cell.append(make('a', text, { href: `${linkBase}${text}` }));
    return cell;
  };
  const rowOf = (entry: Record<string, unknown>, row: number): HTMLElement => {
    const line = make('tr');
    columns.forEach((column, place) => {
      const cell = cellOf(entry, place, row);
      if (column.format === 'rank')
        cell.append(
          make('span', formats['rank']?.(valueAt(entry, column.key) as Plain), {
            class: 'rank-pill',
          }),
        );
      line.append(cell);
    });
    if (mutation === 'row-torn' && row === 5) line.lastElementChild?.remove();
    if (mutation === 'rows-hidden' && row > 10) line.style.display = 'none';
    return line;
  };
  const idle = (): Promise<unknown> => new Promise((resolve) => requestIdleCallback(resolve));
  const entries = await load();
  const shown = mutation === 'rows-lost' ? entries.filter((_entry, row) => row !== 9) : entries;
  if (mutation === 'skeleton-forever') return;
  const table = make('table', '', { class: options.tableClass });
  table.append(make('caption', 'Model leaderboard', { class: 'sr-only' }));
  const head = make('tr');
  for (const { header, title } of columns) {
    const cell = make('th', '', {
      scope: 'col',
      'aria-sort': 'none',
      ...(title && { 'data-tip-title': title }),
    });
    const button = make('button', '', { class: 'sort-btn' });
    button.append(make('span', header), make('span', '↕', { 'aria-hidden': 'true' }));
    cell.append(button);
    head.append(cell);
  }
  const body = make('tbody');
  const thead = make('thead');
  thead.append(head);
  table.append(thead, body);
  host.replaceChildren(table);
  const draw = async (from: number, to: number): Promise<void> => {
    for (let row = from; row < to; row += 1) {
      const entry = shown[row];
      if (entry) body.append(rowOf(entry, row));
      if (mutation === 'sections-added' && row % 10 === 9) {
        const section = make('tr');
        section.append(make('td', `Tier ${row}`, { colspan: String(columns.length) }));
        body.append(section);
      }
      if (row >= options.first && row % options.more === 0) await idle();
    }
  };
  if (mutation === 'rows-late') {
    await draw(0, shown.length - 7);
    await new Promise((resolve) => setTimeout(resolve, options.lateMs));
    await draw(shown.length - 7, shown.length);
  } else if (options.collapsed !== null) {
    await draw(0, options.collapsed);
    const button = make('button', options.button);
    button.addEventListener('click', () => {
      button.remove();
      void draw(options.collapsed ?? 0, shown.length);
    });
    host.append(button);
  } else await draw(0, shown.length);
  if (mutation.startsWith('table-doubled')) {
    const copy = table.cloneNode(true);
    if (mutation.endsWith('differing') && copy instanceof HTMLTableElement)
      copy.tBodies[0]?.lastElementChild?.remove();
    host.append(copy);
  }
}

/** Puts rows of a table that a server drew into it later, as a script might. Runs in the page. */
export function addRowsLater({ html, lateMs }: { html: string; lateMs: number }): void {
  setTimeout(() => {
    document.querySelector('#board tbody')?.insertAdjacentHTML('beforeend', html);
  }, lateMs);
}
