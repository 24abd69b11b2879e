import { readFileSync } from 'node:fs';
import { startCli } from '../helpers/cli.ts';
import { expect, test } from '../helpers/fixtures.ts';

const childrenOf = (pid: number | undefined): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

function isAlive(pid: number): boolean {
  try {
    // What has ended and nobody has asked for is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('SIGTERM ends a crawl of boards that is busy for ever, and its browser with a page that is', async ({
  folder,
  keep,
  serve,
}) => {
  test.skip(process.platform !== 'linux', 'looks into /proc');
  let asked = 0;
  const url = await serve(({ url: path }, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      '<!doctype html><script>fetch("/looping"); setTimeout(() => { for (;;); })</script>',
    );
    if (path === '/looping') asked += 1;
  });
  const busy = `process.once('SIGTERM', () => setImmediate(() => { for (;;); }))`;
  const env = { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(busy)}"` };
  const args = ['crawl', 'boards', '--url', url, '--storage', folder];
  const { child, done } = await keep(startCli(args, env));
  await expect.poll(() => asked, { timeout: 0 }).toBe(1);
  const browsers = childrenOf(child.pid);
  child.kill('SIGTERM');

  expect((await done).signal).toBe('SIGTERM');
  expect(browsers.length).toBeGreaterThan(0);
  await expect.poll(() => browsers.filter(isAlive), { timeout: 0 }).toEqual([]);
});
