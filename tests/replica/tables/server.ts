import type { ServerResponse } from 'node:http';
import { listen } from '../../helpers/listen.ts';
import {
  arenaBoard,
  hubBoard,
  mtebBoard,
  someHubEntries,
  ttsBoard,
  ugiBoard,
  vectaraBoard,
  type HubEntry,
  type ReplicaBoard,
} from './board-data.ts';
import {
  changedColumn,
  differingRow,
  mutateBoard,
  type TableKind,
  type TableMutation,
} from './mutations.ts';
import {
  CHALLENGE_PAGE,
  drawScript,
  gridScript,
  lateScript,
  LOGIN_PAGE,
  pageHtml,
  rowsHtml,
  tableHtml,
} from './pages.ts';

export * from './mutations.ts';

export interface TablesOptions {
  kind: TableKind;
  /** What is wrong with the board. @default nothing */
  mutation?: TableMutation;
  /** Rows of the board; those of real tables are repeated with other names. @default the kind's own */
  rows?: number;
  /** Entries of the Hub's page, in the shape of its API. @default made up */
  entries?: readonly HubEntry[];
  /** The Hub's page within the rest of a data set's, collapsed. @default the part for other sites */
  hubPage?: 'dataset';
  /** Wait before data that the page asks for. @default 0 */
  delayMs?: number;
}

export interface TablesReplica {
  url: string;
  /** What a reader must find. */
  board: ReplicaBoard;
  close: () => Promise<void>;
}

const PATHS: Record<TableKind, string> = {
  mteb: '/benchmark/MTEB(eng,%20v2)',
  hub: '/embed/leaderboard?leaderboard_is_expanded=true',
  'tts-arena': '/leaderboard',
  nextjs: '/leaderboard/text',
  static: '/table.html',
  'ag-grid': '/',
};
const FORMATS: Partial<Record<string, string>> = {
  '#': 'plain',
  'model.totalParamsB': 'billions',
  'model.zeroShotPct': 'percent',
  verified: 'verified',
};

/** A board of so many rows: the own ones, then the same again under other names. */
function resized(board: ReplicaBoard, rows: number | undefined): ReplicaBoard {
  const own = board.rows.length;
  if (rows === undefined) return board;
  const isRanked = board.columns[0]?.key === 'rank';
  return {
    ...board,
    rows: Array.from({ length: rows }, (_, at) =>
      (board.rows[at % own] ?? []).map((cell, x) => {
        if (at < own) return cell;
        if (isRanked && x === 0) return { text: String(at + 1), value: at + 1 };
        if (x !== (isRanked ? 1 : 0)) return cell;
        const name = `${String(cell.value)}-${at}`;
        return { ...cell, text: cell.text.replace(String(cell.value), name), value: name };
      }),
    ),
  };
}

function boardOf({ kind, rows, entries }: TablesOptions): ReplicaBoard {
  switch (kind) {
    case 'mteb':
      return mtebBoard(rows ?? 332);
    case 'hub':
      return hubBoard(entries ?? someHubEntries(rows ?? 69));
    case 'tts-arena':
      return ttsBoard(rows);
    case 'nextjs':
      return resized(arenaBoard(), rows);
    case 'static':
      return resized(vectaraBoard(), rows);
    case 'ag-grid':
      return ugiBoard(rows ?? 900);
  }
}

/** The rows as the page gets them: objects, nested by the dots of the columns' keys. */
function entriesOf({ columns, rows }: ReplicaBoard, isFlat = false): Record<string, unknown>[] {
  return rows.map((row) => {
    const entry: Record<string, unknown> = {};
    row.forEach(({ text, value }, at) => {
      const key = columns[at]?.key ?? '';
      const path = isFlat ? [key] : key.split('.');
      let into = entry;
      for (const part of path.slice(0, -1)) into = (into[part] ??= {}) as typeof into; // made here
      into[path.at(-1) ?? ''] = key === 'verified' ? text === 'Verified' : value;
    });
    return entry;
  });
}

interface Served {
  options: TablesOptions;
  board: ReplicaBoard;
  dataOrigin: string;
}

/** Wait before rows that come late. */
const LATE_MS = 400;
const DATA = '/data';

function formatOf(kind: TableKind, key: string): string {
  if (kind === 'mteb' && key === 'rank') return 'rank';
  if (kind === 'mteb' && /^(mean|scores)/.test(key)) return 'hundredfold';
  if (kind === 'hub' && key === 'value') return 'fixed';
  return FORMATS[key] ?? 'plain';
}

function drawnPage({ options, board, dataOrigin }: Served): string {
  const { kind, mutation, hubPage } = options;
  const isHub = kind === 'hub';
  const isCollapsed = mutation === 'collapsed' || (isHub && hubPage === 'dataset');
  const column = changedColumn(board);
  const source = { url: `${dataOrigin}${DATA}`, key: 'rows' };
  const props = JSON.stringify({ leaderboard: { entries: entriesOf(board) } });
  const scripts = drawScript({
    columns: board.columns.map((it) => ({
      ...it,
      format: formatOf(kind, it.key),
      ...(/model(\.name|Id)$/.test(it.key) && {
        linkBase: isHub ? '/' : 'https://huggingface.co/',
      }),
    })),
    ...(isHub ? { entries: entriesOf(board), source: null } : { entries: null, source }),
    ...{ first: 80, more: 200, collapsed: isCollapsed ? 10 : null },
    button: isHub ? 'Expand' : `Show all ${board.rows.length}`,
    tableClass: mutation === 'classes-changed' ? 'css-1x2y3z' : 'summary-table',
    mutation: mutation ?? '',
    at: { column, row: differingRow(mutation, board.rows.length) },
    lateMs: LATE_MS,
  });
  const skeleton = '<div class="table-skel" aria-busy="true" aria-label="Loading">&nbsp;</div>';
  return pageHtml({
    title: isHub ? 'A benchmark' : 'MTEB(eng, v2)',
    board: isHub
      ? `<div data-target="Leaderboard" data-props="${props.replaceAll('"', '&quot;')}">${skeleton}</div>`
      : skeleton,
    scripts,
    mutation,
    rows: board.rows.length,
  });
}

function gridPage({ options, board }: Served): string {
  const { mutation } = options;
  const scripts = gridScript({
    columns: board.columns.map((it, at) => ({ ...it, isLink: at === 1 })),
    source: '/_dash-update-component',
    mutation: mutation ?? '',
    at: { column: changedColumn(board), row: differingRow(mutation, board.rows.length) },
    lateMs: LATE_MS,
    pageSize: mutation === 'paginated' ? 100 : null,
  });
  const root =
    '<div style="height:500px;width:900px;display:flex;flex-direction:column" class="ag-root-wrapper"><div class="ag-root" role="grid" style="flex:1;min-height:0;display:flex;flex-direction:column"><div class="ag-overlay-loading-center">Loading...</div></div></div>';
  return pageHtml({ title: 'UGI', board: root, scripts, mutation, rows: board.rows.length });
}

function servedPage({ options, board }: Served): string {
  const { kind, mutation } = options;
  const size = board.rows.length;
  const cell = differingRow(mutation, size);
  const column = changedColumn(board);
  const shown: ReplicaBoard = {
    ...board,
    rows: board.rows
      .filter((_row, at) => mutation !== 'rows-lost' || at !== 9)
      .map((row, y) =>
        row.map((it, x) => (y === cell && x === column ? { ...it, text: '12.34' } : it)),
      ),
  };
  const part = { paginated: 20, collapsed: 10, 'part-with-link': 10, virtualised: 15 }[
    mutation as string
  ];
  const rows = mutation === 'rows-late' ? size - 7 : Math.min(part ?? size, size);
  const byHand = kind === 'static';
  const className = mutation === 'classes-changed' ? 'z' : 'w-full caption-bottom text-sm';
  const table = { board: shown, mutation, rows, className, byHand };
  const html = tableHtml(table);
  const copies: Partial<Record<string, string>> = {
    'table-doubled': html,
    'table-doubled-differing': tableHtml({ ...table, rows: rows - 1 }),
    paginated: `<p>1–20 of ${size}</p><button>Next</button>`,
    collapsed: '<button onclick="more(this)">Show all</button>',
    'part-with-link': '<a href="/all">View full leaderboard</a>',
  };
  const rest = rowsHtml(table, rows, size);
  const late = mutation === 'rows-late' ? lateScript(rest, LATE_MS) : '';
  const more = `<script>function more(it){it.remove();document.querySelector('#board tbody').insertAdjacentHTML('beforeend',${JSON.stringify(rest).replaceAll('</', '<\\/')})}</script>`;
  const flight = JSON.stringify([
    1,
    `7:["$","div",null,{"entries":${JSON.stringify(entriesOf(board))}}]`,
  ]);
  const scripts = [
    kind === 'nextjs'
      ? `<script>self.__next_f=self.__next_f||[]</script><script>self.__next_f.push(${flight.replaceAll('<', '\\u003c')})</script>`
      : '',
    late,
    mutation === 'collapsed' ? more : '',
  ];
  const body =
    mutation === 'skeleton-forever' ? '<div aria-busy="true" aria-label="Loading"></div>' : html;
  return pageHtml({
    title: kind,
    board: `${mutation === 'virtualised' ? body.replace('</tbody>', `<tr><td colspan="9" style="height:${size * 24}px"></td></tr></tbody>`) : body}${copies[mutation ?? ''] ?? ''}`,
    scripts: scripts.join(''),
    mutation,
    rows: size,
  });
}

function pageOf(served: Served): string {
  const { kind } = served.options;
  if (kind === 'ag-grid') return gridPage(served);
  return kind === 'mteb' || kind === 'hub' ? drawnPage(served) : servedPage(served);
}

const STATUSES: Partial<Record<string, [number, string]>> = {
  'login-wall': [200, LOGIN_PAGE],
  'challenge-403': [403, CHALLENGE_PAGE],
  'status-429': [429, 'Too many requests'],
  'status-500': [500, 'Internal Server Error'],
};

/** Starts a page with a leaderboard of a kind on loopback; its data may come from another origin. */
export async function startTables(options: TablesOptions): Promise<TablesReplica> {
  const { kind, mutation } = options;
  const board = mutateBoard(boardOf(options), mutation);
  const answer = (response: ServerResponse): void => answerData(response, { options, board });
  const data = await listen((_request, response) => answer(response));
  const path =
    kind === 'hub' && options.hubPage === 'dataset' ? '/datasets/some/benchmark' : PATHS[kind];
  const page = await listen(({ url: asked = '' }, response) => {
    if (asked === '/_dash-update-component') return answer(response);
    if (mutation === 'redirected' && asked === path) {
      return void response.writeHead(302, { location: `/moved${path}` }).end();
    }
    const [status, text] = STATUSES[mutation ?? ''] ?? [
      200,
      pageOf({ options, board, dataOrigin: data.url }),
    ];
    const bytes = Buffer.from(text);
    response.writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': bytes.length,
    });
    if (mutation !== 'document-cut') response.end(bytes);
    else response.write(bytes.subarray(0, bytes.length * 0.6), () => response.destroy());
  });
  const close = async (): Promise<void> => void (await Promise.all([page.close(), data.close()]));
  return { url: `${page.url}${path}`, board, close };
}

function answerData(
  response: ServerResponse,
  { options, board }: Pick<Served, 'options' | 'board'>,
): void {
  const { kind, mutation, delayMs = 0 } = options;
  if (mutation === 'data-never') return;
  const rows = entriesOf(board, kind === 'ag-grid');
  const answer =
    kind === 'ag-grid'
      ? { response: { grid: { rowData: rows } }, multi: true }
      : { benchmarkName: 'MTEB(eng, v2)', rows };
  const text = JSON.stringify(answer);
  response.writeHead(mutation === 'data-500' ? 500 : 200, {
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
  });
  const end = () => response.end(mutation === 'data-cut' ? text.slice(0, text.length / 2) : text);
  setTimeout(end, delayMs);
}
