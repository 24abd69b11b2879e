/** How the page draws its grid, sent to it as JSON. */
export interface GridOptions {
  columns: { header: string; key: string; group?: string; isLink: boolean }[];
  source: string;
  mutation: string;
  at: { column: number; row: number | null };
  lateMs: number;
  pageSize: number | null;
}

/**
 * A grid as AG Grid draws one: rows and columns in view only, columns at the left in a container of
 * their own, rows joined by their index. Runs in the page, complete in itself.
 */
export async function drawGrid(options: GridOptions): Promise<void> {
  const { mutation, at, columns } = options;
  const [rowPx, columnPx, pinned, headRows] = [28, 120, 2, 2];
  const prefix = mutation === 'classes-changed' ? 'other' : 'app';
  const root = document.querySelector('.ag-root');
  if (!(root instanceof HTMLElement)) return;
  const make = (
    className: string,
    attributes: Record<string, string> = {},
    text = '',
  ): HTMLElement => {
    const element = document.createElement('div');
    element.className = className;
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const answer = await fetch(options.source, { method: 'POST', body: '{}' });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const data = (await answer.json()) as {
    response: { grid: { rowData: Record<string, unknown>[] } };
  };
  if (mutation === 'skeleton-forever') return;
  let rows = data.response.grid.rowData;
  if (mutation === 'rows-lost') rows = rows.filter((_row, place) => place !== 9);
  const late = mutation === 'rows-late' ? rows.slice(-7) : [];
  if (late.length > 0) rows = rows.slice(0, -7);
  let page = 0;
  const { pageSize } = options;
  const inPage = (): number =>
    pageSize === null ? rows.length : Math.min(pageSize, rows.length - page * pageSize);

  const header = make('ag-header', {
    role: 'presentation',
    style: 'display:flex;height:60px;flex:none',
  });
  const headLeft = make('ag-pinned-left-header', {
    style: `position:relative;flex:none;width:${pinned * columnPx}px;overflow:hidden`,
  });
  const headView = make('ag-header-viewport', {
    style: 'overflow:hidden;flex:1;position:relative',
  });
  const headCentre = make('ag-header-container', {
    style: `position:relative;width:${(columns.length - pinned) * columnPx}px`,
  });
  headView.append(headCentre);
  header.append(headLeft, headView);
  const body = make('ag-body-viewport', {
    style: 'flex:1;overflow-y:auto;overflow-x:hidden;display:flex;position:relative',
  });
  const left = make('ag-pinned-left-cols-container', {
    style: `position:relative;flex:none;width:${pinned * columnPx}px`,
  });
  const view = make('ag-center-cols-viewport', {
    style: 'overflow-x:auto;overflow-y:hidden;flex:1;position:relative',
  });
  const centre = make('ag-center-cols-container', {
    style: `position:relative;width:${(columns.length - pinned) * columnPx}px`,
  });
  view.append(centre);
  body.append(left, view);
  root.replaceChildren(header, body);

  const cellOf = (column: number, rowIndex: number): HTMLElement => {
    const { key, isLink } = columns[column] ?? { key: '', isLink: false };
    const value = rows[rowIndex]?.[key] as string | number | null; // of our own server
    const text = rowIndex === at.row && column === at.column ? '12.34' : String(value ?? '');
    const x = (column < pinned ? column : column - pinned) * columnPx;
    const cell = make('ag-cell ag-cell-value', {
      ...{ role: 'gridcell', 'col-id': key, 'aria-colindex': String(column + 1) },
      style: `position:absolute;left:${x}px;width:${columnPx}px;overflow:hidden;white-space:nowrap`,
    });
    if (!isLink) cell.textContent = text;
    else {
      const link = document.createElement('a');
      link.href = `https://huggingface.co/${text}`;
      link.textContent = text;
      cell.append(link);
    }
    return cell;
  };
  const draw = (): void => {
    const count = inPage();
    root.setAttribute(
      'aria-rowcount',
      String((mutation === 'count-lies' ? rows.length + 5 : rows.length) + headRows),
    );
    root.setAttribute('aria-colcount', String(columns.length));
    for (const container of [left, centre]) container.style.height = `${count * rowPx}px`;
    view.style.height = `${count * rowPx}px`;
    const firstColumn = Math.max(pinned, pinned + Math.floor(view.scrollLeft / columnPx));
    const lastColumn = Math.min(
      columns.length - 1,
      pinned + Math.ceil((view.scrollLeft + view.clientWidth) / columnPx),
    );
    const firstRow = Math.max(0, Math.floor(body.scrollTop / rowPx) - 10);
    const lastRow = Math.min(
      count - 1,
      firstRow + 500,
      Math.ceil((body.scrollTop + body.clientHeight) / rowPx) + 10,
    );
    const inView = columns
      .map((_column, place) => place)
      .filter((it) => it >= firstColumn && it <= lastColumn);
    headCentre.style.transform = `translateX(${-view.scrollLeft}px)`;
    const heads = (places: number[]): HTMLElement[] =>
      places.map((place) => {
        const { key, header: text } = columns[place] ?? { key: '', header: '' };
        const x = (place < pinned ? place : place - pinned) * columnPx;
        const cell = make('ag-header-cell', {
          ...{
            role: 'columnheader',
            'col-id': key,
            'aria-colindex': String(place + 1),
            'aria-sort': 'none',
          },
          style: `position:absolute;left:${x}px;width:${columnPx}px`,
        });
        if (mutation === 'filter-on' && place === at.column)
          cell.classList.add('ag-header-cell-filtered');
        cell.append(make('ag-header-cell-text', {}, text));
        return cell;
      });
    headLeft.replaceChildren(...heads([0, 1]));
    headCentre.replaceChildren(...heads(inView));
    const lines = (places: number[]): HTMLElement[] =>
      Array.from({ length: Math.max(0, lastRow - firstRow + 1) }, (_, step) => {
        const index = firstRow + step;
        const rowIndex = index + page * (pageSize ?? 0);
        const line = make(`ag-row ${prefix}-row`, {
          ...{ role: 'row', 'row-index': String(rowIndex), 'row-id': String(rowIndex) },
          'aria-rowindex': String(rowIndex + headRows + 1),
          style: `position:absolute;height:${rowPx}px;transform:translateY(${index * rowPx}px);width:100%`,
        });
        line.append(...places.map((place) => cellOf(place, rowIndex)));
        return line;
      });
    left.replaceChildren(...lines([0, 1]));
    centre.replaceChildren(...lines(inView));
  };
  let isAsked = false;
  const drawSoon = (): void => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
  body.addEventListener('scroll', drawSoon);
  view.addEventListener('scroll', drawSoon);
  new ResizeObserver(drawSoon).observe(root);
  draw();
  if (pageSize !== null) {
    const summary = (): string =>
      `${page * pageSize + 1} to ${page * pageSize + inPage()} of ${rows.length}`;
    const panel = make('ag-paging-panel', { style: 'flex:none' });
    const told = make('ag-paging-row-summary-panel', {}, summary());
    const next = make('ag-paging-button', { role: 'button', 'aria-label': 'Next Page' });
    next.addEventListener('click', () => {
      if ((page + 1) * pageSize >= rows.length) return;
      page += 1;
      next.setAttribute('aria-disabled', String((page + 1) * pageSize >= rows.length));
      told.textContent = summary();
      body.scrollTop = 0;
      draw();
    });
    panel.append(told, next);
    root.append(panel);
  }
  if (late.length > 0) {
    setTimeout(() => {
      rows = [...rows, ...late];
      draw();
    }, options.lateMs);
  }
}
