import { listen } from '../helpers/listen.ts';

/** A table of models and their scores. */
export const tableOf = (rows: number, first = 0): string => {
  const row = (n: number): string => `<tr><td>org/model-${n}</td><td>${n}.5</td></tr>`;
  const body = Array.from({ length: rows }, (_, n) => row(first + n)).join('');
  return `<table><thead><tr><th>Model</th><th>Score</th></tr></thead><tbody>${body}</tbody></table>`;
};

/** What the Hub's page of a Space shows in the place of the Space. */
export type ShellState = 'RUNNING' | 'SLEEPING' | 'PAUSED' | 'RUNTIME_ERROR' | 'MISSING';

export interface TablePage {
  /** Address of a page with one table, complete without scripts. */
  url: string;
  /** Address of the Hub's page of a Space that holds that table. */
  spaceUrl: string;
  rows: Record<string, string>[];
  state: ShellState;
  /** Paths that were asked for. */
  requests: string[];
  close: () => Promise<void>;
}

const CARDS: Record<Exclude<ShellState, 'RUNNING'>, string> = {
  SLEEPING: '<h1>This Space is sleeping due to inactivity.</h1><button>Restart this Space</button>',
  PAUSED: '<h1>This Space has been paused by its owner.</h1>',
  RUNTIME_ERROR: '<h1>Runtime error</h1><pre>Traceback (most recent call last)</pre>',
  MISSING: '<h1>404</h1><p>Sorry, we can’t find the page you are looking for.</p>',
};

/** A page with a table whose rows can be changed between two visits, and a Space's page around it. */
export async function startTablePage(rows: Record<string, string>[]): Promise<TablePage> {
  const requests: string[] = [];
  const { url, close } = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    requests.push(pathname);
    const isSpace = pathname.startsWith('/spaces/');
    // The Hub answers 404 with a page that says so.
    const status =
      isSpace && page.state === 'MISSING' ? 404 : pathname === '/favicon.ico' ? 404 : 200;
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(isSpace ? shell(page.state) : table(page.rows));
  });
  const page: TablePage = {
    url: `${url}/board`,
    spaceUrl: `${url}/spaces/owner/board`,
    rows,
    state: 'RUNNING',
    requests,
    close,
  };
  return page;
}

const shell = (state: ShellState): string =>
  document(
    state === 'RUNNING'
      ? '<iframe class="space-iframe" src="/board" width="1200" height="800"></iframe>'
      : CARDS[state],
  );

function table(rows: readonly Record<string, string>[]): string {
  const headers = Object.keys(rows[0] ?? {});
  const head = headers.map((header) => `<th scope="col">${escaped(header)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${headers.map((it) => `<td>${escaped(row[it] ?? '')}</td>`).join('')}</tr>`)
    .join('\n');
  return document(`<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`);
}

const document = (body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Board</title></head><body>${body}</body></html>\n`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
