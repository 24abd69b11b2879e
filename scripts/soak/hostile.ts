import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BoardSnapshot } from '../../src/boards/snapshot.ts';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import { seededRandom } from '../../src/crawlers/pages/windows.ts';
import { dependenciesOf } from '../../tests/browser/board-harness.ts';
import { temporaryFolder } from '../../tests/helpers/fixtures.ts';
import type { SoakPart } from './part.ts';

const PAGES = Number(process.env['PAGES'] ?? 100);
const BATCH = 10;
const DEADLINE_MS = 20_000;
/** Evidence of a page that blocks, and a busy machine. */
const SLACK_MS = 40_000;
const MOST_BYTES = 100_000_000;

const ROWS = Array.from({ length: 12 }, (_, n) => [`org/m${n}`, `${n}.5`]);
const tableOf = (rows: readonly string[][]): string =>
  `<table><thead><tr><th>Model</th><th>Score</th></tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`;
const TABLE = tableOf(ROWS);
const FALSE_TABLE = tableOf(ROWS.map(([model = '']) => [`evil/${model.slice(4)}`, '99']));

/** What a page does once its table is there; `INNER` is a host of this machine that is not its own. */
const TRICKS: Record<string, string> = {
  none: '',
  loop: 'for (;;);',
  microtasks: '(function again() { Promise.resolve().then(again); })()',
  observer:
    "new MutationObserver(() => document.body.append('')).observe(document.body, { childList: true }); document.body.append('')",
  rows: "setInterval(() => { document.querySelector('tbody').append(document.querySelector('tr').cloneNode(true)); }, 30)",
  texts: "setInterval(() => { document.querySelector('td').textContent += ' '; }, 10)",
  silent: "const r = new XMLHttpRequest(); r.open('GET', '/never', false); r.send()",
  download: "location.href = '/file.bin'",
  downloads:
    "setInterval(() => { Object.assign(document.createElement('a'), { href: '/file.bin', download: 'x' }).click(); }, 200)",
  popups: "setInterval(() => open('/page-in-popup'), 100)",
  dialogs: 'setInterval(() => { alert(1); confirm(2); prompt(3); }, 10)',
  leave:
    "addEventListener('beforeunload', (event) => { event.preventDefault(); for (;;); }); location.reload()",
  worker: "navigator.serviceWorker?.register('/sw.js')",
  threads: "for (let n = 0; n < 2; n++) new Worker(URL.createObjectURL(new Blob(['for (;;);'])))",
  elsewhere: "location.href = 'http://INNER/'",
  file: "location.href = 'file:///etc/passwd'; open('file:///etc/passwd')",
  source: "location.href = 'view-source:' + location.href",
  push: "let n = 0; setInterval(() => history.pushState({}, '', '/p' + n++), 1)",
  back: 'setInterval(() => { history.pushState({}, ""); history.back(); }, 50)',
  reload: 'setTimeout(() => location.reload(), 300)',
  refresh: "document.head.insertAdjacentHTML('beforeend', '<meta http-equiv=refresh content=0>')",
  'refresh-silent':
    "document.head.insertAdjacentHTML('beforeend', '<meta http-equiv=refresh content=\"0;url=/never\">')",
  redirects: "location.href = '/redirect'",
  close: 'window.close(); open("", "_self").close()',
  wipe: "document.open(); document.write('gone'); document.close()",
  remove: 'document.documentElement.remove()',
  frames:
    "for (const src of ['data:text/html,FALSE', URL.createObjectURL(new Blob([`FALSE`], { type: 'text/html' })), '/frames']) document.body.append(Object.assign(document.createElement('iframe'), { src, width: 900, height: 600 }))",
  srcdoc:
    'document.body.append(Object.assign(document.createElement("iframe"), { srcdoc: `FALSE` }))',
  inner:
    "for (const it of ['INNER', '10.0.0.1', '169.254.169.254', '[::1]']) { fetch('http://' + it + '/'); new WebSocket('ws://' + it + '/'); navigator.sendBeacon('http://' + it + '/b'); }",
  dom: "const all = document.createElement('div'); for (let n = 0; n < 200000; n++) all.append(document.createElement('i')); document.body.append(all)",
  deep: "let at = document.body; for (let n = 0; n < 5000; n++) at = at.appendChild(document.createElement('div'))",
  memory: 'window.kept = Array.from({ length: 20 }, () => new Uint8Array(10_000_000).fill(1))',
  arrays:
    'for (const name of ["map", "filter", "slice", "push", "find", "flatMap", Symbol.iterator]) Array.prototype[name] = () => []',
  json: "JSON.stringify = () => '[]'; JSON.parse = () => []",
  text: "for (const name of ['textContent', 'innerText']) for (const it of [Node, HTMLElement]) Object.defineProperty(it.prototype, name, { get: () => 'evil/model' })",
  queries:
    'for (const it of [Document, Element]) { it.prototype.querySelectorAll = () => []; it.prototype.querySelector = () => null; }',
  time: 'performance.now = () => 0; Date.now = () => 0; window.setTimeout = () => 0; window.requestAnimationFrame = () => 0',
  style:
    "document.head.insertAdjacentHTML('beforeend', '<style>* { display: none !important }</style>')",
  console:
    "setInterval(() => { for (let n = 0; n < 100; n++) console.log('x'.repeat(10000)); }, 20)",
  ask: 'Notification.requestPermission(); navigator.geolocation.getCurrentPosition(() => 0); navigator.mediaDevices?.getUserMedia({ video: true }); document.documentElement.requestFullscreen(); print()',
  messages: 'onmessage = () => postMessage(1); postMessage(1)',
  base: "document.head.insertAdjacentHTML('beforeend', '<base href=\"http://INNER/\">')",
};

/** What the server does instead of answering with the page. */
const ANSWERS: Record<string, (response: ServerResponse, page: string) => void> = {
  endless: (response, page) => {
    const timer = setInterval(() => response.write(`${page}<p>`), 50);
    response.on('close', () => clearInterval(timer));
  },
  unfinished: (response, page) => void response.write(page),
  silence: () => undefined,
  reset: (response) => void response.socket?.resetAndDestroy(),
  attachment: (response, page) =>
    void response.setHeader('content-disposition', 'attachment; filename="../../x.html"').end(page),
  redirect: (response) => void response.writeHead(302, { location: '/redirect' }).end(),
  'redirect-file': (response) =>
    void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  none: (response) => void response.writeHead(204).end(),
  refused: (response, page) => void response.writeHead(500).end(page),
};

/** What pages ask for beside themselves. */
const OTHERS: typeof ANSWERS = {
  never: () => undefined,
  redirect: (response) => void response.writeHead(302, { location: '/redirect' }).end(),
  'file.bin': sendFile,
  frames: (response) => void response.end(`<iframe src="/frames?${Math.random()}"></iframe>`),
};

interface HostilePage {
  id: string;
  tricks: string[];
  html: string;
  answer: string | undefined;
}

function drawPage(at: number, random: () => number, inner: string): HostilePage {
  const names = Object.keys(TRICKS);
  const tricks = Array.from(
    { length: 1 + Math.floor(random() * 2) },
    (_, n) => names[n === 0 ? at % names.length : Math.floor(random() * names.length)] ?? 'none',
  );
  const answers = Object.keys(ANSWERS);
  const answer = random() < 0.15 ? answers[Math.floor(random() * answers.length)] : undefined;
  const scripts = tricks.map((name) => {
    const script = (TRICKS[name] ?? '').replaceAll('INNER', inner).replaceAll('FALSE', FALSE_TABLE);
    const run = `try { ${script} } catch {}`;
    // Some before the table, most at some moment while it is read.
    return random() < 0.2 ? run : `setTimeout(() => { ${run} }, ${Math.floor(random() * 2500)})`;
  });
  const html = `<!doctype html><head></head><body><script>addEventListener('load', () => { ${scripts.join(
    '\n',
  )} })</script>${TABLE}`;
  return { id: `page-${at}`, tricks, html, answer };
}

async function startServer(pages: ReadonlyMap<string, HostilePage>) {
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    response.on('error', () => undefined);
    const [, name = ''] = (request.url ?? '').split(/[/?]/);
    const page = pages.get(name);
    const answer = OTHERS[name] ?? ANSWERS[page?.answer ?? ''];
    response.setHeader('content-type', name === 'sw.js' ? 'text/javascript' : 'text/html');
    if (answer) answer(response, page?.html ?? '');
    else response.end(page?.html ?? FALSE_TABLE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const close = (): void => {
    for (const response of open) response.destroy();
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** Without end, as fast as it is taken. */
function sendFile(response: ServerResponse): void {
  response.writeHead(200, { 'content-disposition': 'attachment; filename="file.bin"' });
  const send = (): void => {
    while (response.write(Buffer.alloc(1_000_000)));
  };
  response.on('drain', send);
  send();
}

/** Reads pages as boards that nobody described, a few at a time; what must not be is a failure. */
async function readPages(
  batch: readonly HostilePage[],
  { url, storage, seed }: { url: string; storage: string; seed: number },
) {
  const failures: string[] = [];
  const wrong = new Set<string>();
  const dependencies = await dependenciesOf((capture) => {
    // The crawler wrote it from this type.
    const { shown } = JSON.parse(capture.body.toString()) as BoardSnapshot;
    const rows = shown.map(({ cells }) => [cells['Model'], cells['Score']]);
    if (!isDeepStrictEqual(rows, ROWS)) wrong.add(capture.source);
    return Promise.resolve();
  });
  const outcomes = await crawlBoards(
    dependencies,
    { boards: batch.map(({ id }) => ({ id, url: `${url}/${id}` })), evidenceFolder: storage },
    { timeoutMs: 15_000, deadlineMs: DEADLINE_MS, seed },
  );
  for (const [at, { board, seconds }] of outcomes.entries()) {
    const { tricks = [], answer = '' } = batch[at] ?? {};
    const name = `${board} (${[...tricks, answer].join()})`;
    if (seconds * 1000 > DEADLINE_MS + SLACK_MS) failures.push(`${name}: ${seconds} s`);
    // Where a page has wiped its table, that of its own frame is what a person sees.
    const isItsOwn = tricks.includes('wipe') && tricks.includes('srcdoc');
    if (wrong.has(`boards/${board}`) && !isItsOwn) failures.push(`${name}: other rows were taken`);
  }
  return { statuses: outcomes.map(({ status }) => status), failures };
}

export const part: SoakPart = {
  about:
    'hostile pages, read undescribed: in their time, never wrong, nothing outside their folder',
  async run(seed) {
    const { folder, remove } = await temporaryFolder();
    const [storage, outside] = [path.join(folder, 'storage'), path.join(folder, 'outside')];
    for (const it of [storage, outside]) mkdirSync(it);
    // Where a browser keeps its profile, and puts what nobody asked for.
    const { TMPDIR, HOME } = process.env;
    Object.assign(process.env, { TMPDIR: outside, HOME: outside });
    const pages = new Map<string, HostilePage>();
    let reached = 0;
    const inner = createServer((_request, response) => {
      reached += 1;
      response.end(FALSE_TABLE);
    }).listen(0, '127.0.0.1');
    const { url, close } = await startServer(pages);
    const { port } = inner.address() as AddressInfo; // it listens on a port
    const failures: string[] = [];
    const ended: string[] = [];
    for (let first = 0; first < PAGES; first += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, PAGES - first) }, (_, at) =>
        drawPage(first + at, seededRandom(seed * 1000 + first + at), `localhost:${port}`),
      );
      for (const page of batch) pages.set(page.id, page);
      const read = await readPages(batch, { url, storage, seed });
      ended.push(...read.statuses);
      failures.push(...read.failures);
      const left = readdirSync(outside);
      if (left.length > 0) failures.push(`pages from ${first} left ${left.join()}`);
      if (sizeOf(storage) > MOST_BYTES) failures.push(`pages from ${first}: ${sizeOf(storage)} B`);
    }
    if (reached > 0) failures.push(`${reached} requests reached another host of this machine`);
    close();
    inner.close();
    Object.assign(process.env, { TMPDIR: TMPDIR ?? '/tmp', HOME });
    await remove();
    const counts = ['verified', 'at_rest', 'drifted', 'failed'].map(
      (status) => `${ended.filter((it) => it === status).length} ${status}`,
    );
    return { counts: counts.join(', '), failures };
  },
};

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(path.join(file.parentPath, file.name)).size, 0);
