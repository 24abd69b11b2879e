import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { listen } from '../../helpers/listen.ts';
import { gradioScript } from './bundle.ts';
import { buildConfig } from './config.ts';
import { STYLE } from './page-style.ts';
import { queueServer, type EventFault, type QueueServer } from './queue-server.ts';
import {
  GENERATION_FACTS,
  plainFacts,
  type GradioGeneration,
  type PageConfig,
  type PageFaults,
  type PageSettings,
} from './settings.ts';
import { html, LOGIN, SPACE_ID, spaceShell, type SpaceOptions } from './space.ts';
import type { GradioTable } from './tables.ts';

export { GENERATIONS, type GradioGeneration, type PageFaults } from './settings.ts';
export type { GradioTable } from './tables.ts';
export type { SpaceOptions, SpaceState } from './space.ts';

/** What the app's own server does instead of serving the page. */
export interface HttpFault {
  /** `429` has the Hub's `RateLimit` headers; `login` is a form in place of the page. */
  answer: 429 | 500 | 503 | 'login' | 'redirect';
  /** For so many requests of the page; `redirect` always leads to the page. @default all */
  times?: number;
}

export interface GradioOptions {
  generation: GradioGeneration;
  tables: readonly GradioTable[];
  /** @default 'Leaderboard' */
  title?: string;
  /**
   * Where the config is: in the page, in the page's script once it has run (rendering on the
   * server), or nowhere that could be read. @default 'inline'
   */
  config?: 'inline' | 'late' | 'hidden';
  /** What becomes of load events. @default they end well */
  event?: EventFault;
  faults?: PageFaults;
  http?: HttpFault;
  space?: SpaceOptions;
}

export interface GradioRequest {
  method: string;
  path: string;
}

export interface GradioReplica {
  /** Address of the app itself, with a slash at its end. */
  url: string;
  /** Address of the Hub's page that has the app in a frame; another origin. */
  spaceUrl: string;
  /** What the app was asked for so far, in order. */
  requests: GradioRequest[];
  close: () => Promise<void>;
}

/**
 * Starts a page as Gradio draws it, with the given tables, on loopback: an app and, from another
 * origin, the Hub's page around it.
 *
 * @see ../data/boards/README.md for real tables to serve
 */
export async function startGradio(options: GradioOptions): Promise<GradioReplica> {
  const script = await gradioScript();
  const requests: GradioRequest[] = [];
  const app = createServer();
  // Those that were upgraded are the server's no more.
  const sockets = new Set<Duplex>();
  const { url: root, close } = await listen(app);
  const url = `${root}/`;
  const facts = GENERATION_FACTS[options.generation];
  const { config, events } = buildConfig({
    generation: options.generation,
    tables: options.tables,
    root,
    title: options.title ?? 'Leaderboard',
    statedRows: options.faults?.statedRows,
  });
  const queue = queueServer({ events, fault: options.event });
  const route = appRoutes(options, { script, config, queue });
  app.on('request', (request, response) => {
    const asked = new URL(request.url ?? '/', url);
    requests.push({ method: request.method ?? 'GET', path: asked.pathname });
    void route(request, { response, url: asked });
  });
  app.on('upgrade', (request, socket) => {
    requests.push({ method: 'WEBSOCKET', path: request.url ?? '' });
    sockets.add(socket);
    if (facts.queue === 'websocket') queue.upgrade(request, socket);
    else socket.destroy();
  });
  const shell = spaceShell(options.space ?? {}, url);
  const hub = await listen((request, response) =>
    shell(new URL(request.url ?? '/', 'http://localhost'), response),
  );
  return {
    url,
    spaceUrl: `${hub.url}/spaces/${SPACE_ID}`,
    requests,
    close: async () => {
      queue.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all([close(), hub.close()]);
    },
  };
}

interface Parts {
  script: Buffer;
  config: PageConfig;
  queue: QueueServer;
}

interface Asked {
  response: ServerResponse;
  url: URL;
}

function appRoutes(
  options: GradioOptions,
  { script, config, queue }: Parts,
): (request: IncomingMessage, asked: Asked) => Promise<void> {
  const { prefix } = GENERATION_FACTS[options.generation];
  const hash = randomBytes(4).toString('hex');
  const page = pageHtml(options, { config, hash });
  let visits = 0;
  return async (request, { response, url }) => {
    switch (url.pathname) {
      case '/':
      case '/app':
        visits += 1;
        if (url.pathname === '/' && faultyAnswer(response, { http: options.http, visits })) return;
        send(response, { type: 'text/html; charset=utf-8', body: page });
        return;
      case `/assets/index-${hash}.js`:
        send(response, { type: 'text/javascript', body: script });
        return;
      case '/config':
        if (options.config === 'hidden') break;
        send(response, { type: 'application/json', body: JSON.stringify(config) });
        return;
      case `${prefix}/info`:
        send(response, { type: 'application/json', body: '{"named_endpoints":{}}' });
        return;
      case `${prefix}/queue/join`:
        await queue.join(request, response);
        return;
      case `${prefix}/queue/data`:
        queue.data(url, response);
        return;
      default:
    }
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"detail":"Not Found"}');
  };
}

interface Visit {
  http: HttpFault | undefined;
  visits: number;
}

/** True when it answered in place of the page. */
function faultyAnswer(response: ServerResponse, { http, visits }: Visit): boolean {
  if (!http || visits > (http.times ?? Infinity)) return false;
  switch (http.answer) {
    case 'redirect':
      response.writeHead(302, { location: '/app' });
      response.end();
      return true;
    case 'login':
      html(response, 200, LOGIN);
      return true;
    case 429:
      response.setHeader('ratelimit', '"pages";r=0;t=60');
      response.setHeader('ratelimit-policy', '"fixed window";"pages";q=100;w=300');
      break;
    case 500:
    case 503:
  }
  html(response, http.answer, `<h1>${http.answer}</h1>`);
  return true;
}

interface Page {
  config: PageConfig;
  hash: string;
}

function pageHtml(options: GradioOptions, { config, hash }: Page): string {
  const when = options.config ?? 'inline';
  const settings: PageSettings = {
    facts: GENERATION_FACTS[options.generation],
    plainFacts: plainFacts(options.generation),
    faults: options.faults ?? {},
    hash,
    ...(when === 'inline' ? {} : { config: { when, value: config } }),
  };
  const inline =
    when === 'inline' ? `<script>window.gradio_config = ${inScript(config)};</script>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Gradio</title>
<script>window.__gradio_mode__ = "app";</script>
${inline}
<style>${STYLE}</style>
<script type="application/json" id="replica-settings">${inScript(settings)}</script>
<script type="module" src="/assets/index-${hash}.js"></script>
</head>
<body><gradio-app control_page_title="true" embed="false" eager="true"></gradio-app></body>
</html>
`;
}

// Nothing in the data may end the script that carries it.
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

interface Body {
  type: string;
  body: Buffer | string;
}

function send(response: ServerResponse, { type, body }: Body): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
