import { listen, type Listening } from '../../helpers/listen.ts';

export interface RoleGridOptions {
  rows: number;
  /** `all` rows in the document, or those in view, which say their places or not. */
  drawn: 'all' | 'by-index' | 'unnumbered';
  role?: 'grid' | 'table';
  /** Rows glide to their places once they are drawn, as those of AG Grid do whose heights it has to measure. */
  glides?: boolean;
  /** Height of a drawn row, where it is more than the room that is kept for one that is not. */
  drawnPx?: number;
  /** What is wrong with it. @default nothing */
  mutation?: 'count-lies' | 'row-lost' | 'cell-differs' | 'rows-late' | 'never-drawn';
}

/** A score of a row, as its page shows it. */
export const scoreOf = (row: number): string => (((row * 37) % 1000) / 10).toFixed(1);

/**
 * A table of `div`s with roles, whose rows are drawn into elements that are used again, as MUI's
 * DataGrid and TanStack's examples do. Runs in the page, complete in itself.
 */
async function drawRoleGrid(options: RoleGridOptions): Promise<void> {
  const { drawn, role = 'grid', mutation, glides = false, drawnPx } = options;
  interface Item {
    name: string;
    score: number;
  }
  const rowPx = 30;
  let items = ((await (await fetch('/data')).json()) as { items: Item[] }).items; // our own server's
  if (mutation === 'never-drawn') return;
  const late = mutation === 'rows-late' ? items.splice(-5) : [];
  if (mutation === 'row-lost') items = items.toSpliced(40, 1);
  const element = (given: Record<string, string>, text = ''): HTMLElement => {
    const made = document.createElement('div');
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };
  const cell = (kind: string, at: number, text: string): HTMLElement =>
    element(
      { role: kind, 'aria-colindex': String(at), style: 'display:inline-block;width:220px' },
      text,
    );
  const numbered = (row: number): Record<string, string> =>
    drawn === 'by-index' ? { 'aria-rowindex': String(row) } : {};
  const isWhole = drawn === 'all';
  const grid = element({ role, 'aria-label': 'Board', 'aria-colcount': '3' });
  const head = element({ role: 'row', ...numbered(1) });
  head.append(...['Rank', 'Model', 'Score'].map((text, at) => cell('columnheader', at + 1, text)));
  const view = element({
    style: `position:relative;height:${isWhole ? 'auto' : '300px'};overflow:auto`,
  });
  const body = element({ role: 'rowgroup', style: 'position:relative' });
  view.append(body);
  grid.append(head, view);
  const lineOf = (item: Item, at: number): HTMLElement => {
    const isPlaced = !isWhole && drawnPx === undefined;
    const place = isPlaced ? `;position:absolute;top:${at * rowPx}px` : '';
    const style = `height:${drawnPx ?? rowPx}px${place}${glides ? ';animation:glide 400ms' : ''}`;
    const line = element({ role: 'row', style, ...numbered(at + 2) });
    const isWrong = mutation === 'cell-differs' && at === 60;
    const link = document.createElement('a');
    link.href = `https://huggingface.co/${item.name}`;
    link.textContent = item.name;
    const named = cell('cell', 2, '');
    named.append(link);
    line.append(
      cell('cell', 1, String(at + 1)),
      named,
      cell('cell', 3, isWrong ? '0.5' : item.score.toFixed(1)),
    );
    return line;
  };
  const draw = (): void => {
    const count = items.length + 1 + (mutation === 'count-lies' ? 3 : 0);
    if (drawn === 'by-index') grid.setAttribute('aria-rowcount', String(count));
    const atTop = Math.floor(view.scrollTop / rowPx) - 3;
    const first = isWhole ? 0 : Math.max(0, Math.min(items.length - 10, atTop));
    const end = isWhole ? items.length : Math.ceil((view.scrollTop + 300) / rowPx) + 3;
    if (!isWhole && drawnPx === undefined) body.style.height = `${items.length * rowPx}px`;
    if (drawnPx !== undefined) {
      body.style.padding = `${first * rowPx}px 0 ${Math.max(0, items.length - end) * rowPx}px`;
    }
    const lines = items.slice(first, end).map((item, at) => lineOf(item, first + at));
    // Used again, elements stand in another order than their rows.
    if (drawn === 'by-index') lines.push(...lines.splice(0, 4));
    body.replaceChildren(...lines);
  };
  view.addEventListener('scroll', () => requestAnimationFrame(draw));
  draw();
  document.querySelector('main')?.replaceChildren(grid);
  if (late.length > 0) {
    setTimeout(() => {
      items.push(...late);
      draw();
    }, 300);
  }
}

export async function startRoleGrid(options: RoleGridOptions): Promise<Listening> {
  const items = Array.from({ length: options.rows }, (_, row) => ({
    name: `org-${row % 7}/model-${row}`,
    score: Number(scoreOf(row)),
  }));
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<title>Board</title><style>@keyframes glide { from { transform: translateY(-60px) } }</style></head><body><main><p aria-busy="true">Loading</p></main>
<script type="module">(${String(drawRoleGrid)})(${JSON.stringify(options)})</script></body></html>`;
  return listen((request, response) => {
    const isData = request.url === '/data';
    const type = isData ? 'application/json' : 'text/html; charset=utf-8';
    response.writeHead(200, { 'content-type': type });
    response.end(isData ? JSON.stringify({ items }) : page);
  });
}
