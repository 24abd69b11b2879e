import type { ServerResponse } from 'node:http';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunReport } from '../../src/pipeline/report.ts';
import { findBrowser } from '../../src/crawlers/browser.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { tableOf } from './table-page.ts';

const TABLE = tableOf(12);

const html = (response: ServerResponse, body: string): void => {
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>${body}`);
};

const boardOf = (stdout: string) => {
  const { sources } = JSON.parse(stdout) as RunReport; // as `--json` promises
  return sources.boards?.['x'];
};

for (const way of ['302', 'script', 'while it is read']) {
  test(`a board that goes to another origin (${way}) is drift, and nothing of it is taken`, async ({
    serve,
    cli,
  }) => {
    const other = await serve((_request, response) => html(response, TABLE));
    const go = `location.href = '${other}/'`;
    const board = await serve((_request, response) => {
      if (way === '302') response.writeHead(302, { location: `${other}/` }).end();
      else if (way === 'script') html(response, `<script>${go}</script>`);
      else html(response, `${TABLE}<script>setTimeout(() => { ${go} }, 400)</script>`);
    });
    const { code, stdout } = await cli(['crawl', 'boards', '--url', board, '--id', 'x', '--json']);

    expect(code).toBe(4);
    expect(boardOf(stdout)).toMatchObject({ status: 'drifted', rows: 0 });
  });
}

test('a dialog and a second window hold no board, a download is ended, no secret is there', async ({
  folder,
  serve,
  cli,
}) => {
  const asked: string[] = [];
  let sentMb = 0;
  const board = await serve((request, response) => {
    asked.push(request.url ?? '');
    if (request.url !== '/file.bin') {
      const tricks = `alert(1); open('/second'); location.href = '/file.bin';`;
      return html(response, `${TABLE}<script>${tricks}</script>`);
    }
    response.writeHead(200, { 'content-disposition': 'attachment; filename="file.bin"' });
    // Without end, as fast as it is taken.
    const send = (): void => {
      while (response.write(Buffer.alloc(1_000_000))) sentMb += 1;
      sentMb += 1;
    };
    response.on('drain', send);
    send();
  });
  const { executablePath } = await findBrowser({ env: process.env });
  const wrapper = path.join(folder, 'browser.sh');
  await writeFile(
    wrapper,
    `#!/bin/sh\nenv >> "${folder}/env.txt"\nexec "${executablePath}" "$@"\n`,
  );
  await chmod(wrapper, 0o755);
  const env = {
    ...{ CRAWLEE_DEFAULT_BROWSER_PATH: wrapper, HF_TOKEN: 'hf_secretsecret' },
    GOOGLE_APPLICATION_CREDENTIALS: '/secret/key.json',
  };
  const args = ['crawl', 'boards', '--url', board, '--id', 'x', '--json'];
  const { code, stdout, stderr } = await cli(args, { env });

  expect(code, stderr).toBe(0);
  expect(boardOf(stdout)).toMatchObject({ status: 'at_rest', rows: 12 });
  expect(asked).toContain('/file.bin');
  const seen = await readFile(path.join(folder, 'env.txt'), 'utf8');
  expect(seen).toContain('PATH=');
  expect(seen).not.toMatch(/secret/);
  expect(sentMb).toBeLessThan(50);
});
