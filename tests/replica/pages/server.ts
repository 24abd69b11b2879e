import type { ServerResponse } from 'node:http';
import { listen } from '../../helpers/listen.ts';
import { documentOf } from './html.ts';
import { drawPage } from './page.ts';
import { payloadOf } from './payload.ts';

const SLOW_MS = 1_500;

/** Serves every page that can be drawn, each at `/SEED/`. */
export async function startPages(): Promise<{
  urlOf: (seed: number) => string;
  close: () => Promise<void>;
}> {
  const { url, close } = await listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, seed = '', what = ''] = pathname.split('/');
    const number = searchParams.get('page');
    if (/^\d+$/.test(seed))
      answer(response, { seed: Number(seed), what, at: number === null ? null : Number(number) });
    else response.writeHead(404).end();
  });
  return { urlOf: (seed) => `${url}/${seed}/`, close };
}

function answer(
  response: ServerResponse,
  { seed, what, at }: { seed: number; what: string; at: number | null },
): void {
  const page = drawPage(seed);
  const html = (text: string): void =>
    void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text);
  if (what === 'data') {
    const { type, text } = payloadOf(page, at) ?? { type: 'text/plain', text: '' };
    setTimeout(
      () => response.writeHead(200, { 'content-type': type }).end(text),
      at === null ? page.delayMs : 20,
    );
  } else if (what === 'late') setTimeout(() => html(''), page.delayMs);
  else if (what === 'slow') setTimeout(() => html(''), SLOW_MS);
  else if (what === 'broken') response.writeHead(500).end();
  else if (what === 'nothing') response.writeHead(404).end();
  else if (what === '' && page.ways.place === 'frame') {
    html(
      `<!doctype html><h1>Board</h1><iframe src="/${seed}/inside" width="1500" height="900"></iframe>`,
    );
  } else html(documentOf(page, at ?? 0));
}
