import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../../helpers/fixtures.ts';

const DOCKERFILE = readFileSync(new URL('../../../Dockerfile', import.meta.url), 'utf8');
const [, CHECK = ''] = /^HEALTHCHECK [^]*?\bCMD (.*)$/m.exec(DOCKERFILE) ?? [];

/** The check as the image has it, but of the first process of a test and of another port. */
const exitCode = (commandLine: string, url: string): Promise<number> => {
  const command = CHECK.replace('/proc/1/cmdline', commandLine).replace('8080', new URL(url).port);
  const env = { PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}` };
  return new Promise((resolve) => {
    const child = execFile('sh', ['-c', command], { env });
    child.on('close', (code) => resolve(code ?? -1));
  });
};

test('the health check of the image tells a server that serves from one that fails, hangs or is not there', async ({
  serve,
  folder,
}) => {
  const answers: Record<string, number> = { '/healthz': 200 };
  const url = await serve(({ url: asked = '' }, response) => {
    if (answers[asked] !== 0) response.writeHead(answers[asked] ?? 404).end();
  });
  const commandLine = path.join(folder, 'cmdline');
  const started = (...words: string[]) => writeFile(commandLine, [...words, ''].join('\0'));
  const ask = () => exitCode(commandLine, url);

  await started('tini', '--', 'node', 'huggingface-etl.js', 'run', '--out', '/serve');
  answers['/healthz'] = 503;
  expect(await ask()).toBe(0); // nothing to ask
  await started('tini', '--', 'node', 'huggingface-etl.js', 'serve', '--host', '0.0.0.0');
  expect(await ask()).toBe(1);
  answers['/healthz'] = 200;
  expect(await ask()).toBe(0);
  expect(await exitCode(commandLine, 'http://127.0.0.1:9')).toBe(1);

  // It ends by itself, before Docker's --timeout.
  answers['/healthz'] = 0;
  expect(await ask()).toBe(1);
});
