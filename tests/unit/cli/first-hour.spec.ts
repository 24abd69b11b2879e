import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { hasColour } from '../../../src/cli/io.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { readSettings } from '../../../src/config.ts';
import { expectedRecords } from '../../../src/pipeline/forecast.ts';
import { createLog } from '../../../src/log.ts';
import { expect, test } from '../../helpers/fixtures.ts';
import { stopAtFault } from '../../helpers/pipeline.ts';

/** What somebody meets in the first hour. */
interface Setting {
  setting: string;
  value: unknown;
  origin: string;
  variable: string;
}

const settingsIn = (stdout: string): Record<string, Setting> => {
  const { settings } = JSON.parse(stdout) as { settings: Setting[] };
  return Object.fromEntries(settings.map((it) => [it.setting, it]));
};

test('the bare command helps, and help of a command has the options of all', async ({ cli }) => {
  const bare = await cli([]);
  expect(bare).toMatchObject({ code: 0, stderr: '' });
  expect(bare.stdout).toMatch(/^Usage: huggingface-etl[\s\S]*Exit codes:/);
  expect((await cli(['boards', 'check', '--help'])).stdout).toMatch(/Global Options:[\s\S]*--json/);
});

test('each setting is a flag, a variable and a key, and is shown with where it is from', async ({
  cli,
  folder,
}) => {
  const file = path.join(folder, 'huggingface-etl.config.json');
  await writeFile(file, '{"limit": 5, "to": ["csv"], "pageSize": 7}');
  const env = {
    ...{ HUGGINGFACE_ETL_LIMIT: '6', HUGGINGFACE_ETL_FRESH: 'true', HF_ENDPOINT: 'http://a' },
    ...{ HUGGINGFACE_ETL_ENDPOINT: 'http://127.0.0.1:9', HF_TOKEN: 'hf_secretsecret' },
    ...{ HUGGINGFACE_ETL_NOTIFY: 'https://hooks.example/secret', HUGGINGFACE_ETL_JSON: '1' },
    HUGGINGFACE_ETL_PORT: 'tcp://10.0.0.1:80', // of Kubernetes
  };
  const { code, stdout } = await cli(['config', 'show', '--log-level', 'warn'], { env, folder });

  expect(code).toBe(0);
  expect(stdout).not.toContain('secret');
  expect(settingsIn(stdout)).toMatchObject({
    limit: { value: 6, origin: 'HUGGINGFACE_ETL_LIMIT' },
    fresh: { value: true, origin: 'HUGGINGFACE_ETL_FRESH' },
    to: { value: ['csv'], origin: 'huggingface-etl.config.json' },
    pageSize: { value: 7, origin: 'huggingface-etl.config.json' },
    logLevel: { value: 'warn', origin: '--log-level' },
    endpoint: { value: 'http://127.0.0.1:9', origin: 'HUGGINGFACE_ETL_ENDPOINT' },
    port: { value: 8080, origin: 'default' },
    notify: { value: '(set, not shown)', origin: 'HUGGINGFACE_ETL_NOTIFY' },
    token: { value: '(set, not shown)', origin: 'HF_TOKEN' },
  });
  const program = createProgram({ stdout: process.stdout }, () => Promise.resolve());
  const commands = program.commands.flatMap((it) => [it, ...it.commands]);
  const flags = [program, ...commands].flatMap((it) => it.options.map((it) => it.attributeName()));
  const { origins } = readSettings({ flags: {}, env: {}, folder: '/' });
  expect(Object.keys(origins).filter((it) => !flags.includes(it))).toEqual(['token']);
});

test('a wrong setting is named as it was given, with its value', async ({ cli, folder }) => {
  await writeFile(path.join(folder, 'huggingface-etl.config.json'), '{"pageSize": "many"}');
  const env = { HUGGINGFACE_ETL_PARTS: '99', HUGGINGFACE_ETL_NOTIFY: 'ftp://s3cret' };
  const { code, stderr } = await cli(['run', '--limit', 'abc'], { env, folder });

  expect(code).toBe(2);
  expect(stderr).toContain('--limit: "abc": no number');
  expect(stderr).toContain('HUGGINGFACE_ETL_PARTS: "99": ');
  expect(stderr).toContain('huggingface-etl.config.json, pageSize: "many": no number');
  expect(stderr).toContain('HUGGINGFACE_ETL_NOTIFY: its value: ');
  expect(stderr).not.toContain('s3cret');

  const empty = await cli(['prune', '--keep-runs', '']);
  expect(empty).toMatchObject({ code: 2, stdout: '' });
  expect(empty.stderr).toContain('--keep-runs: "": empty');
});

test('a settings file that is no JSON says where, and shows nothing of it; a mark of encoding is none', async ({
  cli,
  folder,
}) => {
  const said = async (text: string): Promise<string> => {
    await writeFile(path.join(folder, 'huggingface-etl.config.json'), text);
    const { code, stdout, stderr } = await cli(['config', 'show', '--json'], { folder });
    return code === 0 ? String(settingsIn(stdout)['limit']?.value) : stderr;
  };

  expect(await said('\uFEFF{"limit": 7}')).toBe('7');
  expect(await said('{\n  "limit": 7,\n}')).toContain('(line 3 column 1) [CONFIG_INVALID]');
  expect(await said('{\n  // mine\n  "limit": 7}')).toContain('(line 2 column 3)');
  const token = await said('{"notify": "https://s3cret",\n"quiet": yes,\n"limit": 7}');
  expect(token).toContain("is no JSON: Unexpected token 'y' (line 2 column 10)");
  expect(token).not.toContain('s3cret');
  expect(await said('[7]')).toContain('config.json is no JSON object');
});

test('what is no number is none: true and false are not 1 and 0', async ({ cli, folder }) => {
  for (const value of ['true', '[7]', '" "', 'null']) {
    for (const name of ['limit', 'minRows']) {
      await writeFile(path.join(folder, 'huggingface-etl.config.json'), `{"${name}": ${value}}`);
      const { code, stderr } = await cli(['config', 'show'], { folder });
      expect([code, stderr]).toEqual([2, expect.stringContaining(`config.json, ${name}: `)]);
    }
  }
});

test('a variable that is misspelt is told, one that Kubernetes sets is not', async ({ cli }) => {
  const env = { HUGGINGFACE_ETL_NOTFY: 'x', HUGGINGFACE_ETL_SERVICE_HOST: '::1' };
  const { code, stderr } = await cli(['config', 'show'], { env });

  expect(code).toBe(0);
  expect(stderr).toContain('HUGGINGFACE_ETL_NOTFY');
  expect(stderr).not.toContain('SERVICE_HOST');
});

test('a list that is given twice is one list, and what is named twice is one thing', async ({
  cli,
}) => {
  const run = ['run', '--sources', 'tags', '--sources', 'models,tags', '--to', 'csv', '--dry-run'];
  const told = JSON.parse((await cli([...run, '--json'])).stdout) as { sources: object[] };
  expect(told.sources).toMatchObject([{ source: 'tags' }, { source: 'models' }]);

  const crawl = await cli(['crawl', 'models', '--sources', 'tags', '--dry-run', '--json']);
  expect(crawl.stdout).toMatch(/"models"[^]*"tags"/);
  expect((await cli(['run', '--board', 'bfcl', '--board', 'none'])).stderr).toContain('board none');
});

test('an address of the Hub is the same with a slash at its end', () => {
  const endpointOf = (endpoint: string): string =>
    readSettings({ flags: { endpoint }, env: {}, folder: '/' }).config.endpoint;

  expect(endpointOf('http://hub.example//')).toBe(endpointOf('http://hub.example'));
  expect(endpointOf('http://hub.example/mirror/')).toBe('http://hub.example/mirror');
});

test('a storage whose name is misspelt is not made by who only works in one', async ({
  cli,
  folder,
}) => {
  const storage = path.join(folder, 'misspelt');
  for (const args of [['export'], ['load'], ['prune'], ['report'], ['backfill', folder]]) {
    const { code, stderr } = await cli([...args, '--storage', storage]);
    const said = expect.stringContaining(`There is no storage in ${storage} [EXPORT_MISSING]`);
    expect([...args, code, stderr]).toEqual([...args, 2, said]);
  }
  expect(existsSync(storage)).toBe(false);
});

/** Asks each shell for what may follow, as its own machinery does. */
const ASK: Record<string, (words: readonly string[]) => string> = {
  bash: (words) => `COMP_WORDS=(huggingface-etl ${words.join(' ')}); COMP_CWORD=${words.length}
_huggingface_etl; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words) => `words=(huggingface-etl ${words.join(' ')}); CURRENT=${words.length + 1}
_files() {}; compadd() { shift; print -l -- "$@" }; _huggingface_etl`,
  fish: (words) => `complete -C 'huggingface-etl ${words.join(' ')}'`,
};

for (const [shell, ask] of Object.entries(ASK)) {
  test(`${shell} completes commands and flags`, async ({ cli }) => {
    test.skip(spawnSync(shell, ['-c', ':']).error !== undefined, `no ${shell} here`);
    const { code, stdout } = await cli(['completion', shell]);
    expect(code).toBe(0);
    const script = shell === 'zsh' ? `compdef() {}; ${stdout}` : stdout;
    const answers = (...words: string[]): string[] => {
      const { stdout: said, stderr } = spawnSync(shell, ['-c', `${script}\n${ask(words)}`], {
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      return said.split('\n').map((it) => it.split('\t')[0] ?? '');
    };

    expect(answers('bo')).toContain('boards');
    expect(answers('boards', 'ch')).toContain('check');
    expect(answers('boards', 'check', '--ver')).toContain('--verify');
    expect(answers('--json', 'run', '--lim')).toContain('--limit');
    expect(answers('run', '--q')).toContain('--quiet');
    expect(answers('status', '--')).not.toContain('--limit');
  });
}

test('a shell that is none is said so', async ({ cli }) => {
  const { code, stderr } = await cli(['completion', 'tcsh']);
  expect([code, stderr.includes('bash, zsh and fish')]).toEqual([2, true]);
});

interface Forecast {
  resumes: string | null;
  sources: { source: string; walk: string | null; requests: number | null; from: string }[];
  requests: number;
  tables: string[];
  disk: { neededBytes: number };
}

test('run --dry-run asks nobody, and tells what earlier runs counted', async ({
  cli,
  fewHub: replica,
  folder,
}) => {
  const run = ['run', '--sources', 'models,tags', '--page-size', '10', '--json'];
  const at = [...run, '--to', 'jsonl', '--endpoint', replica.url];
  const dry = async (): Promise<Forecast> => {
    const asked = replica.requests.length;
    const { code, stdout, stderr } = await cli([...at, '--dry-run']);
    expect([code, stderr, replica.requests.length]).toEqual([0, '', asked]);
    return JSON.parse(stdout) as Forecast;
  };
  const first = await dry();
  expect(existsSync(path.join(folder, 'runs'))).toBe(false);
  expect(first).toMatchObject({
    resumes: null,
    sources: [
      { source: 'models', walk: 'full', requests: 321_500, from: 'known figures' },
      { source: 'tags', requests: 2 },
    ],
  });
  expect(first.tables).toContain('core_model');
  expect(first.tables).not.toContain('hub_datasets');

  const done = JSON.parse((await cli(at)).stdout) as { run: string };
  // What the time left is told from.
  const flags = { storage: folder, endpoint: replica.url };
  const settings = (more: object) =>
    readSettings({ flags: { ...flags, ...more }, env: {}, folder: '/' }).config;
  expect(expectedRecords(settings({}), 'run')).toMatchObject({ models: 112 });
  expect(expectedRecords(settings({ limit: 5 }), 'run')).toMatchObject({ models: 5 });
  expect(expectedRecords(settings({ author: 'x' }), 'run')).toEqual({});
  const before = replica.requests.length;
  const next = await dry();
  expect(next.sources[0]).toMatchObject({ walk: 'light', from: `run ${done.run}` });
  expect(next.disk.neededBytes).toBeGreaterThan(0);
  expect((await cli(at)).code).toBe(0);
  // The probe of fields and the proof of each end come on top.
  expect(Math.abs(replica.requests.length - before - next.requests)).toBeLessThanOrEqual(6);
});

test('after Ctrl-C the last line says how to go on; --quiet says no more than what is wrong', async ({
  cli,
  fewHub,
}) => {
  fewHub.setFaults([{ kind: 'hang', at: 4 }]);
  const run = ['run', '--sources', 'models', '--to', 'jsonl', '--page-size', '10'];
  const at = ['--endpoint', fewHub.url];
  const start = (signals: object) => cli([...run, ...at], signals);
  const { code, stderr } = await stopAtFault(fewHub, start, 'SIGINT');
  expect(code).toBe(130);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/the same command goes on where it stopped$/);

  expect(await cli([...run, ...at, '--quiet'])).toEqual({
    ...{ code: 0, stdout: '', stderr: '' },
  });
});

test('a person hears once of what is wrong; who reads the log apart hears it there too', async ({
  cli,
  fewHub: { url },
  serve,
}) => {
  const none = await serve((_, response) => response.writeHead(404).end());
  const run = ['run', '--sources', 'models', '--endpoint', url, '--tables', 'core_model'];
  const pretty = ['--log-format', 'pretty'];
  const times = (text: string, { stdout, stderr }: { stdout: string; stderr: string }): number =>
    (stdout + stderr).split(text).length - 1;
  for (const isTerminal of [true, false]) {
    const warned = await cli([...run, '--fresh', ...pretty], { isTerminal });
    expect([warned.code, times('the newest change is of', warned)]).toEqual([
      0,
      isTerminal ? 1 : 2,
    ]);
    const failed = await cli([...run.with(4, none), '--fresh', ...pretty], { isTerminal });
    expect([failed.code, times('[HTTP_STATUS]', failed)]).toEqual([3, isTerminal ? 1 : 3]);
    expect(failed.stderr).not.toMatch(/^\s+at /m); // no stack of what is no bug
  }
});

test('a hint leads somewhere; schema --json is one object', async ({ cli }) => {
  const none = await cli(['query', 'SELECT 1']);
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toMatch(/WAREHOUSE_MISSING[\s\S]*`run` makes it/);
  const crawled = await cli(['load']);
  expect(crawled.stderr).toMatch(/EXPORT_MISSING[\s\S]*then `export`, then `load`/);
  for (const misspelt of [
    ['schema', 'usages'],
    ['run', '--tables', 'usages'],
  ])
    expect((await cli(misspelt)).stderr).toMatch(/no table usages; there are .*\busage\b/);
  const schema = JSON.parse((await cli(['schema', 'usage', '--json'])).stdout) as object;
  expect(schema).toMatchObject({ tables: { usage: { properties: { downloads: {} } } } });
});

test('colour is for terminals, and not where NO_COLOR is set', () => {
  const said = (env: Record<string, string>): string => {
    let text = '';
    const stderr = Object.assign(new Writable(), { isTTY: true });
    stderr._write = (chunk, _encoding, done) => ((text += String(chunk)), done());
    const log = createLog({
      ...{ level: 'info', format: 'pretty', colour: hasColour({ stderr, env }) },
      ...{ redact: (it) => it, write: (it) => void stderr.write(it) },
    });
    log.warn('of \u001b[2J others');
    return text;
  };
  expect(said({})).toMatch(/\] \u001b\[33mWARN\u001b\[39m: of [^\u001b]*others/);
  expect(said({ NO_COLOR: '1' })).toMatch(/\] WARN: of [^\u001b]*others/);
});
