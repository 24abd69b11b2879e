import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEvidence } from '../../src/crawlers/evidence-page.ts';
import { chromiumSandbox, findBrowser } from '../../src/crawlers/browser.ts';
import { startCli } from '../helpers/cli.ts';
import { expect, test } from '../helpers/fixtures.ts';

test('evidence is shown without running, fetching or sending anything', async ({
  folder,
  keep,
  serve,
}) => {
  const asked: string[] = [];
  const host = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  const file = join(folder, 'page.html');
  await writeFile(
    file,
    `<!doctype html><title>evidence</title>
<meta http-equiv="refresh" content="0; url=${host}/refresh">
<link rel="preconnect" href="${host}"><link rel="stylesheet" href="${host}/style">
<script>document.title = 'alive'; fetch('${host}/script')</script>
<body onload="document.title = 'alive'"><p>The table</p>
<img src="${host}/image"><img src="file:///etc/hostname"><iframe src="${host}/frame"></iframe>
<iframe srcdoc="<script>parent.document.title='alive'</script>"></iframe>
<a href="${host}/link">link</a><form action="${host}/form"><button>Send</button></form>`,
  );
  const { executablePath } = await findBrowser({ env: process.env });
  const sandbox = chromiumSandbox({ env: process.env }).on;

  const evidence = await openEvidence([file], {
    browser: { executablePath, sandbox },
    headed: false,
  });
  await keep(evidence.browser);
  const [shown] = evidence.pages;
  if (shown === undefined) throw new Error('no page');
  await expect(shown.getByText('The table')).toBeVisible();
  const image = shown.locator('img').first();
  await expect.poll(() => image.evaluate((it: HTMLImageElement) => it.complete)).toBe(true);
  await shown.getByRole('button', { name: 'Send' }).click();
  await shown
    .getByRole('link', { name: 'link' })
    .click()
    .catch(() => undefined);

  expect(asked).toEqual([]);
});

test('what a browser keeps of a page that is asked for again is gone afterwards', async ({
  folder,
  keep,
  serve,
}) => {
  const url = await serve(({ url: path }, response) =>
    response.writeHead(path === '/robots.txt' ? 404 : 500).end('not yet'),
  );
  const [storage, temporary] = [join(folder, 'storage'), join(folder, 'tmp')];
  const args = ['crawl', 'boards', '--url', url, '--id', 'x', '--storage', storage];
  const { done } = await keep(startCli(args, { TMPDIR: temporary }));
  const { code } = await done;

  expect(code).toBe(3);
  expect(await readdir(temporary)).toEqual([]);
  const [run = ''] = (await readdir(join(storage, 'runs'))).filter((it) => !it.includes('.'));
  expect(await readdir(join(storage, 'runs', run, 'evidence'))).toEqual(['x']);
});
