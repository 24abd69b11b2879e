import { expect, test } from '@playwright/test';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryBrowser } from '../../../src/crawlers/browser-start.ts';
import {
  chromiumSandbox,
  ensureBrowser,
  findBrowser,
  type RunCommand,
} from '../../../src/crawlers/browser.ts';

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'browser-'));
});
test.afterEach(() => rm(folder, { recursive: true }));

/** A file that may be started, at a path of the folder. */
async function program(...path: string[]): Promise<string> {
  const file = join(folder, ...path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, '#!/bin/sh\n');
  await chmod(file, 0o755);
  return file;
}

const nothing = () => ({
  env: { PATH: join(folder, 'bin') },
  playwrightPath: join(folder, 'none'),
  usualPlaces: [],
});

test.describe('findBrowser', () => {
  test('takes the variable, then Playwright’s own, then the PATH, then the usual places', async () => {
    const [given, own, onPath, usual] = [
      await program('given'),
      await program('own'),
      await program('bin', 'google-chrome'),
      await program('opt', 'chrome'),
    ];
    const env = { PATH: join(folder, 'bin') };
    const all = { env, playwrightPath: own, usualPlaces: [usual] };

    const withVariable = { ...all, env: { ...env, CRAWLEE_DEFAULT_BROWSER_PATH: given } };
    expect(await findBrowser(withVariable)).toEqual({ executablePath: given, kind: 'env' });
    expect(await findBrowser(all)).toEqual({ executablePath: own, kind: 'playwright' });
    const system = { ...all, playwrightPath: join(folder, 'none') };
    expect(await findBrowser(system)).toEqual({ executablePath: onPath, kind: 'system' });
    expect(await findBrowser({ ...system, env: {} })).toEqual({
      executablePath: usual,
      kind: 'system',
    });
  });

  test('takes the one without windows where nobody looks on', async () => {
    const [shell, whole] = [
      await program('bin', 'chromium-headless-shell'),
      await program('bin', 'chromium'),
    ];

    expect(await findBrowser(nothing())).toMatchObject({ executablePath: shell });
    expect(await findBrowser({ ...nothing(), headed: true })).toMatchObject({
      executablePath: whole,
    });
  });

  test('says what is wrong when the variable names no program', async () => {
    const env = { CRAWLEE_DEFAULT_BROWSER_PATH: join(folder, 'gone') };

    await expect(findBrowser({ ...nothing(), env })).rejects.toMatchObject({
      code: 'BROWSER_MISSING',
      message: expect.stringContaining('CRAWLEE_DEFAULT_BROWSER_PATH'),
    });
  });

  test('passes over folders and files that cannot be started', async () => {
    await mkdir(join(folder, 'bin', 'chromium'), { recursive: true });
    await writeFile(join(folder, 'bin', 'google-chrome'), '');

    await expect(findBrowser(nothing())).rejects.toMatchObject({ code: 'BROWSER_MISSING' });
  });
});

test.describe('ensureBrowser', () => {
  const recorder = (on: (command: string, args: readonly string[]) => Promise<boolean>) => {
    const commands: string[] = [];
    const run: RunCommand = (command, args) => {
      commands.push([command === process.execPath ? 'node' : command, ...args.slice(-2)].join(' '));
      return on(command, args);
    };
    return { commands, run };
  };
  const debian = {
    uid: 0,
    osRelease: 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n',
    log: () => undefined,
  };

  test('installs Playwright’s own first', async () => {
    const { commands, run } = recorder(async () => Boolean(await program('none')));

    const found = await ensureBrowser({ ...nothing(), ...debian, run });
    expect(found).toEqual({ executablePath: join(folder, 'none'), kind: 'playwright' });
    expect(commands).toEqual(['node install chromium']);
  });

  test('installs the distribution’s as root on Debian and Ubuntu, after an update if need be', async () => {
    let updated = false;
    const { commands, run } = recorder(async (command, [verb]) => {
      if (command !== 'apt-get') return false;
      if (verb === 'update') return (updated = true);
      return updated && Boolean(await program('bin', 'chromium'));
    });

    const found = await ensureBrowser({ ...nothing(), ...debian, run });
    expect(found).toEqual({ executablePath: join(folder, 'bin', 'chromium'), kind: 'system' });
    expect(commands).toEqual([
      'node install chromium',
      'apt-get -y chromium',
      'apt-get update',
      'apt-get -y chromium',
    ]);
  });

  test('leaves the distribution alone otherwise', async () => {
    const { commands, run } = recorder(() => Promise.resolve(false));
    const missing = {
      code: 'BROWSER_MISSING',
      hint: expect.stringContaining('npx playwright') as unknown,
    };

    await expect(ensureBrowser({ ...nothing(), ...debian, uid: 1000, run })).rejects.toMatchObject(
      missing,
    );
    const fedora = { ...debian, osRelease: 'ID=fedora\n' };
    await expect(ensureBrowser({ ...nothing(), ...fedora, run })).rejects.toMatchObject(missing);
    expect(commands).toEqual(['node install chromium', 'node install chromium']);
  });
});

test('chromiumSandbox is on but for root, and says why', () => {
  expect(chromiumSandbox({ env: {}, uid: 1000 })).toMatchObject({ on: true });
  expect(chromiumSandbox({ env: {}, uid: 0 })).toMatchObject({
    on: false,
    reason: expect.stringContaining('root'),
  });
  const env = { CRAWLEE_DISABLE_BROWSER_SANDBOX: '1' };
  expect(chromiumSandbox({ env, uid: 1000 })).toMatchObject({ on: false });
});

test('tryBrowser starts the browser and says what it is and whether it is sandboxed', async () => {
  const { executablePath } = await findBrowser({ env: process.env });

  const tried = await tryBrowser(executablePath, { env: process.env });

  expect(tried.version).toMatch(/^\d+\./);
  expect(tried.reason).toMatch(/^Chromium's sandbox is (on|off)/);
});

test('tryBrowser refuses a program that is no browser, by its path', async () => {
  const trying = tryBrowser('/bin/true', { env: {} });

  await expect(trying).rejects.toMatchObject({ code: 'BROWSER_FAILED' });
  await expect(trying).rejects.toThrow('/bin/true');
});
