import type { ServerResponse } from 'node:http';

/** What the Hub's page of a Space says of it. */
export type SpaceState =
  | 'RUNNING'
  | 'SLEEPING'
  | 'BUILDING'
  | 'PAUSED'
  | 'RUNTIME_ERROR'
  | 'CONFIG_ERROR'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'RENAMED'
  | 'LOGIN';

export interface SpaceOptions {
  /** @default 'RUNNING' */
  state?: SpaceState;
  /** A Space that sleeps runs after so many visits of its page. @default never */
  wakesAfterVisits?: number;
}

export const SPACE_ID = 'replica/leaderboard';
const RENAMED_ID = 'replica-archive/leaderboard';

interface Card {
  badge: string;
  sentence: string;
}

type CardState = 'SLEEPING' | 'BUILDING' | 'PAUSED' | 'RUNTIME_ERROR' | 'CONFIG_ERROR';

const CARDS: Readonly<Record<CardState, Card>> = {
  SLEEPING: { badge: 'Sleeping', sentence: 'This Space is sleeping due to inactivity.' },
  BUILDING: { badge: 'Building', sentence: 'Building' },
  PAUSED: { badge: 'Paused', sentence: 'This Space has been paused by its owner.' },
  RUNTIME_ERROR: { badge: 'Runtime error', sentence: 'Runtime error' },
  CONFIG_ERROR: { badge: 'Configuration error', sentence: 'Configuration error' },
};

const hasCard = (state: SpaceState): state is CardState => Object.hasOwn(CARDS, state);

/** The Hub's pages around a Space, from an origin of their own. */
export function spaceShell(
  options: SpaceOptions,
  appUrl: string,
): (url: URL, response: ServerResponse) => void {
  let visits = 0;
  const stateNow = (): SpaceState => {
    const { state = 'RUNNING', wakesAfterVisits = Infinity } = options;
    return state === 'SLEEPING' && visits > wakesAfterVisits ? 'RUNNING' : state;
  };
  return (url, response) => {
    const path = url.pathname.replace(/\/$/, '');
    if (path === `/api/spaces/${SPACE_ID}/runtime`) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ stage: stateNow(), hardware: { current: 'cpu-basic' } }));
      return;
    }
    const isRenamed = options.state === 'RENAMED' && path === `/spaces/${RENAMED_ID}`;
    if (path !== `/spaces/${SPACE_ID}` && !isRenamed) {
      html(response, 404, '<h1>404</h1><p>Sorry, we can’t find the page you are looking for.</p>');
      return;
    }
    visits += 1;
    answer(response, isRenamed ? 'RUNNING' : stateNow(), appUrl);
  };
}

function answer(response: ServerResponse, state: SpaceState, appUrl: string): void {
  if (hasCard(state)) {
    const { badge, sentence } = CARDS[state];
    html(response, 200, shell(badge, `<div class="card"><p>${sentence}</p></div>`));
    return;
  }
  switch (state) {
    case 'NOT_FOUND':
      html(response, 404, '<h1>404</h1><p>Sorry, we can’t find the page you are looking for.</p>');
      return;
    case 'RATE_LIMITED':
      response.setHeader('ratelimit', '"pages";r=0;t=120');
      response.setHeader('ratelimit-policy', '"fixed window";"pages";q=100;w=300');
      html(response, 429, '<h1>429</h1><p>We had to rate limit you.</p>');
      return;
    case 'RENAMED':
      response.writeHead(307, { location: `/spaces/${RENAMED_ID}` });
      response.end();
      return;
    case 'LOGIN':
      html(response, 401, LOGIN);
      return;
    case 'RUNNING':
      html(
        response,
        200,
        shell(
          'Running',
          `<iframe class="space-iframe" src="${appUrl}?__theme=light" style="width:100%;height:90vh;border:0"></iframe>`,
        ),
      );
  }
}

/** What a page shows that wants to know who asks. */
export const LOGIN =
  '<h1>Log In</h1><form action="/login" method="post"><input name="username"><input name="password" type="password"><button>Login</button></form>';

const shell = (badge: string, body: string): string =>
  `<header><a href="/">Hub</a><nav><a href="/models">Models</a></nav></header>
<h1><a href="/spaces/${SPACE_ID}">${SPACE_ID}</a></h1><span class="badge">${badge}</span>
<main>${body}</main>`;

export function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Space</title></head><body>${body}</body></html>`,
  );
}
