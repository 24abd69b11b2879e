import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';

test('commands that do not crawl do not wait for Crawlee to be loaded', () => {
  const names = ['backfill', 'boards', 'export', 'prune', 'query', 'releases', 'report', 'status'];
  const commands = names.map(
    (it) => new URL(`../../../src/cli/commands/${it}.ts`, import.meta.url).href,
  );
  const program = `import { createRequire } from 'node:module';
    for (const command of ${JSON.stringify(commands)}) await import(command);
    const loaded = Object.keys(createRequire('${import.meta.url}').cache);
    console.log(JSON.stringify(loaded.map((it) => /node_modules.@crawlee/.test(it))));`;
  const args = ['--input-type=module', '--eval', program];

  const loaded = JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8' }),
  ) as boolean[];

  expect([...new Set(loaded)]).toEqual([false]);
});
