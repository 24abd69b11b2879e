import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RunReport } from '../../../src/pipeline/report.ts';
import { preloaded, startCli, UNHURRIED, type StartedCli } from '../../helpers/cli.ts';
import { expect, test as base } from '../../helpers/fixtures.ts';

/** What only a process of its own shows: exit codes, signals and pipes. All else runs in this one. */
const MODELS = ['crawl', 'models', '--json', '--page-size', '10'];

const test = base.extend<{ hanging: (env?: Record<string, string>) => Promise<StartedCli> }>({
  /** A run whose fourth page never comes. */
  hanging: async ({ folder, fewHub, keep }, use) => {
    await use(async (env) => {
      fewHub.setFaults([{ kind: 'hang', at: 4 }]);
      const args = [...MODELS, '--storage', folder, '--endpoint', fewHub.url];
      const run = await keep(startCli(args, env));
      await expect.poll(() => fewHub.counters.faults).toBe(1);
      return run;
    });
  },
});

test('its exit code is that of the command', async ({ keep }) => {
  const help = await (await keep(startCli([]))).done;
  const wrong = await (await keep(startCli(['no-such-command']))).done;

  expect([help.code, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(/^Usage: huggingface-etl/);
  expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  expect(wrong.stderr).toContain('[CONFIG_INVALID]');
});

test('Windows and a Node.js that is too old are refused before anything is loaded', () => {
  const main = fileURLToPath(new URL('../../../bin/huggingface-etl.js', import.meta.url));
  const refused = (change: string, code: string): void => {
    const args = ['--import', `data:text/javascript,${change}`, main, '--version'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^huggingface-etl [^\n]+ \\[${code}\\]\n$`));
  };
  refused("Object.defineProperty(process,'platform',{value:'win32'})", 'PLATFORM_REFUSED');
  refused("Object.defineProperty(process.versions,'node',{value:'22.18.0'})", 'NODE_TOO_OLD');
});

test('what `npx` starts runs the sources of a checkout, also beside an older build', async ({
  folder,
}) => {
  const said = promisify(execFile);
  const bin = new URL('../../../bin', import.meta.url).pathname;
  await cp(bin, path.join(folder, 'bin'), { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  const [source, built] = [path.join(folder, 'src'), path.join(folder, 'dist/src')];
  for (const it of [source, built]) await mkdir(it, { recursive: true });
  await writeFile(
    path.join(source, 'main.ts'),
    "const what: string = 'source';\nconsole.log(what)",
  );
  await writeFile(path.join(built, 'main.js'), "console.log('built')");
  const start = [path.join(folder, 'bin/huggingface-etl.js')];
  const options = { env: { TMPDIR: folder } };

  expect((await said(process.execPath, start, options)).stdout).toBe('source\n');
  await rm(source, { recursive: true });
  expect((await said(process.execPath, start, options)).stdout).toBe('built\n');
});

test('it needs no other program: none may be on the machine', async ({ folder, fewHub, keep }) => {
  const args = [...MODELS, '--storage', folder, '--endpoint', fewHub.url];
  const { code, stderr } = await (await keep(startCli(args, { PATH: folder }))).done;

  expect(stderr).not.toContain('ENOENT');
  expect(code).toBe(0);
});

test('SIGTERM stops it though a request hangs and nobody reads its log: 143, and the state is saved', async ({
  hanging,
}) => {
  const { child, done } = await hanging(UNHURRIED);
  child.stderr?.destroy(); // as Ctrl-C leaves it that ended `tee`, too
  child.kill('SIGTERM');
  const { code, stdout } = await done;

  expect(code).toBe(143);
  const report = JSON.parse(stdout) as RunReport; // as --json promises
  expect(report).toMatchObject({ status: 'interrupted', sources: { models: { pages: 3 } } });
});

test('SIGTERM ends it though it is busy for ever when it is told to stop', async ({ hanging }) => {
  const busy = `process.once('SIGTERM', () => setImmediate(() => { for (;;); }))`;
  const { child, done } = await hanging(preloaded(busy));
  child.kill('SIGTERM');

  // By the signal itself, which a shell tells as 143.
  expect((await done).signal).toBe('SIGTERM');
});

test('a second SIGINT ends it at once, whatever it waits for', async ({ hanging }) => {
  const { child, done } = await hanging();
  const { stderr } = child;
  child.kill('SIGINT');
  if (stderr) await once(stderr, 'data'); // it says that it is stopping
  child.kill('SIGINT');

  expect((await done).signal).toBe('SIGINT');
});

test('a reader that has seen enough closes the pipe, which is no failure', async ({
  loaded,
  keep,
}) => {
  const sql = 'SELECT repeat(chr(120), 1000) FROM range(100000)';
  const query = await keep(startCli(['query', sql, '--storage', loaded]));
  const { stdout } = query.child;
  if (stdout) await once(stdout, 'data');
  stdout?.destroy();
  const { code, stderr } = await query.done;

  expect([code, stderr]).toEqual([0, '']);
});

test('a command that fails has failed though nobody reads what it prints', async ({
  folder,
  keep,
}) => {
  const load = await keep(startCli(['load', '--json', '--storage', folder]));
  load.child.stdout?.destroy();

  expect(await load.done).toMatchObject({ code: 2, stdout: '' });
});

test('SIGTERM stops an export: 143, and no bug is told', async ({ fewHub: { url }, cli }) => {
  const crawl = await cli(['crawl', 'models', '--endpoint', url]);
  const stopped = await cli(['export'], { signal: AbortSignal.abort('SIGTERM') });

  expect([crawl.code, stopped.code]).toEqual([0, 143]);
  expect(stopped.stderr).not.toContain('BUG');
});
