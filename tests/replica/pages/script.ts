/** What a page's script is given. */
export interface BoardScript {
  /** The table without rows, and its rows. */
  table: string;
  lines: string[];
  paging: string;
  place: string;
  state: string;
  size: number;
  isRemote: boolean;
  isTable: boolean;
  /** It loads data before it draws. */
  fetches: boolean;
  /** A window draws so many rows, however high it becomes. */
  isFixed: boolean;
  base: string;
}

/** Draws the board of a page. Runs in the page, complete in itself. */
export function drawBoard(encoded: string): void {
  const bytes = Uint8Array.from(atob(encoded), (it) => it.charCodeAt(0));
  const given = JSON.parse(new TextDecoder().decode(bytes)) as BoardScript; // our own server's
  const { lines, size, paging, state, base } = given;
  const host = document.querySelector('#board') ?? document.body;
  const root = given.place === 'shadow' ? host.attachShadow({ mode: 'open' }) : host;
  const say = (role: string, text: string): HTMLElement => {
    const said = document.createElement('div');
    said.setAttribute('role', role);
    said.textContent = text;
    host.before(said);
    return said;
  };
  const rows = (): Element => root.querySelector('.rows') ?? host;
  const set = (some: readonly string[]): void => void (rows().innerHTML = some.join(''));
  const add = (some: readonly string[]): void =>
    rows().insertAdjacentHTML('beforeend', some.join(''));
  const load = (page: number | null): Promise<unknown> =>
    fetch(page === null ? `${base}data` : `${base}data?page=${page}`).then((it) => it.text());
  const around = document.createElement('div');
  const pages = Math.ceil(lines.length / size);
  const pageOf = (page: number): string[] => lines.slice(page * size, (page + 1) * size);
  const button = (html: string, off: boolean, work: () => void): HTMLElement => {
    const made = document.createElement('button');
    made.innerHTML = html;
    made.disabled = off;
    made.onclick = work;
    return made;
  };
  const show = async (page: number): Promise<void> => {
    if (given.isRemote) await load(page);
    set(pageOf(page));
    const to = (it: number) => () => void show(it);
    const icon = (path: string): string => `<svg width="9" height="9"><path d="${path}"/></svg>`;
    const [back, next] =
      paging === 'icons' ? [icon('M9 0L0 4L9 9'), icon('M0 0L9 4L0 9')] : ['Previous', 'Next'];
    const all = paging === 'numbers' ? Array.from({ length: pages }, (_, it) => it) : [];
    const said = document.createElement('span');
    const last = Math.min(lines.length, (page + 1) * size);
    said.textContent = paging === 'words' ? `${page * size + 1}–${last} of ${lines.length}` : '';
    around.replaceChildren(
      button(back, page === 0, to(page - 1)),
      ...all.map((it) => button(`${it + 1}`, it === page, to(it))),
      button(next, page === pages - 1, to(page + 1)),
      said,
    );
  };
  const grow = async (page: number): Promise<void> => {
    if (given.isRemote) await load(page);
    if (page === 0) set([]);
    add(pageOf(page));
    if (page + 1 >= pages) return around.replaceChildren();
    if (paging === 'more') {
      return around.replaceChildren(button('Load more', false, () => void grow(page + 1)));
    }
    const end = document.createElement('p');
    end.textContent = '…';
    around.replaceChildren(end);
    new IntersectionObserver(([seen], own) => {
      if (!seen?.isIntersecting) return;
      own.disconnect();
      void grow(page + 1);
    }).observe(end);
  };
  const slide = (): void => {
    const [scroller, high] = [root.querySelector('.scroll'), 28];
    const room = (count: number): string =>
      given.isTable
        ? `<tr style="height:${count * high}px"></tr>`
        : `<div style="height:${count * high}px"></div>`;
    const draw = (): void => {
      const first = Math.max(0, Math.floor((scroller?.scrollTop ?? 0) / high) - 3);
      const highPx = given.isFixed ? 400 : (scroller?.clientHeight ?? 0);
      const last = Math.min(lines.length, first + Math.ceil(highPx / high) + 8);
      set([room(first), ...lines.slice(first, last), room(lines.length - last)]);
    };
    scroller?.addEventListener('scroll', draw);
    if (scroller) new ResizeObserver(draw).observe(scroller);
    draw();
  };
  const fill = async (): Promise<void> => {
    if (state === 'parts') {
      set(lines.slice(0, Math.ceil(lines.length / 2)));
      await fetch(`${base}slow`);
    }
    if (paging === 'virtual') slide();
    else if (paging === 'more' || paging === 'scroll') await grow(0);
    else if (paging === 'all') set(lines);
    else await show(0);
  };
  const start = async (): Promise<void> => {
    const table = given.table;
    const waiting = state === 'spinner' ? say('status', 'Loading…') : null;
    if (state === 'skeleton') {
      root.innerHTML = table;
      set(
        lines
          .slice(0, 5)
          .map((it) =>
            it.replaceAll(
              /(<(?:td|div role="gridcell")[^>]*>).*?(<\/(?:td|div)>)/g,
              '$1<div class="skeleton"></div>$2',
            ),
          ),
      );
    }
    if (given.fetches && !given.isRemote) await load(null);
    else await fetch(`${base}late`);
    if (state === 'other-error') {
      await fetch(`${base}nothing`);
      say('alert', 'Statistics are not available');
    }
    root.innerHTML = table;
    host.after(around);
    if (state === 'error') {
      await fetch(`${base}broken`);
      say('alert', 'Failed to load the leaderboard');
      return;
    }
    if (state !== 'empty') await fill();
    else say('status', 'No results');
    waiting?.remove();
  };
  if (given.place !== 'fold') return void start();
  new IntersectionObserver(([seen], own) => {
    if (!seen?.isIntersecting) return;
    own.disconnect();
    void start();
  }).observe(host);
}
