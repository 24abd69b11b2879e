import { listen, type Listening } from '../../helpers/listen.ts';

/** How a page shows the rows after the first ones. */
export type Pager = 'numbers' | 'plain' | 'icons' | 'named' | 'scroll' | 'more';

export interface PagedOptions {
  pager: Pager;
  rows: number;
  /** What is wrong with it. @default nothing */
  mutation?: 'page-lost' | 'page-again' | 'count-lies' | 'stuck';
  /** What a cell held before fades out beside what it holds now. @default false */
  fades?: boolean;
}

/** Rows of a page, as its server gives them. */
const SIZE = 10;

export const rowOf = (at: number): string[] => [
  `org-${at % 7}/model-${at}`,
  (((at * 37) % 1000) / 10).toFixed(1),
  ['mit', 'apache-2.0'][at % 2] ?? '',
];

/**
 * A page with a table of which the server gives some rows at a time. It says nothing in English, and
 * nothing by class names but where its controls are `plain` elements, or `named`. Runs in the page, complete in itself.
 */
function drawPaged({ pager, rows, size, fades = false }: PagedOptions & { size: number }): void {
  const body = document.querySelector('tbody');
  const around = document.querySelector('#around');
  if (!body || !around) return;
  const pages = Math.ceil(rows / size);
  const lineOf = (cells: string[]): HTMLElement => {
    const line = document.createElement('tr');
    line.append(
      ...cells.map((text) => Object.assign(document.createElement('td'), { textContent: text })),
    );
    return line;
  };
  const load = async (page: number, keep: boolean): Promise<void> => {
    const response = await fetch(`/rows/${page}`);
    const { items } = (await response.json()) as { items: string[][] }; // our own server's
    const before = [...body.rows].map((row) => row.lastElementChild?.textContent ?? '');
    if (!keep) body.replaceChildren();
    const lines = items.map(lineOf);
    body.append(...lines);
    for (const [at, line] of fades ? lines.entries() : []) {
      const ghost = Object.assign(document.createElement('i'), { textContent: before[at] ?? '' });
      ghost.addEventListener('animationend', () => {
        ghost.remove();
      });
      line.lastElementChild?.append(ghost);
    }
  };
  const button = (text: string, off: boolean, open: () => void): HTMLButtonElement => {
    const made = document.createElement('button');
    made.innerHTML = text;
    made.disabled = off;
    // How it would look, if it were off.
    made.className = 'disabled:opacity-50';
    made.addEventListener('click', open);
    return made;
  };
  const plain = (text: string, open: () => void): HTMLElement => {
    const made = document.createElement('div');
    made.append(text);
    made.className = 'x-pagination-item';
    made.addEventListener('click', open);
    return made;
  };
  const icon = (path: string, name: string): string => {
    const named = pager === 'named' ? `aria-hidden="true" class="${name}-icon"` : '';
    return `<svg ${named} width="9" height="9"><path d="${path}"/></svg>`;
  };
  const show = async (page: number): Promise<void> => {
    await load(page, false);
    const to = (it: number) => () => void show(it);
    if (pager === 'icons' || pager === 'named') {
      const back = button(icon('M9 0L0 4L9 9', 'prev'), page === 0, to(page - 1));
      const on = button(icon('M0 0L9 4L0 9', 'next'), page === pages - 1, to(page + 1));
      around.replaceChildren(back, on);
      return;
    }
    const first = Math.max(0, Math.min(page - 2, pages - 5));
    const numbers = Array.from({ length: Math.min(5, pages) }, (_, at) => first + at);
    const stated = document.createElement('p');
    const last = Math.min(rows, (page + 1) * size);
    stated.textContent = `共 ${rows} 条，第 ${page * size + 1}-${last} 条`;
    around.replaceChildren(
      stated,
      ...numbers.map((it) =>
        pager === 'plain'
          ? plain(String(it + 1), to(it))
          : button(String(it + 1), it === page, to(it)),
      ),
    );
  };
  let next = 0;
  const add = async (): Promise<void> => {
    next += 1;
    await load(next - 1, true);
  };
  if (pager === 'more') {
    const more = button(
      '加载更多',
      false,
      () => void add().then(() => next === pages && more.remove()),
    );
    document.body.append(more);
    void add();
  } else if (pager === 'scroll') {
    let isBusy = false;
    // Its batches come 1.8 s after they are wanted, and are asked for no sooner.
    addEventListener('scroll', () => {
      const end = document.documentElement.scrollHeight - innerHeight - 40;
      if (isBusy || next === pages || scrollY < end) return;
      isBusy = true;
      setTimeout(() => void add().then(() => (isBusy = false)), 1_800);
    });
    void add();
  } else void show(0);
}

export async function startPaged(options: PagedOptions): Promise<Listening> {
  const { rows, mutation } = options;
  const stated = rows + (mutation === 'count-lies' ? 3 : 0);
  const given = JSON.stringify({ ...options, rows: stated, size: SIZE });
  const page = `<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,">
<style>td { height: 90px } i { animation: fade 0.4s } @keyframes fade { to { opacity: 0 } }</style></head><body><header><a href="/next">Next board</a></header>
<table><thead><tr><th>Model</th><th>Score</th><th>Licence</th></tr></thead><tbody></tbody></table><div id="around"></div>
<script type="module">(${String(drawPaged)})(${given})</script></body></html>`;
  const pageAt = (at: number): number => {
    if (mutation === 'stuck' && at === 2) return 1;
    if (mutation === 'page-again' && at === 3) return 1;
    return mutation === 'page-lost' && at >= 2 ? at + 1 : at;
  };
  return listen(({ url = '' }, response) => {
    const at = /^\/rows\/(\d+)$/.exec(url)?.[1];
    const from = at === undefined ? 0 : pageAt(Number(at)) * SIZE;
    const items = Array.from({ length: Math.max(0, Math.min(SIZE, rows - from)) }, (_, line) =>
      rowOf(from + line),
    );
    const type = at === undefined ? 'text/html; charset=utf-8' : 'application/json';
    response.writeHead(200, { 'content-type': type });
    response.end(at === undefined ? page : JSON.stringify({ items }));
  });
}
