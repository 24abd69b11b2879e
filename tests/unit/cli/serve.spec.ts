import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRuns, saveRun } from '../../../src/pipeline/state.ts';
import { timesOf } from '../../../src/cli/serve/schedule.ts';
import { startCli, UNHURRIED } from '../../helpers/cli.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';
import { startServing, type Served } from '../../helpers/serving.ts';

const TABLES = ['--to', 'jsonl', '--tables', 'usage'];

const test = base.extend<{ served: (...args: string[]) => Promise<Served> }>({
  served: async ({ folder, keep }, use) => {
    const run = ['--sources', 'models', ...TABLES, '--page-size', '10'];
    await use(async (...args) => {
      const serving = await startServing(['--storage', folder, ...run, ...args]);
      await keep({ close: serving.stop });
      return serving;
    });
  },
});

const metric = (text: string, name: string): string | undefined =>
  new RegExp(`^huggingface_etl_${name} (.*)$`, 'm').exec(text)?.[1];

test('runs by time, one at a time; what a signal stopped goes on when it is started again', async ({
  served,
  fewHub: replica,
  folder,
}) => {
  const { url, counters } = replica;
  replica.setFaults([{ kind: 'hang', at: 4 }]);
  const first = await served('--endpoint', url);
  const value = async (name: string) => metric(await first.get('metrics'), name);
  expect([await value('running'), readRuns(folder)]).toEqual(['0', []]);

  first.clock.tick();
  await expect.poll(() => counters.faults).toBe(1);
  expect(await value('running')).toBe('1');
  first.clock.tick();
  await expect.poll(() => value('skipped_total')).toBe('1');
  expect(first.clock.waits.map((it) => it.toISOString())).toEqual([
    ...['2026-11-30T03:00:00.000Z', '2026-12-01T03:00:00.000Z', '2026-12-02T03:00:00.000Z'],
  ]);
  const { code, stderr, stdout } = await first.stop();
  expect([code, stdout]).toEqual([143, '']);
  expect(stderr).toContain('skipped: the run before is still going');
  expect(readRuns(folder)).toMatchObject([
    { run: '20261130t030000z', status: 'interrupted', sources: { models: { pages: 3 } } },
  ]);

  replica.setFaults([]);
  const second = await served('--endpoint', url, '--retry-base', '0');
  await expect.poll(() => second.get('metrics')).toContain('runs_total{exit_code="0"} 1\n');
  const text = await second.get('metrics');
  expect(text).toContain('huggingface_etl_last_run_records{source="models"} 112\n');
  expect(metric(text, 'last_run_exit_code')).toBe('0');
  expect(second.clock.waits.length).toBe(1);
  // A run that fails ends nothing else.
  replica.setFaults([{ kind: '500', at: 1, times: 1000, path: '/api' }]);
  second.clock.tick();
  await expect.poll(() => second.get('metrics')).toContain('runs_total{exit_code="3"} 1\n');
  expect(await second.get('')).toContain('[HTTP_');
  expect((await second.stop()).code).toBe(143);
});

test('a time zone that is misspelt is refused, and is not UTC in silence', async ({
  folder,
  keep,
}) => {
  const args = ['serve', '--port', '0', '--storage', folder];
  const { done } = await keep(startCli(args, { TZ: 'Europe/Brelin' }));

  expect(await done).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('TZ: "Europe/Brelin" is no time zone [CONFIG_INVALID]'),
  });
});

/** Status and headers of an answer, asked as `fetch` would not. */
async function head(url: string, method: string, host?: string) {
  const asked = request(url, { method, ...(host !== undefined && { headers: { host } }) }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return { code: answer.statusCode, headers: answer.headers };
}

test('pages change nothing, are read by names that were allowed only, and hold no markup of others', async ({
  served,
  folder,
  cli,
  fewHub: { url: endpoint },
}) => {
  await cli(['run', '--sources', 'models', ...TABLES, '--endpoint', endpoint]);
  const [run] = readRuns(folder);
  if (run === undefined) throw new Error('no run');
  const message = '<img src=x onerror=alert(1)>';
  saveRun(folder, { ...run, error: { code: 'BUG', message, hint: '' } });
  const { url, get } = await served('--endpoint', endpoint, '--allow-host', 'ETL.example');

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect(await head(url, method), method).toMatchObject({
      ...{ code: 405, headers: { allow: 'GET, HEAD' } },
    });
  const hosts = ['evil.example', 'evil.example:80', 'localhost.evil.example'];
  for (const host of hosts) expect((await head(url, 'GET', host)).code, host).toBe(421);
  for (const host of ['localhost:1', '10.0.0.7', '[::1]:8080', 'etl.example'])
    expect((await head(url, 'HEAD', host)).code, host).toBe(200);
  expect(await get('healthz')).toBe('ok\n');
  expect(await get('')).toContain('&lt;img src=x onerror=alert(1)&gt; [BUG]');
  expect((await head(url, 'GET')).headers['content-security-policy']).toMatch(
    /^default-src 'none'/,
  );
  for (const page of ['report.html', 'lock.json', '../format.json', 'constructor'])
    expect((await head(`${url}${page}`, 'GET')).code, page).toBe(404);
});

test('the newest report is served, and what it links to', async ({
  served,
  folder,
  cli,
  fewHub: { url: endpoint },
}) => {
  for (const text of ['the first', 'the second']) {
    await cli(['run', '--sources', 'models', ...TABLES, '--endpoint', endpoint]);
    const run = readRuns(folder).at(-1)?.run ?? '';
    await mkdir(path.join(folder, 'exports', run), { recursive: true });
    await writeFile(path.join(folder, 'exports', run, 'report.html'), text);
  }
  const { url, get } = await served('--endpoint', endpoint);

  expect(await get('report.html')).toBe('the second');
  expect(await get('')).toContain('href="report.html"');
  const { code, headers } = await head(`${url}report.html`, 'HEAD');
  expect([code, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(headers['content-security-policy']).toContain("default-src 'none'");

  const run = readRuns(folder).at(-1)?.run ?? '';
  // The second run of a second has a number.
  const pictures = [run, '20261130t030000z-2'].map(
    (it) => `runs/${it}/evidence/a-board/screenshot.png`,
  );
  for (const picture of pictures) {
    await mkdir(path.join(folder, path.dirname(picture)), { recursive: true });
    await writeFile(path.join(folder, picture), 'a picture');
  }
  const beside = await readFile(path.join(folder, 'exports', run, 'usage.jsonl.zst'));
  const linked = await fetch(`${url}usage.jsonl.zst`);
  expect(Buffer.from(await linked.arrayBuffer())).toEqual(beside);
  for (const picture of pictures)
    expect(await (await fetch(`${url}${picture}`)).text(), picture).toBe('a picture');
  const none = [`runs/${run}.json`, 'manifest.json', 'none.csv', `exports/${run}/usage.jsonl.zst`];
  const tricks = ['%2e%2e/format.json', 'runs/x/evidence/..%2f..%2fy/screenshot.png'];
  for (const it of [...none, ...tricks])
    expect((await head(`${url}${it}`, 'GET')).code, it).toBe(404);
});

test('what is wrong is said before it serves', async ({ cli, serve }) => {
  const taken = new URL(await serve(() => undefined)).port;
  const wrong = async (...args: string[]) => {
    const { code, stderr } = await cli(['serve', '--port', '0', ...args]);
    expect([code, stderr.includes('[CONFIG_INVALID]')]).toEqual([2, true]);
    return stderr;
  };
  expect(await wrong('--schedule', 'at noon')).toContain('--schedule: "at noon" is no schedule');
  expect(await wrong('--schedule', '0 0 30 2 *')).toContain('has no time to come');
  expect(await wrong('--port', taken)).toContain('EADDRINUSE');
  const next = timesOf('30 4 * * 1');
  expect(next(new Date('2026-11-30T05:00:00Z'))).toEqual(new Date('2026-12-07T04:30:00Z'));
});

test('SIGTERM ends a process that serves: 143, and the state of its run is saved', async ({
  fewHub: replica,
  folder,
  cli,
  keep,
}) => {
  const { url, counters } = replica;
  replica.setFaults([{ kind: '500', at: 4, times: 99 }]);
  const args = ['--sources', 'models', ...TABLES, '--page-size', '10', '--endpoint', url];
  // A run that failed is gone on with at once.
  await cli(['run', ...args, '--retry-base', '0']);
  replica.setFaults([{ kind: 'hang', at: 1 }]);
  const before = counters.faults;
  const serve = ['serve', ...args, '--port', '0', '--storage', folder];
  const process = await keep(startCli(serve, UNHURRIED));
  await expect.poll(() => counters.faults).toBe(before + 1);
  process.child.kill('SIGTERM');

  expect((await process.done).code).toBe(143);
  expect(readRuns(folder)).toMatchObject([{ status: 'interrupted', failedBefore: true }]);
});
