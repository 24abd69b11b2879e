import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Capture } from '../../src/storage/capture.ts';
import { crawlBoards } from '../../src/crawlers/boards.ts';
import { dependenciesOf } from './board-harness.ts';

const TABLE = `<table>
<tr><th>Model</th><th>Score</th></tr>
${Array.from({ length: 12 }, (_, n) => `<tr><td>a/model-${n}</td><td>${90 - n}.5</td></tr>`).join('\n')}
</table>`;

/** What a hostile page does once its table is there. */
const SCRIPTS: Record<string, string> = {
  good: '',
  asks: "fetch('/ask')",
  loop: 'setTimeout(() => { for (;;); }, 50)',
  silent: `setTimeout(() => { const request = new XMLHttpRequest();
    request.open('GET', '/never', false); request.send(); }, 50)`,
  observer: `setTimeout(() => {
    new MutationObserver(() => document.body.append('')).observe(document.body, { childList: true });
    document.body.append('');
  }, 50)`,
};

async function startPages(onAsk = (): void => undefined) {
  const open = new Set<ServerResponse>();
  /** Pages of which none comes before the other was asked for too. */
  const pair: (() => void)[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    if (name === 'never') return void open.add(response);
    if (name === 'ask') onAsk();
    if (name.startsWith('pair')) {
      pair.push(() => answer(name, response));
      if (pair.length === 2) for (const give of pair) give();
      return;
    }
    answer(name, response);
  }).listen(0, '127.0.0.1');
  const answer = (name: string, response: ServerResponse): void => {
    const script = SCRIPTS[name] ?? '';
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>${name}</title>${TABLE}<script>${script}</script>`);
  };
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      for (const response of open) response.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

test('pages that hold the browser are refused in their time, and leave the others theirs', async () => {
  const pages = await startPages();
  const names = ['loop', 'silent', 'observer', 'good'];
  const crawl = async (timeoutMs: number) => {
    const captures: Capture[] = [];
    const decided: string[] = [];
    const outcomes = await crawlBoards(
      await dependenciesOf((it) => Promise.resolve(void captures.push(it))),
      {
        boards: names.map((id) => ({ id, url: `${pages.url}/${id}` })),
        evidenceFolder: test.info().outputPath('evidence'),
        onOutcome: ({ board }) => void decided.push(board),
      },
      { timeoutMs, deadlineMs: timeoutMs, atOnce: 4, seed: 1 },
    );
    return { outcomes, captures, decided };
  };
  try {
    let it = await crawl(8_000);
    // Two of them keep the machine busy until they are refused: one that was busy before may need longer.
    if (it.outcomes[3]?.status !== 'at_rest') it = await crawl(60_000);
    const { outcomes, captures, decided } = it;

    expect(outcomes.map(({ board }) => board)).toEqual(names);
    for (const outcome of outcomes.slice(0, 3)) {
      expect(outcome).toMatchObject({
        status: 'failed',
        rows: 0,
        error: { code: 'BOARD_UNREACHABLE' },
      });
      expect(outcome.evidence).toBeDefined();
    }
    expect(outcomes[3]).toMatchObject({ status: 'at_rest', rows: 12 });
    expect(captures.map(({ source }) => source)).toEqual(['boards/good']);
    expect(decided[0]).toBe('good');
    expect(decided.toSorted()).toEqual(names.toSorted());
  } finally {
    pages.close();
  }
});

test('a browser that ends is named as what ended', async () => {
  const place = (name: string): string => test.info().outputPath(name);
  const pages = await startPages(() =>
    process.kill(-Number(readFileSync(place('pid'), 'utf8')), 9),
  );
  try {
    const dependencies = await dependenciesOf(() => Promise.resolve());
    const { executablePath, sandbox } = dependencies.browser;
    // It becomes the browser, which has a group of processes of its own.
    const started = place('browser.sh');
    writeFileSync(
      started,
      `#!/bin/sh\necho $$ > '${place('pid')}'\nexec '${executablePath}' "$@"\n`,
      { mode: 0o755 },
    );
    const [outcome] = await crawlBoards(
      { ...dependencies, browser: { executablePath: started, sandbox } },
      {
        boards: [{ id: 'asks', url: `${pages.url}/asks` }],
        evidenceFolder: place('evidence'),
      },
      { timeoutMs: 30_000, deadlineMs: 60_000 },
    );
    expect(outcome?.error?.message).toContain('its browser ended');
  } finally {
    pages.close();
  }
});

test('boards are read side by side on a machine that is busy, too', async () => {
  const pages = await startPages();
  // As Crawlee sees it: each of its looks comes too late.
  const work = setInterval(() => {
    const endMs = performance.now() + 400;
    while (performance.now() < endMs);
  }, 450);
  try {
    const dependencies = await dependenciesOf(() => Promise.resolve());
    const names = ['first', 'pair-1', 'pair-2'];
    const outcomes = await crawlBoards(
      dependencies,
      {
        boards: names.map((id) => ({ id, url: `${pages.url}/${id}` })),
        evidenceFolder: test.info().outputPath('evidence'),
      },
      { timeoutMs: 30_000, deadlineMs: 60_000, atOnce: 2, seed: 1 },
    );
    expect(outcomes.map(({ status }) => status)).toEqual(names.map(() => 'at_rest'));
  } finally {
    clearInterval(work);
    pages.close();
  }
});
