import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createProgram } from '../../../src/cli/program.ts';
import { readSettings } from '../../../src/config.ts';
import { expect, test } from '../../helpers/fixtures.ts';

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
